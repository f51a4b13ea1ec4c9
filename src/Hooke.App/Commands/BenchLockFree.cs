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
        var sparse = parts.Sparse ? LinearResolution.Load(source, true, null) : null;
        var precisions = Precision.All;
        int cores = Environment.ProcessorCount;
        var ofDense = new (double Read, double[] Steps, double[] Arithmetic)[rounds];
        double[][] ofSparse = new double[rounds][];
        for (int round = -1; round < rounds; round++)
        {
            int at = Math.Max(round, 0); // the first round warms up
            if (dense is not null)
            {
                var (read, full) = ReadAndStepRates(dense);
                ofDense[at] = (read, [.. precisions.Select(precision => (precision == Precision.Full ? full : Rate(dense, new() { Precision = precision }, 1, dense.TrainCount)) * features / 1e9)], [.. precisions.Select(precision => ArithmeticRate(features, precision))]);
            }
            if (sparse is null) continue;
            long samples = 10L * sparse.TrainCount;
            ofSparse[at] = [Rate(sparse, new(), 1, samples), Rate(sparse, new(), cores, samples), Rate(sparse, new() { Hot = int.MaxValue, MergeEvery = LinearOptions.MergeEveryFor(cores) }, cores, samples)];
        }
        double Dense(Func<(double Read, double[] Steps, double[] Arithmetic), double> of) => BenchCommand.Median([.. ofDense.Select(of)]);
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
                readGigabytesPerSecond = Dense(each => each.Read),
                readGnps = Dense(each => each.Read) / sizeof(float),
                arithmeticGnps = Dense(each => each.Arithmetic[0]),
                d32m32Gnps = Dense(each => each.Steps[0]),
                d32m32OfReadBandwidth = Dense(each => each.Steps[0] * sizeof(float) / each.Read),
                d32m32OfArithmetic = Dense(each => each.Steps[0] / each.Arithmetic[0]),
                precisions = precisions.Select((precision, k) => new { precision = precision.ToString(), gnps = Dense(each => each.Steps[k]), arithmeticGnps = Dense(each => each.Arithmetic[k]), overD32m32 = Dense(each => each.Steps[k] / each.Steps[0]) }).ToArray(),
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
        => samples / Seconds(data, options, workers, 1, samples);

    // Of each worker.
    private static double Seconds(LinearData data, LinearOptions options, int workers, ulong seed, long samples)
    {
        using var model = new LinearModel(data, options with { Range = 4 }, seed);
        var outcome = Hogwild.Run(model, workers, seed, new(samples, 1e-4));
        return double.IsNaN(outcome.ProcessorSeconds) ? outcome.Run.Last!.Seconds : outcome.ProcessorSeconds / workers;
    }

    /// <summary>Gigabytes that one core reads per second, and examples per second of one worker with floats: in turn, for what memory gives changes from one moment to the next.</summary>
    private static (double Read, double Steps) ReadAndStepRates(LinearData data)
    {
        const long TurnBytes = 1 << 28;
        int turns = (int)Math.Max(1, data.Bytes / TurnBytes);
        double reading = 0, stepping = 0;
        for (int turn = 0; turn < turns; turn++)
        {
            double started = ThreadTime.Seconds;
            _ = data.Checksum(turn, turns);
            reading += ThreadTime.Seconds - started;
            stepping += Seconds(data, new(), 1, (ulong)turn, data.TrainCount / turns);
        }
        return (data.Bytes / reading / 1e9, data.TrainCount / turns * turns / stepping);
    }

    /// <summary>Numbers per second, in billions, of the same steps when all are on one row, which stays in the core's cache.</summary>
    private static double ArithmeticRate(int features, Precision precision)
    {
        const int Steps = 1024;
        using var model = new LinearModel(LinearDataCatalog.Random(2, features), new() { Precision = precision, Range = 4 }, 1);
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
