namespace Hooke.App.Launching;

/// <summary>Ends this process when the one that has started it is gone: a rank whose mpirun was killed waits in MPI for what never comes.</summary>
internal static class Lifeline
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Begins to watch.</summary>
    public static void Watch()
    {
        int parent = Posix.Parent();
        new Thread(() =>
        {
            while (Posix.Parent() == parent) Thread.Sleep(pause); // the system would tell of the end of the thread, not of the process
            Posix.ExitAtOnce(1);
        }) { Name = "lifeline", IsBackground = true }.Start();
    }
}
