using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>Trains: runs what was resolved on threads, writes its folder, and shows it.</summary>
internal static class Session
{
    /// <summary>Runs from the start, or from the folder's checkpoint.</summary>
    /// <param name="run">What.</param>
    /// <param name="folder">Where it is kept; null keeps nothing.</param>
    /// <param name="view">Where it is shown.</param>
    /// <param name="resume">Whether to continue from the folder's checkpoint.</param>
    /// <param name="stop">Stops it between two steps, keeping the result.</param>
    /// <param name="trace">Receives the points, if anyone wants them.</param>
    public static RunResult Run(Resolution run, RunFolder? folder, RunView view, bool resume, CancellationToken stop, List<TracePoint>? trace = null)
    {
        CheckpointReader<float>? checkpoint = resume && File.Exists(folder!.Checkpoint) ? new(folder.Checkpoint) : null;
        var points = trace ?? [];
        // The point at which the checkpoint was taken is evaluated anew when the run goes on from it.
        if (folder is not null && resume) points.AddRange(folder.RestoreTrace(before: checkpoint?.Samples ?? 0));
        using var star = Threads.Prepare(run.Method, run.Network, run.Workers, run.Seed, run.Initialization);
        var keeper = new Keeper(folder, view, points);
        view.Begin(run, folder?.Path, points);
        var outcome = view.Show(() => Threads.Run(star, run.Plan with { Checkpoint = folder?.Checkpoint }, keeper, checkpoint, stop));
        var result = RunResult.Of(run, folder?.Path, outcome, points);
        if (folder is not null)
        {
            if (outcome.Divergence is null) SaveCenter(run, folder, star, result);
            try
            {
                folder.WriteText(folder.Result, JsonSerializer.Serialize(result, Json.Indented) + "\n");
                folder.WriteText(folder.Curves, Curves.Draw(points, $"{result.Method}, {result.Model} on {result.Data}, {result.Workers} worker{(result.Workers == 1 ? "" : "s")}"));
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                view.Warn($"the summary can't be written: {trouble.Message}");
            }
        }
        view.End(result, points);
        return result;
    }

    private static void SaveCenter(Resolution run, RunFolder folder, Star<float> star, RunResult result)
    {
        using var report = new NativeVector<float>(run.Network.Dimension);
        star.Report(report.Span);
        Tensor[] tensors = [.. run.Network.Tensors(report.Span).Select(t => new Tensor(t.Name, [.. t.Shape.Select(extent => (long)extent)], MemoryMarshal.AsBytes(t.Values.AsSpan()).ToArray()))];
        folder.SaveCenter(tensors, new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["method"] = result.Method,
            ["model"] = result.Model,
            ["hidden"] = run.File["hidden"]!,
            ["activation"] = run.File["activation"]!,
            ["data"] = result.Data,
            ["pixelMean"] = run.Data.Mean.ToString("R", CultureInfo.InvariantCulture),
            ["pixelDeviation"] = run.Data.Deviation.ToString("R", CultureInfo.InvariantCulture),
            ["input"] = "(pixel / 255 - pixelMean) / pixelDeviation",
            ["testError"] = result.TestError?.ToString("R", CultureInfo.InvariantCulture) ?? "",
        });
    }

    /// <summary>Keeps a run's points, in memory and in its folder.</summary>
    private sealed class Keeper(RunFolder? folder, RunView view, List<TracePoint> points) : IRunObserver
    {
        public void Tick(Progress progress) => view.Tick(progress);

        public void Point(TracePoint point)
        {
            points.Add(point);
            folder?.Append(point);
            view.Point(point);
        }

        public void Warn(string message) => view.Warn(message);
    }
}
