using System.Runtime.InteropServices;

namespace Hooke.App.Launching;

/// <summary>What processes need of the system and .NET has not.</summary>
internal static partial class Posix
{
    public const int Terminate = 15, Kill = 9;

    [LibraryImport("libc", EntryPoint = "kill")] public static partial int Signal(int process, int signal);
    [LibraryImport("libc", EntryPoint = "getppid")] public static partial int Parent();
    [LibraryImport("libc", EntryPoint = "_exit")] public static partial void ExitAtOnce(int code);
}
