using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Hooke.App.Terminal;
using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>How a replay came out, for programs; times are the recorded run's.</summary>
internal sealed record Replayed(RunResult Result, long Acts, int Points, int Parameters, string? Difference)
{
    [JsonPropertyName("same")]
    public bool IsSame => Difference is null;
}

/// <summary>Plays a recorded run again from its folder and compares it with what the folder holds.</summary>
internal static class Replaying
{
    public static Replayed Of(RunFolder folder, Screen screen)
    {
        if (!File.Exists(folder.Record)) throw new BadInputException($"run folder {folder.Path} has no record; train with --record keeps one");
        var file = folder.ReadRunFile();
        if (folder.FindResult() is not { } recorded) throw new BadInputException($"run folder {folder.Path} has no result; a run must be over to be replayed");
        if (recorded.Diverged is { } diverged) throw new BadInputException($"run folder {folder.Path} holds a run that diverged ({diverged}); there is nothing to compare a replay with");
        var run = Resolution.Of(file, screen.Warn);
        folder.CheckData(run);
        using var star = Threads.Prepare(run.Method, run.Network, run.Workers, run.Seed, run.Initialization);
        var supply = new Supply(run.Method, run.Workers, run.Network.Examples, ((Hooke.Problems.IObjective<float>)run.Network).ClaimSize, run.Plan.Batches ?? run.Plan.Batch, run.Plan.Samples, run.Seed);
        using var replay = new Replay<float>(star, supply, meterBatch: run.Plan.MeasureGradient ? run.Plan.Batch : null);
        var points = new List<TracePoint>();
        long acts = 0;
        try
        {
            using var record = File.OpenRead(folder.Record);
            replay.Run(Interleaving.Read(record, run.Workers).Select(worker => { acts++; return worker; }), run.Plan.EvaluateEvery, point =>
            {
                points.Add(point);
                screen.Line($"epoch {point.Epochs:f2}  test error {point.TestError:p2}  loss {point.TrainLoss:f4}");
            });
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidDataException)
        {
            throw new BadInputException($"the record {folder.Record} does not fit the run: {wrong.Message}");
        }
        var result = RunResult.Of(run, folder.Path, replay.Outcome, points);
        return new(result with { Warnings = screen.Warnings, Seconds = recorded.Seconds, WallSeconds = recorded.WallSeconds, Time = recorded.Time }, acts, points.Count, run.Network.Dimension,
            Differs(folder.ReadTrace(), points) ?? Differs(folder, run, star));
    }

    /// <summary>How two traces differ, leaving out times and what only the threads measure. A run that was interrupted has more points.</summary>
    private static string? Differs(List<TracePoint> recorded, List<TracePoint> replayed)
    {
        foreach (var point in replayed)
        {
            if (!recorded.Any(other => Timeless(other) == Timeless(point) && other.Workers.Select(Timeless).SequenceEqual(point.Workers.Select(Timeless))))
                return $"the point at {point.Samples} samples";
        }
        return null;
    }

    private static string? Differs(RunFolder folder, Resolution run, Star<float> star)
    {
        float[] report = new float[run.Network.Dimension];
        star.Report(report);
        var (tensors, _) = Safetensors.Read(Path.Combine(folder.Path, "center.safetensors"), "F32");
        var saved = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Data);
        foreach (var tensor in run.Network.Tensors(report))
            if (!MemoryMarshal.AsBytes(tensor.Values.AsSpan()).SequenceEqual(saved[tensor.Name].Span)) return $"{tensor.Name} of the reported model";
        return null;
    }

    private static TracePoint Timeless(TracePoint point) => point with { Seconds = 0, WallSeconds = 0, Workers = [] };

    private static WorkerAccount Timeless(WorkerAccount account) => account with { Compute = 0, Data = 0, Communication = 0, Waiting = 0 };
}
