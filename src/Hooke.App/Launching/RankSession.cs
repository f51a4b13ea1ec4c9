using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Engine.Checkpoints;
using Hooke.Engine.Mpi;
using Hooke.Models.Data;
using Hooke.Runs;

namespace Hooke.App.Launching;

/// <summary>What a process of a run on MPI does: rank 0 keeps the run's folder, the others work.</summary>
internal static class RankSession
{
    /// <summary>Rank 0.</summary>
    /// <param name="world">The job.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="view">Where the run is shown.</param>
    /// <param name="resume">Whether to go on from the folder's checkpoint.</param>
    /// <param name="options">How silence is treated.</param>
    /// <param name="stop">Stops it between two steps, keeping the result.</param>
    public static RunResult Keep(MpiWorld world, RunFolder folder, RunView view, bool resume, MpiOptions options, CancellationToken stop)
    {
        var file = folder.ReadRunFile();
        world.Share(file.ToJson());
        var run = Resolution.Of(file, view.Screen.Warn);
        folder.CheckData(run, LaunchPlan.OptionsOf(world.Size, options.Centers, options.WorkersPerRank));
        // A run whose center was lost before its first checkpoint starts again.
        var checkpoint = resume ? folder.OpenCheckpoint() : null;
        List<TracePoint> points = resume ? [.. folder.ReadTrace().TakeWhile(point => point.Samples < (checkpoint?.Samples ?? 0))] : [];
        folder.KeepWarnings(view.Screen);
        view.Begin(run, folder.Path, points);
        var keeper = new Session.Keeper(run, folder, view, points);
        var ended = view.Show(() => MpiRun.Serve(world, run.Method, run.Network, run.Seed, run.Initialization, run.Plan with { Checkpoint = folder.Checkpoint }, options, keeper, checkpoint, stop));
        using var center = ended.Center;
        keeper.End(ended.Outcome);
        var result = RunResult.Of(run, folder.Path, ended.Outcome, points) with { Ranks = ended.Ranks, Changes = ended.Changes, Warnings = [.. view.Warnings] };
        string? place = folder.Save(result, new(run, center.Reported, points));
        result = result with { Run = place ?? folder.Path, Lost = place is null };
        view.End(result with { Continuation = folder.Continuation }, points);
        return result;
    }

    /// <summary>Any other rank.</summary>
    public static void Work(MpiWorld world, MpiOptions options)
    {
        world.Attend(options.Lease);
        var run = Resolution.Of(RunFile.Parse(world.Share(null), "from rank 0"), _ => { });
        MpiRun.Work(world, run.Method, run.Network, run.Seed, run.Initialization, run.Plan, options);
    }

    /// <summary>What an exception means for the user, in a line.</summary>
    public static bool IsExpected(Exception trouble)
        => trouble is BadInputException or InvalidFileException or InvalidDataSetException or IOException or UnauthorizedAccessException or TimeoutException or MpiException or ArgumentException or InvalidOperationException or OperationCanceledException;
}
