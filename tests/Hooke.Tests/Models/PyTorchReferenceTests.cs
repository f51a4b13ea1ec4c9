using System.Text.Json;
using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>The CIFAR net against what PyTorch computed once; bench/peers/make_reference.py wrote it, with the same formulas.</summary>
public sealed class PyTorchReferenceTests
{
    private const int Batch = 24;
    private static readonly double[] Deviations = [0.125, 0.03125, 0.03125, 0.0625, 0.0625];

    private sealed record Reference(int Seed, double Loss, double[] Outputs, Gradient[] Tensors);

    private sealed record Gradient(int[] Shape, double Sum, double Norm, double[] Slice);

    [Fact]
    public void The_loss_and_each_gradient_tensor_equal_those_of_PyTorch_within_1e_5()
    {
        using var file = typeof(PyTorchReferenceTests).Assembly.GetManifestResourceStream("zhang-cifar.json")!;
        var reference = JsonSerializer.Deserialize<Reference>(file, JsonSerializerOptions.Web)!;

        // Example k of the reference stands where place k of the batch takes it from.
        Draw draw = new(1, 0, 0, 0, Batch);
        int[] places = new int[Batch];
        new ExampleStream(new(), Batch).Fill(draw, places);
        const int Pixels = 28 * 28 * 3;
        byte[] pixels = new byte[Batch * Pixels], labels = new byte[Batch];
        for (int k = 0; k < Batch; k++)
        {
            labels[places[k]] = (byte)(Bits(k, 99) % 10);
            for (int i = 0; i < Pixels; i++) pixels[places[k] * Pixels + i] = (byte)Bits(k * Pixels + i, 100 + reference.Seed);
        }
        var network = ModelCatalog.Find("zhang-cifar").Build(new("bits", "random bits", new(28, 28, 3), 10, pixels, labels, pixels, labels), vary: spec => spec with { L2 = 0 });
        float[] x = new float[network.Dimension], gradient = new float[network.Dimension];
        network.Import(network.Tensors(x).Select((tensor, t) => tensor with
        {
            Values = [.. Enumerable.Range(0, tensor.Values.Length).Select(k => (float)(((Bits(k, t) >> 16) - 32767.5) / 32768 * Deviations[t / 2] * (t % 2 == 0 ? 2 : 1)))],
        }), x);

        using var oracle = network.Open();
        Assert.Equal(reference.Loss, oracle.Gradient(x, gradient, draw), 1e-5 * reference.Loss);
        var tensors = network.Tensors(gradient);
        Assert.Equal(10, tensors.Count);
        foreach (var (tensor, expected) in tensors.Zip(reference.Tensors))
        {
            Assert.Equal(expected.Shape, tensor.Shape);
            int step = Math.Max(1, tensor.Values.Length / 97);
            double error = 0, scale = 0;
            for (int k = 0; k < expected.Slice.Length; k++)
            {
                error += Math.Pow(tensor.Values[k * step] - expected.Slice[k], 2);
                scale += expected.Slice[k] * expected.Slice[k];
            }
            Assert.True(Math.Sqrt(error / scale) <= 1e-5, $"{tensor.Name}: relative error {Math.Sqrt(error / scale)}");
            Assert.Equal(expected.Norm, Math.Sqrt(tensor.Values.Sum(v => (double)v * v)), 1e-5 * expected.Norm);
            Assert.Equal(expected.Sum, tensor.Values.Sum(v => (double)v), 1e-5 * expected.Norm * Math.Sqrt(tensor.Values.Length));
        }
    }

    /// <summary>32 random bits: the finalizer of MurmurHash3 on k·2654435761 + stream·40503.</summary>
    private static uint Bits(int k, int stream)
    {
        uint x = (uint)k * 2654435761 + (uint)stream * 40503;
        x ^= x >> 16;
        x *= 0x85EBCA6B;
        x ^= x >> 13;
        x *= 0xC2B2AE35;
        return x ^ x >> 16;
    }
}
