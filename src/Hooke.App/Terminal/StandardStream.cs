using System.Runtime.InteropServices;

namespace Hooke.App.Terminal;

/// <summary>
/// Standard output or standard error, to be written. Unlike the console's own stream it tells of a pipe whose reader is gone, so that
/// lost output is not taken for written.
/// </summary>
internal sealed partial class StandardStream : Stream
{
    private const int Interrupted = 4, TryAgain = 11; // EINTR, EAGAIN on Linux
    private const short CanWriteNow = 4; // POLLOUT
    private static readonly int Patience = (int)TimeSpan.FromSeconds(10).TotalMilliseconds;
    private readonly int descriptor;

    private StandardStream(int descriptor) => this.descriptor = descriptor;

    /// <summary>Opens standard output.</summary>
    public static TextWriter Output() => Writer(OperatingSystem.IsLinux() ? new StandardStream(1) : Console.OpenStandardOutput());

    /// <summary>Opens standard error.</summary>
    public static TextWriter Error() => Writer(OperatingSystem.IsLinux() ? new StandardStream(2) : Console.OpenStandardError());

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            nint written = WriteBytes(descriptor, in MemoryMarshal.GetReference(buffer), buffer.Length);
            if (written > 0) buffer = buffer[(int)written..];
            if (written >= 0) continue;
            int error = Marshal.GetLastPInvokeError();
            if (error == Interrupted) continue;
            // Another process has made the pipe one that does not wait.
            var place = new Place { Descriptor = descriptor, Events = CanWriteNow };
            if (error == TryAgain && Poll(ref place, 1, Patience) != 0) continue;
            throw new IOException(error == TryAgain ? "nobody reads it" : Marshal.GetPInvokeErrorMessage(error));
        }
    }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static StreamWriter Writer(Stream stream) => new(stream, Console.OutputEncoding) { AutoFlush = true };

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteBytes(int descriptor, in byte bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Place place, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Place
    {
        public int Descriptor;
        public short Events, Found;
    }
}
