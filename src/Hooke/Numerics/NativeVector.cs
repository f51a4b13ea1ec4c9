using System.Buffers;
using System.Runtime.InteropServices;

namespace Hooke.Numerics;

/// <summary>
/// A vector in native memory: aligned to 64 bytes, initially zero, followed by 64 readable bytes so that vector loads may run
/// over its end, and never moved or scanned by the garbage collector.
/// </summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed unsafe class NativeVector<T> : IDisposable where T : unmanaged
{
    private const nuint Alignment = 64;
    private T* data;

    /// <summary>Allocates a zero vector.</summary>
    /// <param name="length">Number of elements, at least 0.</param>
    public NativeVector(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = (nuint)length * (nuint)sizeof(T) + Alignment;
        data = (T*)NativeMemory.AlignedAlloc(bytes, Alignment);
        NativeMemory.Clear(data, bytes);
    }

    /// <summary>Allocates a copy.</summary>
    /// <param name="values">The elements.</param>
    public NativeVector(ReadOnlySpan<T> values) : this(values.Length) => values.CopyTo(Span);

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The elements; valid until the vector is disposed.</summary>
    public Span<T> Span => data != null ? new(data, Length) : throw new ObjectDisposedException(nameof(NativeVector<>));

    /// <summary>The first element's address; valid until the vector is disposed.</summary>
    public T* Pointer => data;

    /// <summary>The elements as bytes; valid until the vector is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => new ByteView(this).Memory;

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory of a vector that nobody disposed.</summary>
    ~NativeVector() => Free();

    private void Free()
    {
        NativeMemory.AlignedFree(data);
        data = null;
    }

    private sealed class ByteView(NativeVector<T> vector) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(vector.Span);

        public override MemoryHandle Pin(int elementIndex = 0) => new((byte*)vector.Pointer + elementIndex);

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
