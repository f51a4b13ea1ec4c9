using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Hooke.App.Launching;

/// <summary>The processes that this one has started: none outlives it when a signal ends it.</summary>
internal static class Children
{
    private static readonly ConcurrentDictionary<Process, byte> running = new();

    /// <summary>Starts a process; <see cref="Release"/> it when it has ended.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        var child = Process.Start(start)!;
        running[child] = 0;
        return child;
    }

    /// <summary>The process has ended.</summary>
    public static void Release(Process child)
    {
        running.TryRemove(child, out _);
        child.Dispose();
    }

    /// <summary>Ends all that run, and what they have started.</summary>
    public static void EndAll()
    {
        foreach (var child in running.Keys)
        {
            try
            {
                child.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
            {
                // It has ended of itself.
            }
        }
    }
}
