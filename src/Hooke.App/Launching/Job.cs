using System.Diagnostics;
using Hooke.App.Terminal;

namespace Hooke.App.Launching;

/// <summary>How a job ended.</summary>
/// <param name="HasBegun">Whether rank 0 ever said a word.</param>
/// <param name="IsKilled">Whether a signal ended mpirun that this program has not sent.</param>
/// <param name="Cause">Why it was ended, or how mpirun did.</param>
internal sealed record Ending(bool HasBegun, bool IsKilled, string Cause);

/// <summary>
/// mpirun, and all that it starts. However it ends no process of it is left on this machine: it dies with this process, and what outlives it is killed. Every wait
/// is bounded: until rank 0 says its first word, and from one word to the next.
/// </summary>
internal sealed class Job : IDisposable
{
    private const int TextLines = 40, LastSignal = 31;
    private static readonly TimeSpan tick = TimeSpan.FromMilliseconds(100), grace = TimeSpan.FromSeconds(5), farewell = TimeSpan.FromSeconds(2), startLimit = TimeSpan.FromMinutes(2), startLimitOfRank = TimeSpan.FromSeconds(0.5);

    private readonly LaunchPlan plan;
    private readonly Screen screen;
    private readonly Process process;
    private readonly JobProcesses processes;
    private readonly Queue<string> errors = new();
    private readonly Lock gate = new(), screenGate = new();
    private readonly long started = Stopwatch.GetTimestamp();
    private string pending = "";
    private long heard, saved;
    private volatile int center;
    private volatile bool isShowing;

    /// <summary>Starts it.</summary>
    /// <param name="launcher">mpirun.</param>
    /// <param name="plan">How the processes are started.</param>
    /// <param name="folder">The run's folder, which rank 0 opens.</param>
    /// <param name="resume">Whether to go on from the folder's checkpoint.</param>
    /// <param name="screen">Where rank 0's text goes.</param>
    public Job(string launcher, LaunchPlan plan, string folder, bool resume, Screen screen)
    {
        (this.plan, this.screen) = (plan, screen);
        string[] command = [.. Wrapping.Words, launcher, .. plan.Launcher(), .. plan.Program(folder, resume)];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Supervisor.Prepare(start);
        process = Process.Start(start)!;
        processes = new(process.Id);
        AppDomain.CurrentDomain.ProcessExit += EndWithThis;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Waits for its end, or ends it if it does not get on.</summary>
    /// <param name="stop">Asks rank 0 to stop between two steps, keeping the result; a job that has not begun is ended.</param>
    public Ending Await(CancellationToken stop)
    {
        string? cause = null;
        bool asked = false;
        while (cause is null && !process.WaitForExit(tick))
        {
            bool isSaved = Volatile.Read(ref saved) != 0;
            if (stop.IsCancellationRequested && !asked && !isSaved)
            {
                asked = true;
                if (HasBegun) Tell("stop");
                else cause = "the run was stopped before it began";
            }
            cause ??= isSaved ? Lingering() : HasBegun ? LossOfCenter() : FailureToStart();
        }
        bool isKilled = cause is null && process.ExitCode is > 128 and <= 128 + LastSignal;
        End(grace);
        return new(HasBegun, isKilled, cause ?? (isKilled ? $"mpirun was ended by signal {process.ExitCode - 128}" : $"mpirun ended with exit code {process.ExitCode}"));
    }

    /// <summary>What mpirun and the ranks wrote to their error output, in a line; empty if nothing.</summary>
    /// <param name="fromStart">Whether the first lines count, which say why a job can't start, or the last ones.</param>
    public string Says(bool fromStart)
    {
        const int Lines = 8, Most = 600;
        lock (gate)
        {
            string[] lines = [.. errors.Select(line => line.Trim()).Where(line => line.Any(char.IsLetter))];
            string text = string.Join(' ', fromStart ? lines.Take(Lines) : lines.TakeLast(Lines / 2));
            return text.Length <= Most ? text : text[..Most] + " …";
        }
    }

    public void Dispose()
    {
        End(grace);
        AppDomain.CurrentDomain.ProcessExit -= EndWithThis;
        process.Dispose();
    }

    private bool HasBegun => center != 0;

    private void EndWithThis(object? sender, EventArgs args) => End(farewell);

    /// <summary>The result is there; a lost host, or a rank that died at the end, can keep MPI from ending.</summary>
    private string? Lingering() => Stopwatch.GetElapsedTime(Volatile.Read(ref saved)) > grace ? "the result is saved" : null;

    private string? FailureToStart()
    {
        var limit = startLimit + plan.Ranks * startLimitOfRank;
        if (Stopwatch.GetElapsedTime(started) > limit) return $"rank 0 has not begun within {limit.TotalSeconds:g4} s, the limit";
        return plan.IsLocal ? processes.FindTrouble(TimeSpan.FromSeconds(plan.LeaseSeconds)) : null;
    }

    private string? LossOfCenter()
    {
        if (isShowing) Volatile.Write(ref heard, Stopwatch.GetTimestamp()); // its words wait until a reader of the output goes on
        var silence = Stopwatch.GetElapsedTime(Volatile.Read(ref heard));
        bool isGone = plan.IsLocal && silence > farewell && !JobProcesses.IsAlive(center);
        if (isGone) return $"rank 0 (process {center}) is gone";
        return silence > TimeSpan.FromSeconds(plan.LeaseSeconds) + grace + grace ? $"rank 0 (process {center}) has been silent for {silence.TotalSeconds:f1} s" : null;
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        string? word = Words.Take(line, out string rest);
        if (word is null)
        {
            isShowing = true;
            lock (screenGate) screen.Line(pending + rest);
            isShowing = false;
            pending = "";
            return;
        }
        pending += rest;
        long now = Stopwatch.GetTimestamp();
        if (Words.IsSaved(word, out int process)) Volatile.Write(ref saved, now);
        else center = process;
        Volatile.Write(ref heard, now);
    }

    private void Note(string? line)
    {
        if (line is null) return;
        if (line.StartsWith(Screen.Warning, StringComparison.Ordinal))
        {
            lock (screenGate) screen.ShowWarning(line[Screen.Warning.Length..]); // rank 0's, which records it
            return;
        }
        lock (gate)
        {
            errors.Enqueue(line);
            if (errors.Count > TextLines) errors.Dequeue();
        }
        if (Environment.GetEnvironmentVariable("HOOKE_TRACE") == "1")
            lock (screenGate) screen.Line(line);
    }

    private void Tell(string word)
    {
        try
        {
            process.StandardInput.WriteLine(word);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It ends of itself.
        }
    }

    /// <summary>Ends mpirun, and then whatever of the job is left.</summary>
    private void End(TimeSpan patience)
    {
        // mpirun ends its processes, on all hosts, and takes its files away.
        if (!process.HasExited && (Posix.Signal(process.Id, Posix.Terminate) != 0 || !process.WaitForExit(patience))) process.Kill();
        processes.KillAll(grace);
        // What they wrote last; nobody is left that could hold the pipes open.
        using var limit = new CancellationTokenSource(grace);
        try
        {
            process.WaitForExitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Their text is not all there.
        }
    }
}
