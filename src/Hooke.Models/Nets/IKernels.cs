using System.Runtime.Intrinsics;

namespace Hooke.Models.Nets;

/// <summary>Non-linearities between layers.</summary>
public enum Activation
{
    /// <summary>max(0, z).</summary>
    Relu,
    /// <summary>tanh z.</summary>
    Tanh,
    /// <summary>1/(1 + e⁻ᶻ).</summary>
    Sigmoid,
}

/// <summary>
/// Single-threaded inner loops. Every implementation does the same IEEE operations in the same order on each element, so
/// products have the same bits on any vector width.
/// </summary>
internal unsafe interface IKernels
{
    /// <summary>
    /// C = s·S + Σ_p a(·, p) b(p, ·): a product of a rows×depth matrix with a depth×columns one. A is read element by element
    /// with any two strides, so the same loop multiplies by A and by its transpose.
    /// </summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="columns">Columns of B and C: 32 or 16, a panel's padded width.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="a">A; element (r, p) is a[r·aRow + p·aStep].</param>
    /// <param name="aRow">Stride of A's rows.</param>
    /// <param name="aStep">Stride of A's columns.</param>
    /// <param name="b">B; row p starts at b + p·bRow.</param>
    /// <param name="bRow">Stride of B's rows.</param>
    /// <param name="c">C; row r starts at c + r·cRow.</param>
    /// <param name="cRow">Stride of C's rows.</param>
    /// <param name="start">S, or null for zero; may be C itself.</param>
    /// <param name="startRow">Stride of S's rows; 0 to add one row to all.</param>
    /// <param name="scale">s.</param>
    void Multiply(int rows, int columns, int depth, float* a, nint aRow, nint aStep, float* b, nint bRow, float* c, nint cRow, float* start, nint startRow, float scale);

    /// <summary>sums[j] = Σ_r a(r, j), for a multiple of 16 columns.</summary>
    void SumRows(int rows, int columns, float* a, nint aRow, float* sums);

    /// <summary>to[i] = s·from[i] + t, over bytes.</summary>
    void Standardize(byte* from, float* to, int count, float s, float t);

    /// <summary>z ← f(z), for a multiple of 16 elements.</summary>
    void Activate(Activation activation, float* z, int count);

    /// <summary>
    /// z ← f(z), for a multiple of 16 elements; writes the slope df/dz. With <paramref name="masked"/>, slope holds dropout's
    /// factors at first and both results are multiplied by them.
    /// </summary>
    void Activate(Activation activation, float* z, float* slope, int count, bool masked);

    /// <summary>a ← a·b element by element, for a multiple of 16 elements.</summary>
    void MultiplyInPlace(float* a, float* b, int count);

    /// <summary>z ← eᶻ, for a multiple of 16 elements.</summary>
    void Exponentiate(float* z, int count);
}

/// <summary>The kernel sets.</summary>
internal static class Kernels
{
    /// <summary>Vectors of 512 bits.</summary>
    public static IKernels Wide512 { get; } = new VectorKernels<Lanes512, Vector512<float>>();

    /// <summary>Vectors of 256 bits.</summary>
    public static IKernels Wide256 { get; } = new VectorKernels<Lanes256, Vector256<float>>();

    /// <summary>No vectors: the reference.</summary>
    public static IKernels Scalar { get; } = new ScalarKernels();

    /// <summary>The fastest on this machine.</summary>
    public static IKernels Best { get; } = Vector512.IsHardwareAccelerated ? Wide512 : Wide256;
}
