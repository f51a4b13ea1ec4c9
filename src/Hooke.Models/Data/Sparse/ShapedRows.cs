using Hooke.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// Sparse rows of two classes that are shaped like a collection of texts: features by Zipf's law, p_k ∝ 1/(k + 10), counts damped
/// as 1 + log n and weighted by −log p, rows of length 1, labels from a hidden linear model that 3 % of the rows contradict.
/// Rows that the hidden model is unsure of are drawn anew, so that the classes can be told apart.
/// </summary>
internal sealed class ShapedRows : IRowSource
{
    private const int PieceRows = 4096;
    private readonly int rows, nonzeros;
    private readonly double[] cumulative, hidden;
    private readonly float[] weights;
    private readonly int[] names;
    private readonly double margin;

    /// <summary>Prepares to draw rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="features">Number of features.</param>
    /// <param name="nonzeros">Words of a row on average, of which most are different.</param>
    public ShapedRows(int rows, int features, int nonzeros)
    {
        (this.rows, this.nonzeros) = (rows, nonzeros);
        Noise noise = new(7, -1, 0, NoiseStream.Generation);
        (cumulative, hidden, weights, names) = (new double[features], new double[features], new float[features], new int[features]);
        Permutation permutation = new(noise, features);
        double sum = 0;
        for (int k = 0; k < features; k++) cumulative[k] = sum += 1 / (k + 10.0);
        for (int k = 0; k < features; k++)
        {
            double relative = 10 / (k + 10.0); // p_k / p_0
            (weights[k], names[k]) = ((float)Math.Log(1 / relative + 1), (int)permutation[k]);
            hidden[k] = noise.Gaussian(k) * Math.Pow(relative, 0.25);
            cumulative[k] /= sum;
        }
        // About a third of all rows is closer to the boundary.
        margin = 0.43 * Math.Sqrt(Enumerable.Range(0, 1000).Average(k => Math.Pow(Draw(new(7, 0, -1 - k, NoiseStream.Generation), new(), new()), 2)));
    }

    public int Pieces => (rows + PieceRows - 1) / PieceRows;

    public void Read<TSink>(int piece, TSink sink) where TSink : IRowSink
    {
        List<int> indices = [];
        List<float> values = [];
        for (int row = piece * PieceRows; row < Math.Min(rows, (piece + 1) * PieceRows); row++)
        {
            double score;
            Noise noise;
            int attempt = 0;
            do
            {
                noise = new(7, attempt, row, NoiseStream.Generation);
                score = Draw(noise, indices, values);
            } while (Math.Abs(score) < margin && ++attempt < 32);
            float label = score > 0 != noise.Uniform(0) < 0.03 ? 1 : -1;
            sink.Take(label, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(indices), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values));
        }
    }

    // Gives the hidden model's score.
    private double Draw(Noise noise, List<int> indices, List<float> values)
    {
        int words = (int)Math.Clamp(nonzeros * 0.93 * Math.Exp(0.55 * noise.Gaussian(2)), 5, 8 * nonzeros);
        Span<int> drawn = stackalloc int[words];
        for (int k = 0; k < words; k++)
        {
            int at = Array.BinarySearch(cumulative, noise.Uniform(4 + k));
            drawn[k] = Math.Min(at < 0 ? ~at : at, cumulative.Length - 1);
        }
        drawn.Sort();
        indices.Clear();
        values.Clear();
        double squares = 0, score = 0;
        Span<int> features = stackalloc int[words];
        Span<float> numbers = stackalloc float[words];
        int count = 0;
        for (int start = 0, end; start < words; start = end)
        {
            for (end = start + 1; end < words && drawn[end] == drawn[start];) end++;
            float value = (1 + MathF.Log(end - start)) * weights[drawn[start]];
            squares += value * value;
            score += value * hidden[drawn[start]];
            (features[count], numbers[count++]) = (names[drawn[start]], value);
        }
        features[..count].Sort(numbers[..count]);
        double norm = Math.Sqrt(squares);
        for (int k = 0; k < count; k++)
        {
            indices.Add(features[k]);
            values.Add((float)(numbers[k] / norm));
        }
        return score / norm;
    }
}
