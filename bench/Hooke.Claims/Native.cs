using System.Runtime.InteropServices;

namespace Hooke.Claims;

/// <summary>What .NET lacks.</summary>
internal static partial class Native
{
    /// <summary>Sends a signal; what has ended already is no trouble.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);
}
