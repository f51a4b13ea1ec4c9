using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Numerics;

namespace Hooke.Tests.Models;

/// <summary>A fully connected network written out in double precision on [out, in] weights, one example at a time.</summary>
internal sealed class ReferenceNetwork(NetworkSpec spec, DataSet data)
{
    /// <summary>Outputs for an example; noise gives dropout's mask, null evaluates.</summary>
    public double[] Outputs(double[][] tensors, ReadOnlySpan<byte> pixels, int place, Noise? noise)
    {
        double[] a = new double[pixels.Length];
        for (int i = 0; i < a.Length; i++) a[i] = (pixels[i] / 255.0 - data.Mean) / data.Deviation;
        int block = place * spec.Hidden.Sum(units => (units + 63) / 64 * 8);
        for (int layer = 0; 2 * layer < tensors.Length; layer++)
        {
            double[] weights = tensors[2 * layer], biases = tensors[2 * layer + 1], z = new double[biases.Length];
            for (int o = 0; o < z.Length; o++)
            {
                z[o] = biases[o];
                for (int i = 0; i < a.Length; i++) z[o] += weights[o * a.Length + i] * a[i];
            }
            a = z;
            if (layer == spec.Hidden.Count) break;
            for (int u = 0; u < a.Length; u++)
            {
                a[u] = spec.Activation switch { Activation.Relu => Math.Max(0, z[u]), Activation.Tanh => Math.Tanh(z[u]), _ => 1 / (1 + Math.Exp(-z[u])) };
                if (spec.Dropout > 0 && noise is { } bits) a[u] *= Factor(bits, block, u);
            }
            block += (a.Length + 63) / 64 * 8;
        }
        return a;
    }

    public double Loss(double[] y, int label)
        => spec.Loss == Hooke.Models.Nets.Loss.CrossEntropy
            ? Math.Log(y.Sum(v => Math.Exp(v - y.Max()))) + y.Max() - y[label]
            : y.Select((v, j) => (v - (j == label ? 1 : 0)) * (v - (j == label ? 1 : 0))).Sum() / 2;

    public double MeanLoss(double[][] tensors, ReadOnlySpan<int> examples, Noise noise)
    {
        double sum = 0;
        for (int k = 0; k < examples.Length; k++)
            sum += Loss(Outputs(tensors, data.TrainPixels.Slice(examples[k] * data.PixelCount, data.PixelCount), k, noise), data.TrainLabels[examples[k]]);
        return sum / examples.Length;
    }

    private double Factor(Noise noise, int firstBlock, int unit)
    {
        int inGroup = unit % 64;
        var (a, b, c, d) = noise.Block((uint)(firstBlock + unit / 64 * 8 + inGroup % 32 / 4));
        uint word = ((inGroup >= 32 ? 2 : 0) + inGroup % 4 / 2) switch { 0 => a, 1 => b, 2 => c, _ => d };
        uint bits = unit % 2 == 0 ? word & 0xFFFF : word >> 16, threshold = (uint)Math.Round(spec.Dropout * 65536);
        return bits < threshold ? 0 : 65536.0 / (65536 - threshold);
    }

    /// <summary>Small data of random bytes.</summary>
    public static DataSet RandomData(int height, int width, int classes, int train, int test = 20)
    {
        byte[] Bytes(int count, int stream, int bound)
        {
            Noise noise = new(5, stream, 0, NoiseStream.Generation);
            byte[] bytes = new byte[count];
            for (int k = 0; k < count; k++) bytes[k] = (byte)noise.Integer(k, bound);
            return bytes;
        }
        int pixels = height * width;
        return new("random", "random bytes", new(height, width, 1), classes, Bytes(train * pixels, 0, 256), Bytes(train, 1, classes), Bytes(test * pixels, 2, 256), Bytes(test, 3, classes));
    }

    /// <summary>A network's parameters in double precision.</summary>
    public static double[][] Tensors(Network network, ReadOnlySpan<float> x)
        => [.. network.Tensors(x).Select(tensor => tensor.Values.Select(v => (double)v).ToArray())];
}
