using Hooke.App.Terminal;
using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>Trains: runs what was resolved on threads, keeps its folder, and shows it.</summary>
internal static class Session
{
    /// <summary>Runs from the start, or from the folder's checkpoint.</summary>
    /// <param name="run">What.</param>
    /// <param name="folder">Where it is kept; null keeps nothing.</param>
    /// <param name="view">Where it is shown.</param>
    /// <param name="resume">Whether to continue from the folder's checkpoint.</param>
    /// <param name="stop">Stops it between two steps, keeping the result.</param>
    /// <param name="record">Whether to record who acts when; a run that was recorded and is resumed is recorded further.</param>
    public static RunResult Run(Resolution run, RunFolder? folder, RunView view, bool resume, CancellationToken stop, bool record = false)
    {
        // A run that was killed before its first checkpoint starts again.
        var checkpoint = resume ? folder!.OpenCheckpoint() : null;
        using var star = Threads.Prepare(run.Method, run.Network, run.Workers, run.Seed, run.Initialization);
        // The point at which the checkpoint was taken is evaluated anew when the run goes on from it, as is all that came later.
        List<TracePoint> points = resume ? [.. folder!.ReadTrace().TakeWhile(point => point.Samples < (checkpoint?.Samples ?? 0))] : [];
        folder?.KeepWarnings(view.Screen);
        view.Begin(run, folder?.Path, points);
        var keeper = new Keeper(run, folder, view, points);
        RunOutcome outcome;
        try
        {
            using var interleaving = OpenRecord(run, folder, record, checkpoint, view);
            outcome = view.Show(() => Threads.Run(star, run.Plan with { Checkpoint = folder?.Checkpoint, Record = interleaving }, keeper, checkpoint, stop));
            if (interleaving?.Trouble is { } trouble) keeper.Warn($"the record can't be written: {trouble}");
        }
        catch (InvalidDataException wrong)
        {
            throw new BadInputException($"the record {folder!.Record} does not fit the run: {wrong.Message}");
        }
        keeper.End(outcome);
        var result = RunResult.Of(run, folder?.Path, outcome, points) with { Warnings = [.. view.Warnings] };
        if (folder is not null)
        {
            string? place = folder.Save(result, new(run, star.Reported, points));
            result = result with { Run = place ?? folder.Path, Lost = place is null, Continuation = folder.Continuation };
        }
        view.End(result, points);
        return result;
    }

    /// <summary>The record of a run that is recorded; of one that goes on, if it has been.</summary>
    private static Interleaving? OpenRecord(Resolution run, RunFolder? folder, bool record, CheckpointReader<float>? checkpoint, RunView view)
    {
        if (folder is null) return null;
        bool exists = File.Exists(folder.Record);
        if (checkpoint is { IsRecorded: true } && !exists) view.Warn($"the record {folder.Record} is missing; the run goes on without one");
        if (!record && (checkpoint is null ? !exists : !exists || !checkpoint.IsRecorded)) return null;
        var stream = File.Open(folder.Record, FileMode.OpenOrCreate);
        try
        {
            return new(stream, run.Workers);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Shows a run that is over once more.</summary>
    public static RunResult Show(RunResult result, RunFolder folder, RunView view)
    {
        result = result with { Run = folder.Path, Continuation = folder.Continuation };
        view.Screen.Recall(result.Warnings);
        view.Screen.Line($"{folder.Path} is over; this is its result again");
        view.End(result, folder.ReadTrace());
        return result;
    }

    /// <summary>Keeps a run's points, in memory and in its folder.</summary>
    internal sealed class Keeper(RunTitle run, RunFolder? folder, RunView view, List<TracePoint> points) : IRunObserver
    {
        private readonly HashSet<string> told = [];
        private readonly Dictionary<string, (int Count, string Last)> recurring = [];
        private bool hasPoint;

        public void Tick(Progress progress) => view.Tick(progress);

        public void Point(TracePoint point)
        {
            // A resumed run's old trace stays as it is until the run goes on.
            if (!hasPoint) folder?.RewriteTrace(points);
            hasPoint = true;
            points.Add(point);
            folder?.Append(point);
            view.Point(point);
            if (point.Samples >= run.Samples) return; // the end has its own word
            foreach (var finding in Findings())
                if (told.Add(finding.Kind)) view.Tell(finding.Text);
        }

        public void Warn(string message, string? recurs = null)
        {
            int before = recurs is null ? 0 : recurring.GetValueOrDefault(recurs).Count;
            if (before == 0) view.Warn(message);
            if (recurs is not null) recurring[recurs] = (before + 1, message);
        }

        /// <summary>Says what is to be said when the run is over.</summary>
        /// <param name="outcome">How it ended; one that diverged has nothing else to say.</param>
        public void End(RunOutcome outcome)
        {
            if (outcome.ObserverFailure is { } failure) view.Screen.Lose($"the trace failed and is incomplete, {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            foreach (var finding in outcome.Divergence is null ? Findings() : []) view.Find(finding.Text);
            foreach (var (kind, (count, last)) in recurring)
                if (count > 1) view.Warn($"{kind}, {count} times; the last: {last}");
        }

        private IReadOnlyList<Finding> Findings() => points.Count < 2 ? [] : Diagnosis.Of(points, run.Constant(), run.Samples);
    }
}
