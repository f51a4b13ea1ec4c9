using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Numerics;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>Gradients against central differences of the network written out in double precision.</summary>
internal static class GradientCheck
{
    /// <summary>Checks a sample of each tensor's elements with every kernel set.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="data">The data.</param>
    /// <param name="draw">The batch.</param>
    /// <param name="examples">The examples that the draw stands for.</param>
    /// <param name="elements">Elements to check in a tensor.</param>
    public static void Passes(NetworkSpec spec, DataSet data, Draw draw, int[] examples, int elements = 13)
    {
        float[][] gradients = [.. new[] { Kernels.Wide512, Kernels.Wide256, Kernels.Scalar }.Select(kernels =>
        {
            Network network = new(spec, data, null, kernels);
            float[] gradient = new float[network.Dimension];
            Array.Fill(gradient, float.NaN);
            using var oracle = network.Open();
            oracle.Load(draw);
            double mean = oracle.Gradient(NetworkTests.Start(network), gradient, draw);
            Assert.True(double.IsFinite(mean));
            return gradient;
        })];
        Assert.Equal(gradients[0], gradients[1]); // the same operations in the same order on any vector width

        Network wide = new(spec, data);
        double[][] tensors = ReferenceNetwork.Tensors(wide, NetworkTests.Start(wide));
        double[][][] computed = [.. gradients.Select(gradient => ReferenceNetwork.Tensors(wide, gradient))];
        ReferenceNetwork reference = new(spec, data);
        Noise noise = draw.Noise(NoiseStream.Dropout);
        using var best = wide.Open();
        Assert.Equal(reference.MeanLoss(tensors, examples, noise), best.Gradient(NetworkTests.Start(wide), new float[wide.Dimension], draw), 1e-5);
        for (int t = 0; t < tensors.Length; t++)
            for (int i = 0; i < tensors[t].Length; i += Math.Max(1, tensors[t].Length / elements))
            {
                const double H = 1e-5;
                double at = tensors[t][i];
                tensors[t][i] = at + H;
                double above = reference.MeanLoss(tensors, examples, noise);
                tensors[t][i] = at - H;
                double below = reference.MeanLoss(tensors, examples, noise);
                tensors[t][i] = at;
                double expected = (above - below) / (2 * H) + spec.L2 * at;
                for (int k = 0; k < computed.Length; k++)
                    Assert.True(Math.Abs(expected - computed[k][t][i]) < 2e-5 * Math.Max(1, Math.Abs(expected)), $"tensor {t}, element {i}: {computed[k][t][i]}, expected {expected} (kernels {k})");
            }
    }
}
