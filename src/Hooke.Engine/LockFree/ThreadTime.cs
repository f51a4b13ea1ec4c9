using System.Runtime.InteropServices;

namespace Hooke.Engine;

/// <summary>How long the calling thread has been on a processor: on a machine that others use, the fairer clock.</summary>
public static partial class ThreadTime
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>Seconds of processor time; not a number where the system does not tell.</summary>
    public static double Seconds => OperatingSystem.IsLinux() && Read(ThreadClock, out var time) == 0 ? time.Seconds + time.Nanoseconds * 1e-9 : double.NaN;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds, Nanoseconds;
    }
}
