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
    private static readonly TimeSpan folderPatience = TimeSpan.FromSeconds(30);

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
    /// <param name="launcher">mpirun, if it is not the one on the PATH.</param>
    /// <exception cref="IOException">The run came to no result: why, and how it goes on.</exception>
    public static RunResult Run(LaunchPlan plan, string folder, bool resume, int restarts, Screen screen, CancellationToken stop, string? launcher = null)
    {
        launcher ??= FindLauncher() ?? throw new BadInputException("mpirun of Open MPI is not on the PATH; hooke doctor says what to install");
        var note = new FailureNote(folder);
        plan = plan with { Refuge = RunFolder.NewRefuge() };
        for (int restart = 0; ; restart++)
        {
            note.Forget();
            using var job = new Job(launcher, plan, folder, resume, screen);
            var ending = job.Await(stop);
            if (Result(folder, plan.Refuge, screen) is { } result) return result with { Restarts = restart };
            // When mpirun was killed, rank 0 may note that it can't print any more.
            if (!ending.IsKilled) note.Throw();
            string again = $"hooke launch {plan.Options} resume {RunFolder.Quoted(folder)}", says = job.Says(fromStart: !ending.HasBegun);
            if (says.Length > 0) says = $"; mpirun says: {says}";
            // What could not start once can't start again: only the user can mend that.
            if (!ending.HasBegun) throw new IOException($"{ending.Cause}; {again} starts it again{says}");
            if (restart == restarts || stop.IsCancellationRequested)
                throw new IOException($"the run ended without a result{(restart > 0 ? $", after {restart} restarts" : "")}: {ending.Cause}; {again} goes on from its last checkpoint{says}");
            long samples = Samples(folder);
            screen.Warn($"a center rank is lost: {ending.Cause}; the run starts again from {(samples > 0 ? $"its checkpoint at {samples} samples" : "its beginning")}");
            resume = true;
        }
    }

    /// <summary>Sets what mpirun reads of its environment.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        start.Environment["TERM"] = "dumb"; // else control characters come before the ranks' text
        if (Environment.UserName == "root") start.Environment["OMPI_ALLOW_RUN_AS_ROOT"] = start.Environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1";
    }

    private static RunResult? Result(string path, string refuge, Screen screen)
    {
        // What has no place in the folder is not in it, and the folder may be gone.
        if (RunFolder.FindResult(refuge) is { } saved) return saved;
        if (!Directory.Exists(path)) throw new IOException($"run folder {path} is gone, and no result is anywhere else");
        // On another host a process of the job may be about to end.
        using var folder = RunFolder.Open(path, screen.Warn, folderPatience);
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
