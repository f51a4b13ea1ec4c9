using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Engine;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;
using Hooke.Simulator;

namespace Hooke.App.LockFree;

/// <summary>Trains a linear model in shared memory, keeps its folder, and shows it.</summary>
internal static class LinearSession
{
    /// <summary>Runs from the start, or from the folder's checkpoint.</summary>
    /// <param name="run">What.</param>
    /// <param name="folder">Where it is kept; null keeps nothing.</param>
    /// <param name="view">Where it is shown.</param>
    /// <param name="resume">Whether to continue from the folder's checkpoint.</param>
    /// <param name="stop">Stops it, keeping the result.</param>
    public static RunResult Run(LinearResolution run, RunFolder? folder, RunView view, bool resume, CancellationToken stop)
    {
        // A run that was killed before its first checkpoint starts again.
        var checkpoint = resume ? folder!.OpenCheckpoint() : null;
        long done = checkpoint?.Samples ?? 0;
        // What a mark's checkpoint was measured at is measured anew when the run goes on from it; between two marks nothing is.
        List<TracePoint> points = resume ? [.. folder!.ReadTrace().TakeWhile(point => point.Samples < done || point.Samples == done && !run.Plan.IsMark(done))] : [];
        folder?.KeepWarnings(view.Screen);
        view.Begin(run, folder?.Path, points);
        var keeper = new Session.Keeper(run, folder, view, points);
        var outcome = view.Show(() => Hogwild.Run(run.Model, run.Workers, run.Seed, run.Plan with { Checkpoint = folder?.Checkpoint }, keeper, checkpoint, stop));
        keeper.End(outcome.Run);
        var result = RunResult.Of(run, folder?.Path, outcome.Run, points) with { Warnings = [.. view.Warnings] };
        result = result with { Shared = SharedResult.Of(run, result.Seconds > 0 ? result.Samples / result.Seconds : 0, outcome.Conflicts, outcome.ProcessorSeconds) };
        if (folder is not null)
        {
            string? place = folder.Save(result, points, (path, final) => Write(run, path, final, points));
            result = result with { Run = place ?? folder.Path, Lost = place is null, Continuation = folder.Continuation };
        }
        view.End(result, points);
        return result;
    }

    /// <summary>Refuses what steps that are taken apart have not.</summary>
    public static void CheckSimulated(LinearResolution run)
    {
        void Demand(string option, string value)
        {
            if (run.File[option] is { } said && said != value) throw new BadInputException($"{option} is {said}; simulated {run.File["method"]} takes {option} {value} only");
        }
        Demand("precision", "d32m32");
        Demand("batch", "1");
        Demand("timing", "asynchronous");
        Demand("average", "center");
        Demand("hot", "0");
        if (run.Model.Options.L2 != 0) Demand("l2", "0");
        if (run.Model.Outputs > 1) throw new BadInputException($"data is {run.Data.Name} with {run.Data.Classes.Count} classes; simulated {run.File["method"]} takes two");
    }

    /// <summary>Runs in virtual time, on a machine with any number of cores.</summary>
    public static RunResult Simulate(LinearResolution run, SharedMachine machine, RunFolder folder, RunView view, CancellationToken stop)
    {
        var points = new List<TracePoint>();
        view.Begin(run, folder.Path, points);
        RunFolder.WriteText(Path.Combine(folder.Path, RunFolder.Machine), JsonSerializer.Serialize(new { numberTime = machine.NumberTime.Mean, writeDelay = machine.WriteDelay.Mean }, Json.Indented) + "\n");
        view.Screen.Line(string.Create(CultureInfo.InvariantCulture, $"  in virtual time on {run.Workers} cores: {machine.NumberTime.Mean * 1e9:g3} ns a number, {machine.WriteDelay.Mean * 1e9:g3} ns until others see a write"));
        var keeper = new Session.Keeper(run, folder, view, points);
        var clock = Stopwatch.StartNew();
        var plan = new SharedPlan(run.Plan.Samples, run.Plan.LearningRate) { Shape = run.Plan.Shape, EvaluateEvery = run.Plan.EvaluateEvery, Replacement = run.Plan.Replacement, WallClock = () => clock.Elapsed.TotalSeconds };
        var outcome = view.Show(() => SharedMemory.Run(run.Model, run.Workers, run.Seed, plan, machine, keeper, () => stop.IsCancellationRequested));
        keeper.End(outcome.Run);
        var result = RunResult.Of(run, folder.Path, outcome.Run, points) with { Warnings = [.. view.Warnings] };
        result = result with { Shared = SharedResult.Of(run, result.Seconds > 0 ? result.Samples / result.Seconds : 0, new(outcome.Run.Staleness.Count, outcome.Conflicts, outcome.Writes), double.NaN) };
        string? place = folder.Save(result, points, (path, final) => Write(run, path, final, points));
        result = result with { Run = place ?? folder.Path, Lost = place is null };
        view.End(result, points);
        return result;
    }

    /// <summary>Writes <c>center.safetensors</c> (weight [outputs, features] in the data's own order, bias [outputs]), <c>curves.svg</c> and <c>result.json</c>.</summary>
    private static void Write(LinearResolution run, string folder, RunResult result, IReadOnlyList<TracePoint> points)
    {
        if (result.Diverged is null)
        {
            int features = run.Data.Features, outputs = run.Model.Outputs;
            float[] weights = new float[features * outputs], biases = new float[outputs];
            for (int output = 0; output < outputs; output++) biases[output] = run.Model.Export(output, weights.AsSpan(features * output, features));
            Safetensors.Write(Path.Combine(folder, "center.safetensors"), "F32",
                [new("weight", [outputs, features], MemoryMarshal.AsBytes(weights.AsSpan()).ToArray()), new("bias", [outputs], MemoryMarshal.AsBytes(biases.AsSpan()).ToArray())],
                ModelCard.Of(run, result));
        }
        RunFolder.WriteText(Path.Combine(folder, "curves.svg"), Curves.Draw(points, $"{result.Method}, {result.Model} on {result.Data}", RunView.Describe(run)));
        RunFolder.WriteText(Path.Combine(folder, "result.json"), JsonSerializer.Serialize(result, Json.Indented) + "\n");
    }
}
