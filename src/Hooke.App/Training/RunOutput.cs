using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.Engine.Checkpoints;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>What a run leaves behind when it ends.</summary>
/// <param name="Run">What ran.</param>
/// <param name="Star">Its state at the end.</param>
/// <param name="Points">Its trace.</param>
internal sealed record RunOutput(Resolution Run, Star<float> Star, IReadOnlyList<TracePoint> Points)
{
    /// <summary>Writes <c>center.safetensors</c>, unless the run diverged, <c>curves.svg</c> and, last, <c>result.json</c>.</summary>
    public void Write(string folder, RunResult result)
    {
        if (result.Diverged is null) WriteCenter(Path.Combine(folder, "center.safetensors"), result);
        RunFolder.WriteText(Path.Combine(folder, "curves.svg"), Curves.Draw(Points, $"{result.Method}, {result.Model} on {result.Data}", RunView.Describe(Run)));
        RunFolder.WriteText(Path.Combine(folder, "result.json"), JsonSerializer.Serialize(result, Json.Indented) + "\n");
    }

    /// <summary>
    /// The reported model in the layout that others expect, with all that is needed to evaluate it, and nothing that differs
    /// between equal runs.
    /// </summary>
    private void WriteCenter(string path, RunResult result)
    {
        using var report = new NativeVector<float>(Run.Network.Dimension);
        Star.Report(report.Span);
        Tensor[] tensors = [.. Run.Network.Tensors(report.Span).Select(tensor =>
            new Tensor(tensor.Name, [.. tensor.Shape.Select(extent => (long)extent)], MemoryMarshal.AsBytes(tensor.Values.AsSpan()).ToArray()))];
        var spec = Run.Network.Spec;
        var metadata = new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["method"] = result.Method,
            ["model"] = result.Model,
            ["hidden"] = string.Join(',', spec.Hidden),
            ["activation"] = spec.Hidden.Count == 0 ? "" : Setting.Dashed(spec.Activation.ToString()),
            ["data"] = result.Data,
            ["pixelMean"] = Invariant(Run.Data.Mean),
            ["pixelDeviation"] = Invariant(Run.Data.Deviation),
            ["input"] = "(pixel / 255 - pixelMean) / pixelDeviation",
            ["testError"] = result.TestError is { } error ? Invariant(error) : "",
        };
        try
        {
            Safetensors.Write(path, "F32", tensors, metadata);
        }
        catch
        {
            File.Delete(path + ".tmp"); // a full disk needs the room
            throw;
        }
    }

    private static string Invariant(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
