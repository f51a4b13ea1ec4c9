using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Launching;

namespace Hooke.App.Commands;

/// <summary>
/// Runs that take turns on the machine: while one trains, the processes of the others are suspended. A machine whose speed changes from minute to minute is then
/// the same for all, and differences of a percent can be seen. Short turns cost runs of several processes more, so turns are long. Linux only.
/// </summary>
internal sealed partial class AlternatingRuns : IDisposable
{
    private const int Interrupt = 15, Continue = 18, Suspend = 19;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1), Warming = TimeSpan.FromSeconds(1), StartLimit = TimeSpan.FromSeconds(60);
    private readonly List<Run> runs = [];

    private sealed class Run(Process process, Task<string> output, Task<string> errors)
    {
        public readonly Process Process = process;
        public readonly Task<string> Output = output, Errors = errors;

        /// <summary>The process and all that it has started: found once, for finding takes milliseconds, in which a run neither trains nor is suspended.</summary>
        public int[] Family = [process.Id];

        public long SuspendedAt;
        public TimeSpan Suspended;

        /// <summary>The error of a run that has ended when, or as, it was not to.</summary>
        public IOException Failed(string when) => new($"a run ended with {Process.ExitCode} {when}: {Errors.Result.Trim().Split('\n')[^1]}");
    }

    /// <summary>Starts runs of one worker each, and lets each come to its first step.</summary>
    /// <param name="commands">Words of the command line of each, without its folder.</param>
    /// <param name="folder">Where the runs' folders go.</param>
    public AlternatingRuns(IReadOnlyList<string[]> commands, string folder)
    {
        for (int k = 0; k < commands.Count; k++)
        {
            string path = Path.Combine(folder, Path.GetRandomFileName());
            var start = new ProcessStartInfo("dotnet", [typeof(AlternatingRuns).Assembly.Location, .. commands[k], "--json", "--run", path]) { RedirectStandardOutput = true, RedirectStandardError = true };
            Supervisor.Prepare(start);
            var process = Process.Start(start)!;
            var run = new Run(process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            runs.Add(run);
            string trace = Path.Combine(path, "trace.jsonl");
            var limit = Stopwatch.StartNew();
            // Training begins when the first evaluation is written.
            while (!File.Exists(trace) || new FileInfo(trace).Length == 0)
            {
                if (limit.Elapsed > StartLimit) throw new TimeoutException($"{string.Join(' ', commands[k])} has not begun to train for {StartLimit.TotalSeconds:g3} s, the limit");
                if (process.WaitForExit(20)) throw run.Failed("before its first step");
            }
            Rest(run, Warming);
            run.Family = [.. Family(process.Id)];
            Stop(run);
        }
    }

    /// <summary>Lets them train in turn, and ends them.</summary>
    /// <param name="turns">Turns of each, a second long.</param>
    /// <param name="batch">Examples in a step.</param>
    /// <returns>Seconds of a training step of each, exchanges and waits in it.</returns>
    public double[] Play(int turns, int batch)
    {
        for (int turn = 0; turn < turns; turn++)
            foreach (var run in runs)
            {
                Go(run);
                Rest(run, Turn);
                Stop(run);
            }
        return [.. runs.Select(run =>
        {
            Go(run);
            Signal(run.Process.Id, Interrupt);
            string output = run.Output.Result;
            run.Process.WaitForExit();
            if (run.Process.ExitCode != 0) throw run.Failed("after its turns");
            var result = JsonDocument.Parse(output).RootElement;
            double all = result.GetProperty("time").EnumerateObject().Sum(part => part.Value.GetDouble());
            return (all - run.Suspended.TotalSeconds) / ((double)result.GetProperty("samples").GetInt64() / batch);
        })];
    }

    public void Dispose()
    {
        foreach (var run in runs)
        {
            if (!run.Process.HasExited) run.Process.Kill(entireProcessTree: true);
            run.Process.Dispose();
        }
    }

    private static void Rest(Run run, TimeSpan time)
    {
        if (run.Process.WaitForExit(time)) throw run.Failed("before its turns were over");
    }

    private static void Stop(Run run)
    {
        foreach (int process in run.Family) Signal(process, Suspend);
        run.SuspendedAt = Stopwatch.GetTimestamp();
    }

    private static void Go(Run run)
    {
        run.Suspended += Stopwatch.GetElapsedTime(run.SuspendedAt);
        foreach (int process in run.Family) Signal(process, Continue);
    }

    /// <summary>A process and all that it has started.</summary>
    private static IEnumerable<int> Family(int process)
        => Directory.GetDirectories($"/proc/{process}/task").SelectMany(Children).SelectMany(Family).Prepend(process);

    private static IEnumerable<int> Children(string thread)
    {
        try
        {
            return [.. File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        }
        catch (IOException) when (!Directory.Exists(thread))
        {
            return []; // it has ended since it was listed
        }
    }

    private static void Signal(int process, int number)
    {
        if (Send(process, number) != 0) throw new IOException($"process {process} can't be sent signal {number}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);
}
