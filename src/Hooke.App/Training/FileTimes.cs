using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Hooke.App.Training;

/// <summary>When a file's contents were changed.</summary>
internal static partial class FileTimes
{
    private const int CurrentFolder = -100, ChangeTime = 0x80, Length = 256, SecondsAt = 96, NanosecondsAt = 104; // AT_FDCWD, STATX_CTIME, struct statx

    /// <summary>
    /// A number that changes with the file's contents. Its time of writing can be set to what it was, as copies and archives do; the
    /// system's own time of change cannot, where there is one.
    /// </summary>
    public static long Of(string path)
    {
        long written = File.GetLastWriteTimeUtc(path).Ticks;
        if (!OperatingSystem.IsLinux()) return written;
        Span<byte> status = stackalloc byte[Length];
        if (Status(CurrentFolder, path, 0, ChangeTime, ref MemoryMarshal.GetReference(status)) != 0) return written;
        long changed = BinaryPrimitives.ReadInt64LittleEndian(status[SecondsAt..]) * 1_000_000_000 + BinaryPrimitives.ReadUInt32LittleEndian(status[NanosecondsAt..]);
        return unchecked(31 * written + changed);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, ref byte status);
}
