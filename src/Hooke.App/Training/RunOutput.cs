using System.Runtime.InteropServices;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.Engine.Checkpoints;
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
        var metadata = ModelCard.Of(Run, result);
        try
        {
            Safetensors.Write(path, "F32", tensors, metadata);
        }
        finally
        {
            scratch?.Dispose();
        }
    }
}
