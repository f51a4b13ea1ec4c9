using System.Globalization;
using System.Runtime.InteropServices;
using Hooke.App.Launching;
using Hooke.Models.Data;

namespace Hooke.App.Commands;

/// <summary>
/// What Ctrl-C, a termination signal and a hang-up do, from the program's first line on. A command that heeds them looks at
/// <see cref="Token"/> and comes to a result; while none does, as in reading data, the first signal ends the process. The second ends
/// it at once. Either way unfinished files are deleted and child processes ended.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<PosixSignalRegistration> registrations = [];
    private bool isHeeded, hasCome;
    private int? ending;

    /// <summary>Handles the process's signals.</summary>
    public static Interruption Begin()
    {
        var interruption = new Interruption();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            // nohup asks for a run that a hang-up does not end.
            if (signal == PosixSignal.SIGHUP && IgnoresHangUp()) continue;
            interruption.registrations.Add(PosixSignalRegistration.Create(signal, interruption.Handle));
        }
        return interruption;
    }

    /// <summary>Is cancelled when the user wants to stop.</summary>
    public CancellationToken Token => stop.Token;

    /// <summary>Tells the user, once, that the process ends without a result; gives the exit code.</summary>
    public Func<string, int> Tell { get; set; } = _ => ExitCode.Other;

    /// <summary>From here on the command looks at the token, and ends with a result of its own.</summary>
    public CancellationToken Heed()
    {
        lock (gate) isHeeded = true;
        return Token;
    }

    /// <summary>The exit code of the process, whose command may come to an end because its children are being ended.</summary>
    public int CodeOf(int command)
    {
        lock (gate) return ending ?? command;
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        stop.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        int number = context.Signal switch { PosixSignal.SIGINT => 2, PosixSignal.SIGTERM => 15, _ => 1 };
        bool isFirst, heeded;
        lock (gate)
        {
            (isFirst, heeded, hasCome) = (!hasCome, isHeeded, true);
            if (!isFirst) ending ??= 128 + number;
        }
        if (isFirst)
        {
            stop.Cancel();
            if (heeded) return;
        }
        int code = isFirst ? Say(context.Signal) : CodeOf(ExitCode.Other);
        // The live view hides the cursor, and will not get to show it again.
        if (!isFirst && !Console.IsOutputRedirected) Console.Out.Write("\e[?25h");
        Children.EndAll();
        PartFile.DeleteAll();
        Environment.Exit(code);
    }

    /// <summary>Says why it ends, but not for long: a terminal may be held, and a pipe full.</summary>
    private int Say(PosixSignal signal)
    {
        int code = ExitCode.Other;
        var speaker = new Thread(() => code = Tell($"stopped by {signal} before there was a result")) { IsBackground = true };
        speaker.Start();
        speaker.Join(Patience);
        return code;
    }

    private static bool IgnoresHangUp()
    {
        const string Mask = "SigIgn:", Status = "/proc/self/status";
        if (!File.Exists(Status)) return false;
        string? line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Mask, StringComparison.Ordinal));
        // Bit 0 is signal 1, the hang-up.
        return line is not null && ulong.TryParse(line[Mask.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong ignored) && (ignored & 1) != 0;
    }
}
