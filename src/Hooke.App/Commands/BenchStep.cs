using System.Diagnostics;
using Hooke.Methods.Catalog;
using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.App.Commands;

/// <summary>
/// Times training steps of a model on one thread: drawing the batch and the dropout mask, forward, backward, l2 and update.
/// </summary>
internal static class BenchStep
{
    /// <summary>Runs plain SGD on random examples of the model's shape.</summary>
    public static object Run(string model, int batch, int steps)
    {
        var network = OnNoise(ModelCatalog.Find(model), batch);
        var method = Sequential.Sgd.For(workers: 1, ("learning-rate", 1e-3));
        using var star = new Star<float>(method, network, workers: 1);
        Turns.Run(star, 3, batch);
        var times = new double[steps];
        var process = Process.GetCurrentProcess();
        for (int step = 0; step < steps; step++)
        {
            var before = process.TotalProcessorTime;
            Turns.Run(star, 1, batch);
            process.Refresh();
            times[step] = (process.TotalProcessorTime - before).TotalMilliseconds;
        }
        double median = BenchCommand.Median(times);
        return new
        {
            bench = "step",
            model,
            batch,
            steps,
            parameters = network.Dimension,
            cpuMillisecondsPerStep = median,
            gflops = network.FlopsPerExample * (double)batch / median / 1e6,
        };
    }

    /// <summary>A model and a batch of random pixels: steps cost the same as on any other data.</summary>
    public static Network OnNoise(ModelEntry entry, int batch)
    {
        var noise = new Noise(1, -1, 0, NoiseStream.Generation);
        byte[] pixels = new byte[(long)batch * entry.Shape.Count], labels = new byte[batch];
        for (int k = 0; k < pixels.Length; k++) pixels[k] = (byte)noise.Bits(k);
        for (int k = 0; k < batch; k++) labels[k] = (byte)(k % Math.Min(entry.Classes, 256));
        var data = new DataSet("noise", "random pixels", entry.Shape, Math.Min(entry.Classes, 256), pixels, labels, pixels, labels);
        return entry.Build(data, new Sampling { Batch = batch });
    }
}
