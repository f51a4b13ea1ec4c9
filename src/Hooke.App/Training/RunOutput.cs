using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.Engine.Checkpoints;
using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>The reported model where it is; scratch is created if it has to be written down.</summary>
internal delegate NativeVector<float> ReportedModel(ref NativeVector<float>? scratch);

/// <summary>What a run leaves behind when it ends.</summary>
/// <param name="Run">What ran.</param>
/// <param name="Model">Its reported model at the end.</param>
/// <param name="Points">Its trace.</param>
internal sealed record RunOutput(Resolution Run, ReportedModel Model, IReadOnlyList<TracePoint> Points)
{
    /// <summary>Writes <c>center.safetensors</c>, unless the run diverged, <c>curves.svg</c> and, last, <c>result.json</c>.</summary>
    public void Write(string folder, RunResult result)
    {
        if (result.Diverged is null) WriteCenter(Path.Combine(folder, "center.safetensors"), result);
        RunFolder.WriteText(Path.Combine(folder, "curves.svg"), Terminal.Curves.Draw(Points, $"{result.Method}, {result.Model} on {result.Data}", RunView.Describe(Run)));
        RunFolder.WriteText(Path.Combine(folder, "result.json"), JsonSerializer.Serialize(result, Json.Indented) + "\n");
    }

    /// <summary>
    /// The reported model in the layout that others expect, with all that is needed to evaluate it, and nothing that differs
    /// between equal runs.
    /// </summary>
    private void WriteCenter(string path, RunResult result)
    {
        NativeVector<float>? scratch = null;
        var report = Model(ref scratch);
        // One tensor at a time is brought into the usual layout, for some models fill half the memory.
        byte[] room = [];
        Tensor[] tensors = [.. Run.Network.Layout.Select((tensor, k) =>
        {
            int bytes = sizeof(float) * tensor.Shape.Aggregate(1, (product, extent) => product * extent);
            return new Tensor(tensor.Name, [.. tensor.Shape.Select(extent => (long)extent)], bytes, () =>
            {
                if (room.Length < bytes) room = GC.AllocateUninitializedArray<byte>(bytes);
                Run.Network.Export(k, report.Span, MemoryMarshal.Cast<byte, float>(room.AsSpan(0, bytes)));
                return room.AsMemory(0, bytes);
            });
        })];
        var metadata = Metadata(result);
        try
        {
            Safetensors.Write(path, "F32", tensors, metadata);
        }
        catch
        {
            File.Delete(path + ".tmp"); // a full disk needs the room
            throw;
        }
        finally
        {
            scratch?.Dispose();
        }
    }

    private Dictionary<string, string> Metadata(RunResult result)
    {
        var (network, data) = (Run.Network, Run.Network.Data);
        var (seen, stored) = (data.Shape, data.StoredShape);
        // What evaluation sees: the center of an image, standardized unless the model reproduces it.
        IEnumerable<double> means = data.ChannelMeans.ToArray(), deviations = data.ChannelDeviations.ToArray();
        return new()
        {
            ["format"] = "pt",
            ["method"] = result.Method,
            ["model"] = result.Model,
            ["hidden"] = string.Join(',', network.Spec.Hidden),
            ["activation"] = Run.File["activation"] ?? "",
            ["data"] = result.Data,
            ["storedShape"] = Extents(stored),
            ["crop"] = $"{(stored.Height - seen.Height) / 2},{(stored.Width - seen.Width) / 2},{seen.Height},{seen.Width}",
            ["inputScale"] = data.Element == Element.Byte ? "255" : "1",
            ["pixelMean"] = string.Join(',', means.Select(mean => Resolution.Invariant(data.Standardized ? mean : 0))),
            ["pixelDeviation"] = string.Join(',', deviations.Select(deviation => Resolution.Invariant(data.Standardized ? deviation : 1))),
            ["input"] = "(pixel / inputScale - pixelMean) / pixelDeviation",
            ["layers"] = string.Join("; ", network.Outline),
            ["outputShape"] = Extents(network.Answers),
            ["loss"] = Setting.Dashed(network.Spec.Loss.ToString()),
            ["testError"] = result.TestError is { } error ? Resolution.Invariant(error) : "",
            ["testLoss"] = result.TestLoss is { } loss ? Resolution.Invariant(loss) : "",
        };
    }

    private static string Extents(Shape shape) => $"{shape.Height},{shape.Width},{shape.Channels}";
}
