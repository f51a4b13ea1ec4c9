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
    /// <param name="parts">Whether dense rows are timed, and whether sparse ones are.</param>
    /// <param name="source">Sparse data.</param>
    /// <param name="features">Numbers in a dense row.</param>
    /// <param name="megabytes">Size of the dense floats.</param>
    /// <param name="rounds">Rounds; the medians count.</param>
    public static object Run((bool Dense, bool Sparse) parts, string source, int features, int megabytes, int rounds)
    {
        var dense = parts.Dense ? LinearDataCatalog.Random(Math.Max(2, (int)((long)megabytes * 250_000 / features)), features) : null;
        var sparse = parts.Sparse ? LinearResolution.Load(source, null, true, null) : null;
        var precisions = Precision.All;
        int cores = Environment.ProcessorCount;
        double[][] ofDense = new double[rounds][], ofSparse = new double[rounds][];
        for (int round = -1; round < rounds; round++)
        {
            int at = Math.Max(round, 0); // the first round warms up
            if (dense is not null) ofDense[at] = [ReadRate(dense), .. precisions.Select(precision => Rate(dense, new() { Precision = precision }, 1, dense.TrainCount) * features / 1e9), ArithmeticRate(features)];
            if (sparse is null) continue;
            long samples = 10L * sparse.TrainCount;
            ofSparse[at] = [Rate(sparse, new(), 1, samples), Rate(sparse, new(), cores, samples), Rate(sparse, new() { Hot = int.MaxValue, MergeEvery = LinearOptions.MergeEveryFor(cores) }, cores, samples)];
        }
        double Dense(Func<double[], double> of) => BenchCommand.Median([.. ofDense.Select(of)]);
        double Sparse(Func<double[], double> of) => BenchCommand.Median([.. ofSparse.Select(of)]);
        return new
        {
            bench = "lockfree",
            rounds,
            workers = cores,
            dense = dense is null ? null : new
            {
                features,
                megabytes,
                readGigabytesPerSecond = Dense(each => each[0]),
                readGnps = Dense(each => each[0]) / sizeof(float),
                arithmeticGnps = Dense(each => each[^1]),
                d32m32Gnps = Dense(each => each[1]),
                d32m32OfReadBandwidth = Dense(each => each[1] * sizeof(float) / each[0]),
                d32m32OfArithmetic = Dense(each => each[1] / each[^1]),
                precisions = precisions.Select((precision, k) => new { precision = precision.ToString(), gnps = Dense(each => each[k + 1]), overD32m32 = Dense(each => each[k + 1] / each[1]) }).ToArray(),
            },
            sparse = sparse is null ? null : new
            {
                data = sparse.Name,
                numbersPerRow = sparse.NumbersPerRow,
                examplesPerSecondOfOne = Sparse(each => each[0]),
                examplesPerSecondOfAll = Sparse(each => each[1]),
                ratio = Sparse(each => each[1] / each[0]),
                mergeEvery = LinearOptions.MergeEveryFor(cores),
                examplesPerSecondOfAllWithCopies = Sparse(each => each[2]),
                ratioWithCopies = Sparse(each => each[2] / each[0]),
            },
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
