using System.Diagnostics;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Engine.Checkpoints;

namespace Hooke.App.Launching;

/// <summary>
/// Starts the processes of a run by mpirun and sees to it that the run comes to a result: should rank 0 be lost, it is started again from its last checkpoint.
/// </summary>
internal static class Supervisor
{
    private const int TextLines = 20;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5), Tick = TimeSpan.FromMilliseconds(200);

    /// <summary>The launcher, if it is there.</summary>
    public static string? FindLauncher()
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .SelectMany(folder => (string[])[Path.Combine(folder, "mpirun.openmpi"), Path.Combine(folder, "mpirun")]).FirstOrDefault(File.Exists);

    /// <summary>Runs to the end.</summary>
    /// <param name="plan">How the processes are started.</param>
    /// <param name="folder">The run's folder, which rank 0 opens.</param>
    /// <param name="resume">Whether to go on from the folder's checkpoint.</param>
    /// <param name="restarts">How often the run may be started again.</param>
    /// <param name="screen">Where rank 0's text goes.</param>
    /// <param name="stop">Asks rank 0 to stop between two steps, keeping the result.</param>
    public static RunResult Run(LaunchPlan plan, string folder, bool resume, int restarts, Screen screen, CancellationToken stop)
    {
        string launcher = FindLauncher() ?? throw new BadInputException("mpirun of Open MPI is not on the PATH; hooke doctor says what to install");
        string note = Path.Combine(folder, "state", "failure");
        for (int restart = 0; ; restart++)
        {
            File.Delete(note);
            var lines = Start(launcher, plan, folder, resume, screen, stop);
            if (Result(folder, screen) is { } result) return result with { Restarts = restart };
            if (File.Exists(note)) throw new IOException(File.ReadAllText(note).Trim());
            string last = string.Join(" | ", lines.Where(line => line.Trim().Length > 0).TakeLast(3));
            if (restart == restarts || stop.IsCancellationRequested)
                throw new IOException($"the run ended without a result{(restart > 0 ? $", after {restart} restarts" : "")}; hooke launch {plan.Options} resume {RunFolder.Quoted(folder)} goes on from its last checkpoint{(last.Length > 0 ? $"; mpirun says: {last}" : "")}");
            long samples = Samples(folder);
            screen.Warn($"a center rank is lost; the run starts again from {(samples > 0 ? $"its checkpoint at {samples} samples" : "its beginning")}");
            resume = true;
        }
    }

    /// <summary>Starts the job and waits for its end.</summary>
    /// <returns>The last lines of its error output.</returns>
    private static Queue<string> Start(string launcher, LaunchPlan plan, string folder, bool resume, Screen screen, CancellationToken stop)
    {
        // A session of its own: Ctrl-C is for this process, which asks rank 0 to stop.
        bool hasSession = File.Exists("/usr/bin/setsid");
        var start = new ProcessStartInfo(hasSession ? "/usr/bin/setsid" : launcher) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (hasSession)
        {
            start.ArgumentList.Add("--wait");
            start.ArgumentList.Add(launcher);
        }
        foreach (string word in plan.Launcher().Concat(plan.Program(folder, resume))) start.ArgumentList.Add(word);
        Prepare(start);
        using var job = Process.Start(start)!;
        var lines = new Queue<string>();
        object gate = new();
        job.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (gate) screen.Line(line.Data);
        };
        job.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null) return;
            lock (gate)
            {
                if (line.Data.StartsWith(Screen.Warning, StringComparison.Ordinal))
                {
                    screen.ShowWarning(line.Data[Screen.Warning.Length..]); // rank 0's, which records it
                    return;
                }
                lines.Enqueue(line.Data);
                if (lines.Count > TextLines) lines.Dequeue();
                if (Environment.GetEnvironmentVariable("HOOKE_TRACE") == "1") screen.Line(line.Data);
            }
        };
        job.BeginOutputReadLine();
        job.BeginErrorReadLine();
        bool asked = false;
        Stopwatch? sinceResult = null;
        while (!job.WaitForExit(Tick))
        {
            if (stop.IsCancellationRequested && !asked)
            {
                asked = true;
                Tell(job, "stop");
            }
            // The result is there, but a lost host can keep mpirun from ending.
            if (sinceResult is null && File.Exists(Path.Combine(folder, "result.json"))) sinceResult = Stopwatch.StartNew();
            if (sinceResult?.Elapsed > Grace) job.Kill(entireProcessTree: true);
        }
        job.WaitForExit();
        return lines;
    }

    /// <summary>Sets what mpirun reads of its environment.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        start.Environment["TERM"] = "dumb"; // else control characters come before the ranks' text
        if (Environment.UserName == "root") start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
    }

    private static void Tell(Process job, string word)
    {
        try
        {
            job.StandardInput.WriteLine(word);
            job.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It ends of itself.
        }
    }

    private static RunResult? Result(string path, Screen screen)
    {
        using var folder = RunFolder.Open(path, screen.Warn);
        return folder.FindResult();
    }

    private static long Samples(string path)
    {
        string checkpoint = Path.Combine(path, "state", "checkpoint.safetensors");
        try
        {
            return File.Exists(checkpoint) ? new CheckpointReader<float>(checkpoint).Samples : 0;
        }
        catch (InvalidFileException)
        {
            return 0;
        }
    }
}
