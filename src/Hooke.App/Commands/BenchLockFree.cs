using Hooke.App.LockFree;
using Hooke.Engine;
using Hooke.Models.Linear;

namespace Hooke.App.Commands;

/// <summary>
/// Times lock-free training in numbers of the data set per second: dense rows larger than any cache at every precision, beside
/// what one core can read and compute; and sparse rows with one worker and with one per core. All in turn; medians count.
/// </summary>
internal static class BenchLockFree
{
    /// <summary>Runs everything in turn, and compares medians.</summary>
    /// <param name="source">Sparse data.</param>
    /// <param name="features">Numbers in a dense row.</param>
    /// <param name="megabytes">Size of the dense floats.</param>
    /// <param name="rounds">Rounds; the medians count.</param>
    public static object Run(string source, int features, int megabytes, int rounds)
    {
        int cores = Environment.ProcessorCount;
        var dense = LinearDataCatalog.Random(Math.Max(2, (int)((long)megabytes * 250_000 / features)), features);
        var sparse = LinearResolution.Load(source, null, true, null);
        var precisions = Precision.All;
        double[] read = new double[rounds], arithmetic = new double[rounds], lone = new double[rounds], all = new double[rounds], allHot = new double[rounds];
        double[][] numbers = [.. precisions.Select(_ => new double[rounds])];
        double[][] ratios = [.. precisions.Select(_ => new double[rounds])];
        double[] scaling = new double[rounds], scalingHot = new double[rounds], ofRead = new double[rounds], ofArithmetic = new double[rounds];
        for (int round = -1; round < rounds; round++)
        {
            int at = Math.Max(round, 0); // the first round warms up
            read[at] = ReadRate(dense);
            arithmetic[at] = ArithmeticRate(features);
            for (int k = 0; k < precisions.Count; k++)
            {
                numbers[k][at] = Rate(dense, new() { Precision = precisions[k] }, 1, dense.TrainCount) * features / 1e9;
                ratios[k][at] = numbers[k][at] / numbers[0][at];
            }
            long samples = 10L * sparse.TrainCount;
            lone[at] = Rate(sparse, new(), 1, samples);
            all[at] = Rate(sparse, new(), cores, samples);
            allHot[at] = Rate(sparse, new() { Hot = int.MaxValue, MergeEvery = LinearOptions.MergeEveryFor(cores) }, cores, samples);
            (scaling[at], scalingHot[at]) = (all[at] / lone[at], allHot[at] / lone[at]);
            (ofRead[at], ofArithmetic[at]) = (numbers[0][at] * sizeof(float) / read[at], numbers[0][at] / arithmetic[at]);
        }
        double bandwidth = BenchCommand.Median(read), bound = BenchCommand.Median(arithmetic), full = BenchCommand.Median(numbers[0]);
        return new
        {
            bench = "lockfree",
            features,
            megabytes,
            rounds,
            workers = cores,
            readGigabytesPerSecond = bandwidth,
            readGnps = bandwidth / sizeof(float),
            arithmeticGnps = bound,
            d32m32Gnps = full,
            d32m32OfReadBandwidth = BenchCommand.Median(ofRead),
            d32m32OfArithmetic = BenchCommand.Median(ofArithmetic),
            dense = precisions.Select((precision, k) => new { precision = precision.ToString(), gnps = BenchCommand.Median(numbers[k]), overD32m32 = BenchCommand.Median(ratios[k]) }).ToArray(),
            sparse = sparse.Name,
            sparseNumbersPerRow = sparse.NumbersPerRow,
            examplesPerSecondOfOne = BenchCommand.Median(lone),
            examplesPerSecondOfAll = BenchCommand.Median(all),
            ratio = BenchCommand.Median(scaling),
            mergeEvery = LinearOptions.MergeEveryFor(cores),
            examplesPerSecondOfAllWithCopies = BenchCommand.Median(allHot),
            ratioWithCopies = BenchCommand.Median(scalingHot),
        };
    }

    private static double Rate(LinearData data, LinearOptions options, int workers, long samples)
    {
        using var model = new LinearModel(data, options with { Range = 4 }, 1);
        var outcome = Hogwild.Run(model, workers, 1, new(samples, 1e-4));
        return samples / (double.IsNaN(outcome.ProcessorSeconds) ? outcome.Run.Last!.Seconds : outcome.ProcessorSeconds / workers);
    }

    /// <summary>Bytes that one core reads per second, in gigabytes.</summary>
    private static double ReadRate(LinearData data)
    {
        double started = ThreadTime.Seconds;
        _ = data.Checksum();
        return data.Bytes / (ThreadTime.Seconds - started) / 1e9;
    }

    /// <summary>Numbers per second, in billions, of the same steps when all are on one row, which stays in the core's cache.</summary>
    private static double ArithmeticRate(int features)
    {
        const int Steps = 1024;
        using var model = new LinearModel(LinearDataCatalog.Random(2, features), new(), 1);
        using var learner = model.Open(0, 1);
        learner.Prepare();
        float[] rates = new float[Steps];
        Array.Fill(rates, 1e-4f);
        int repeats = Math.Max(1, 500_000_000 / Steps / features);
        double started = ThreadTime.Seconds;
        for (int k = 0; k < repeats; k++) learner.Run(new int[Steps], rates, 1, [new()]);
        return (double)repeats * Steps * features / (ThreadTime.Seconds - started) / 1e9;
    }
}
