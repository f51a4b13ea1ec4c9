using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hooke.Models.Data;

/// <summary>
/// Read-only bytes at an address that stays: a pinned array, native memory or a part of a mapped file. Its length may exceed
/// that of any array. Memory is given back when the last region that shares it is collected; a span of an array keeps the
/// array, one of other memory is valid as long as the region is referenced.
/// </summary>
internal sealed unsafe partial class Region
{
    private readonly object? owner; // keeps the memory alive

    private Region(byte* pointer, long length, object? owner)
    {
        Pointer = pointer;
        Length = length;
        this.owner = owner;
    }

    /// <summary>No bytes.</summary>
    public static Region Empty { get; } = new(null, 0, null);

    /// <summary>The first byte.</summary>
    public byte* Pointer { get; }

    /// <summary>Number of bytes.</summary>
    public long Length { get; }

    /// <summary>Whether it is part of a mapped file.</summary>
    public bool IsMapped => owner is Mapped;

    /// <summary>An array, not copied.</summary>
    public static Region Pin<T>(T[] array) where T : unmanaged
    {
        if (array.Length == 0) return Empty;
        Pinned pinned = new(array);
        return new((byte*)pinned.Address, (long)array.Length * sizeof(T), pinned);
    }

    /// <summary>New memory, zero: an array, or native memory where that would be too long.</summary>
    public static Region Allocate(long length)
    {
        if (length == 0) return Empty;
        if (length <= Array.MaxLength)
        {
            byte[] array = GC.AllocateArray<byte>((int)length, true);
            return new((byte*)Unsafe.AsPointer(ref array[0]), length, array);
        }
        return AllocateNative(length);
    }

    /// <summary>New native memory, zero, aligned to 64 bytes at least and in large pages where the system has them.</summary>
    public static Region AllocateNative(long length)
    {
        if (length == 0) return Empty;
        Native native = new(length);
        return new(native.Pointer, length, native);
    }

    /// <summary>A whole file, mapped; the operating system reads pages when they are touched, and may drop them again.</summary>
    /// <param name="path">The file, not empty.</param>
    public static Region Map(string path)
    {
        long length = new FileInfo(path).Length;
        Mapped mapped = new(path, length);
        return new(mapped.Pointer, length, mapped);
    }

    /// <summary>A new file, mapped to be written; what is written is in the file once <paramref name="body"/> is done.</summary>
    /// <param name="path">The file, which is created.</param>
    /// <param name="length">Its length, above 0.</param>
    /// <param name="body">Writes it.</param>
    /// <exception cref="IOException">There is no room for it, or it can't be created.</exception>
    public static void MapNew(string path, long length, Action<Region> body)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
        Reserve(stream, length);
        using var file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, true);
        using var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.ReadWrite);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        try
        {
            body(new(pointer + view.PointerOffset, length, view));
            view.Flush();
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    /// <summary>Takes a file's room on the disk, for a full disk is an error of a call, but a signal that ends the process where a mapped page is touched.</summary>
    private static void Reserve(FileStream file, long length)
    {
        const int Interrupted = 4, NoSuchCall = 38, NotSupported = 95, NotForThis = 22; // EINTR, ENOSYS, EOPNOTSUPP, EINVAL
        int error;
        do error = OperatingSystem.IsLinux() ? Allocate((int)file.SafeFileHandle.DangerousGetHandle(), 0, checked((nint)length)) : NotSupported;
        while (error == Interrupted);
        if (error == 0) return;
        if (error is not (NoSuchCall or NotSupported or NotForThis)) throw new IOException($"there is no room for its {length} bytes: {Marshal.GetPInvokeErrorMessage(error)}");
        byte[] zeros = new byte[1 << 20];
        for (long left = length; left > 0; left -= zeros.Length) file.Write(zeros, 0, (int)Math.Min(left, zeros.Length));
        file.Flush();
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Allocate(int file, nint offset, nint length);

    /// <summary>A part.</summary>
    public Region Slice(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length - length) throw new ArgumentOutOfRangeException(nameof(offset), $"bytes {offset} to {offset + length} are not in a region of {Length}");
        return new(Pointer + offset, length, owner);
    }

    /// <summary>The elements, which must fit into a span.</summary>
    public ReadOnlySpan<T> Span<T>() where T : unmanaged
    {
        int length = checked((int)(Length / sizeof(T)));
        Array? array = owner as Array ?? (owner as Pinned)?.Array;
        if (array is null) return new(Pointer, length);
        ref byte first = ref MemoryMarshal.GetArrayDataReference(array);
        nint offset = (nint)(Pointer - (byte*)Unsafe.AsPointer(ref first));
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref Unsafe.Add(ref first, offset)), length);
    }

    /// <summary>The elements, to be written before the region is shared; not for mapped files.</summary>
    public Span<T> Writable<T>(long offset, int count) where T : unmanaged
    {
        if (offset < 0 || count < 0 || offset > Length - (long)count * sizeof(T)) throw new ArgumentOutOfRangeException(nameof(offset), $"{count} elements at byte {offset} are not in a region of {Length} bytes");
        return new(Pointer + offset, count);
    }

    private sealed class Pinned(Array array)
    {
        private readonly GCHandle handle = GCHandle.Alloc(array, GCHandleType.Pinned);

        public Array Array => array;

        public nint Address => handle.AddrOfPinnedObject();

        ~Pinned()
        {
            if (handle.IsAllocated) handle.Free();
        }
    }

    private sealed partial class Native
    {
        private const nuint HugePage = 2 << 20;

        public Native(long length)
        {
            nuint alignment = (nuint)length < 2 * HugePage ? 64 : HugePage;
            // Large zero pages are handed out by the operating system on first touch; clearing them would touch them twice.
            start = NativeMemory.AllocZeroed((nuint)length + alignment);
            Pointer = (byte*)(((nuint)start + alignment - 1) & ~(alignment - 1));
            // Rows in random order miss the address cache for every page; whether the system listens changes nothing but speed.
            if (alignment == HugePage && OperatingSystem.IsLinux()) _ = Advise(Pointer, (nuint)length, AdviceHugePages);
        }

        private const int AdviceHugePages = 14;

        [LibraryImport("libc", EntryPoint = "madvise")]
        private static partial int Advise(void* address, nuint length, int advice);

        private readonly void* start;

        public byte* Pointer { get; }

        ~Native() => NativeMemory.Free(start);
    }

    private sealed class Mapped
    {
        private readonly MemoryMappedViewAccessor view;

        public Mapped(string path, long length)
        {
            using var file = MemoryMappedFile.CreateFromFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete),
                null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, false);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* pointer = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
            Pointer = pointer + view.PointerOffset;
        }

        public byte* Pointer { get; }

        ~Mapped() => view.SafeMemoryMappedViewHandle.ReleasePointer();
    }
}
