using System.Runtime.InteropServices;

namespace Hooke.App.Commands;

/// <summary>Turns the first Ctrl-C or termination signal into a request to stop; the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly PosixSignalRegistration interrupt, terminate;

    public Interruption()
    {
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
    }

    /// <summary>Is cancelled when the user wants to stop.</summary>
    public CancellationToken Token => stop.Token;

    public void Dispose()
    {
        interrupt.Dispose();
        terminate.Dispose();
        stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        if (stop.IsCancellationRequested)
        {
            // The live view hides the cursor, and will not get to show it again.
            if (!Console.IsOutputRedirected) Console.Out.Write("\e[?25h");
            Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
        }
        context.Cancel = true;
        stop.Cancel();
    }
}
