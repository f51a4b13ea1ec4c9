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

    /// <summary>
    /// C(r, ·) = S + Σ_s Σ_k a[from[r] + s·segment + k] b(s·run + k, ·) over segments s and elements k of a run: a product of windows
    /// with weights that reads the windows where they lie. Rows are in any place, in any order.
    /// </summary>
    /// <param name="count">Windows, a multiple of 8.</param>
    /// <param name="columns">Columns of B and C, 32 or 16; B's rows follow each other without gaps.</param>
    /// <param name="segments">Runs in a window.</param>
    /// <param name="run">Neighboring elements in a run.</param>
    /// <param name="segment">From one run to the next.</param>
    /// <param name="a">What the windows look at.</param>
    /// <param name="from">Where each window starts.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C; row r starts at c + to[r].</param>
    /// <param name="to">Where C's rows start.</param>
    /// <param name="start">S, added to all rows; null to add C itself.</param>
    void Gather(int count, int columns, int segments, int run, nint segment, float* a, int* from, float* b, float* c, int* to, float* start);

    /// <summary>
    /// C(r, ·) = s·S(r, ·) + Σ_p a[from[p] + r] d(p, ·): the derivative by the weights of one run, summed over windows p.
    /// </summary>
    /// <param name="rows">Rows of C; elements of a run. Up to seven elements behind a run are read too.</param>
    /// <param name="columns">Columns of C, 32 or 16; rows of C, S and D follow each other without gaps.</param>
    /// <param name="count">Windows.</param>
    /// <param name="a">What the windows look at.</param>
    /// <param name="from">Where each window starts.</param>
    /// <param name="d">D, derivatives by the outputs.</param>
    /// <param name="c">C.</param>
    /// <param name="start">S, or null for zero; may be C itself.</param>
    /// <param name="scale">s.</param>
    void Scatter(int rows, int columns, int count, float* a, int* from, float* d, float* c, float* start, float scale);

    /// <summary>Maxima over windows side by side in one row: c(p, ·) = max over the window at a + p·step.</summary>
    /// <param name="windows">Windows p.</param>
    /// <param name="channels">Channels; neighboring pixels are so far apart.</param>
    /// <param name="size">Height and width of a window.</param>
    /// <param name="a">The first window.</param>
    /// <param name="row">From one row of pixels to the next.</param>
    /// <param name="step">From one window to the next.</param>
    /// <param name="c">Maxima; window after window.</param>
    /// <param name="index">Receives the place of the first maximum in its window, counted row by row.</param>
    /// <param name="rectify">Whether to take the maximum with zero too; the index is −1 where it is taken.</param>
    void Pool(int windows, int channels, int size, float* a, nint row, nint step, float* c, float* index, bool rectify);

    /// <summary>Adds derivatives by maxima to the elements that were greatest: the transpose of <see cref="Pool"/>.</summary>
    /// <param name="windows">Windows p.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="size">Height and width of a window.</param>
    /// <param name="c">Derivatives by the maxima.</param>
    /// <param name="index">Their places.</param>
    /// <param name="a">Receives the derivatives by the first window's elements.</param>
    /// <param name="row">From one row of pixels to the next.</param>
    /// <param name="step">From one window to the next.</param>
    /// <param name="overlapping">Whether to add to what there is; else it is overwritten.</param>
    void Unpool(int windows, int channels, int size, float* c, float* index, float* a, nint row, nint step, bool overlapping);

    /// <summary>
    /// d ← d·f′ for a multiple of 16 elements, given the values f of the activation; nothing below <see cref="Kernels.Least"/>.
    /// </summary>
    void Descend(Activation activation, float* d, float* f, int count);

    /// <summary>
    /// Binary cross-entropy of σ(z) and t for a multiple of 16 elements: losses ← max(z, 0) − z·t + log(1 + e^−|z|),
    /// z ← factor·(σ(z) − t), nothing below <see cref="Kernels.Least"/>.
    /// </summary>
    void Bernoulli(float* z, float* t, float* losses, int count, float factor);

    /// <summary>sums[j] = Σ_r a(r, j), for a multiple of 16 columns. Four rows at a time go to four sums, which are added at the end.</summary>
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
    /// <summary>
    /// Activations and derivatives below this become zero. Those that vanish, through many steps of a recurrent net, in saturated sigmoids or as
    /// improbable classes, would end as subnormal numbers, which slow the products down a hundredfold; what is left is far enough from them for
    /// its products.
    /// </summary>
    public const float Least = 1e-30f;

    /// <summary>Vectors of 512 bits.</summary>
    public static IKernels Wide512 { get; } = new VectorKernels<Lanes512, Vector512<float>>();

    /// <summary>Vectors of 256 bits.</summary>
    public static IKernels Wide256 { get; } = new VectorKernels<Lanes256, Vector256<float>>();

    /// <summary>No vectors: the reference.</summary>
    public static IKernels Scalar { get; } = new ScalarKernels();

    /// <summary>The fastest on this machine.</summary>
    public static IKernels Best { get; } = Vector512.IsHardwareAccelerated ? Wide512 : Vector256.IsHardwareAccelerated ? Wide256 : Scalar;
}
