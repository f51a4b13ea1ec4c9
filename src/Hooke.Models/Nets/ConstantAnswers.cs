using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Models.Nets;

/// <summary>Finds what the best answer scores that is the same for every example.</summary>
internal static unsafe class ConstantAnswers
{
    private const int BlockSize = 500;

    /// <summary>The frequencies, or the mean, of the training examples that are evaluated, as the answer to every test example.</summary>
    public static ConstantAnswer Of(Network network) => network.Spec.Classifies ? OfClasses(network) : OfNumbers(network);

    private static ConstantAnswer OfClasses(Network network)
    {
        int answers = network.Answers.Height, classes = network.Answers.Width * network.Answers.Channels;
        double[][] frequencies = [.. Enumerable.Range(0, answers).Select(_ => new double[classes])];
        double examples = network.Evaluated(Split.Training), loss = 0;
        ReadClasses(network, Split.Training, (answer, label) => frequencies[answer][label] += 1 / examples);
        int[] most = [.. frequencies.Select(each => Array.IndexOf(each, each.Max()))];
        double[] squares = [.. frequencies.Select(each => each.Sum(frequency => frequency * frequency))];
        long wrong = 0, count = 0;
        ReadClasses(network, Split.Test, (answer, label) =>
        {
            double frequency = frequencies[answer][label];
            // A class that was never seen has half of an example.
            loss += network.Spec.Loss == Loss.CrossEntropy ? -Math.Log(Math.Max(frequency, 0.5 / examples)) : (1 - 2 * frequency + squares[answer]) / 2;
            if (label != most[answer]) wrong++;
            count++;
        });
        return new(Math.Min((double)wrong / count, 1 - 1.0 / classes), loss / network.Evaluated(Split.Test), count);
    }

    private static ConstantAnswer OfNumbers(Network network)
    {
        double[] mean = [];
        double examples = network.Evaluated(Split.Training), loss = 0;
        ReadNumbers(network, Split.Training, numbers =>
        {
            if (mean.Length == 0) mean = new double[numbers.Length];
            for (int k = 0; k < mean.Length; k++) mean[k] += numbers[k] / examples;
        });
        ReadNumbers(network, Split.Test, numbers =>
        {
            for (int k = 0; k < mean.Length; k++) loss += (numbers[k] - mean[k]) * (numbers[k] - mean[k]);
        });
        int count = network.Evaluated(Split.Test);
        return new(null, network.LossUnit * loss / count, count);
    }

    private static void ReadClasses(Network network, Split split, Action<int, int> take)
    {
        int answers = network.Answers.Height, size = network.Answers.Width * network.Answers.Channels;
        if (network.Data.Target == TargetKind.Label)
        {
            int[] labels = new int[BlockSize];
            Read(network, split, indices =>
            {
                network.Data.ReadLabels(split, indices, labels);
                for (int k = 0; k < indices.Length; k++) take(0, labels[k]);
            });
            return;
        }
        ReadNumbers(network, split, numbers =>
        {
            for (int answer = 0; answer < answers; answer++) take(answer, Losses.Greatest(numbers.Slice(answer * size, size)));
        });
    }

    private static void ReadNumbers(Network network, Split split, ReadOnlySpanAction take)
    {
        var data = network.Data;
        int length = network.Spec.Reconstructs ? data.PixelCount : data.Target == TargetKind.Label ? 1 : data.TargetShape.Count, stride = Rows.StrideOf(length);
        using var rows = new NativeVector<float>(BlockSize * stride);
        int[] labels = new int[BlockSize];
        Read(network, split, indices =>
        {
            if (network.Spec.Reconstructs) data.ReadInputs(split, indices, rows.Pointer, stride);
            else if (data.Target != TargetKind.Label) data.ReadTargets(split, indices, rows.Pointer, stride);
            else
            {
                data.ReadLabels(split, indices, labels);
                for (int k = 0; k < indices.Length; k++) rows.Pointer[k * stride] = NetworkOracle.NumberOf(labels[k], data.Classes);
            }
            for (int k = 0; k < indices.Length; k++) take(new(rows.Pointer + (nint)k * stride, length));
        });
    }

    private static void Read(Network network, Split split, IndexAction take)
    {
        int all = network.Evaluated(split);
        int[] indices = new int[Math.Min(BlockSize, all)];
        for (int first = 0; first < all; first += BlockSize)
        {
            int count = Math.Min(BlockSize, all - first);
            for (int k = 0; k < count; k++) indices[k] = network.EvaluatedIndex(split, first + k);
            take(indices.AsSpan(0, count));
        }
    }

    private delegate void ReadOnlySpanAction(ReadOnlySpan<float> numbers);

    private delegate void IndexAction(ReadOnlySpan<int> indices);
}
