using Hooke.Models.Data;
using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>What loading data needs of a world with threads and clocks.</summary>
/// <param name="Workers">How many threads share the work.</param>
/// <param name="Share">Performs pieces of work: how many there are, and what a worker does with a piece.</param>
/// <param name="TimeOf">When a file was last written: any number that changes with it.</param>
/// <param name="Notice">Told what may surprise or takes long, if not null.</param>
public sealed record Surroundings(int Workers, Action<int, Action<int, int>> Share, Func<string, long> TimeOf, Action<string>? Notice = null);

/// <summary>Data sets for linear models: sparse text, generated sets, and every other set of labels or numbers as dense rows.</summary>
public static class LinearDataCatalog
{
    /// <summary>A set that is generated in the shape of one that the literature uses.</summary>
    /// <param name="Name">Its name on the command line.</param>
    /// <param name="Description">One line: what it is.</param>
    /// <param name="Reference">What has the shape.</param>
    /// <param name="Rows">Examples, of which a tenth are test examples.</param>
    /// <param name="Features">Features.</param>
    /// <param name="Nonzeros">Words of a row; 0 for dense rows.</param>
    public sealed record Entry(string Name, string Description, string Reference, int Rows, int Features, int Nonzeros);

    /// <summary>Generated sets.</summary>
    public static IReadOnlyList<Entry> Entries { get; } =
    [
        new("rcv1-shaped", "sparse rows shaped like RCV1's news", "after Lewis et al., JMLR 2004", 120_000, 47_236, 75),
        new("reuters-shaped", "sparse rows shaped like Reuters-21578's news", "after De Sa et al., NIPS 2015", 8_293, 18_933, 50),
        new("forest-shaped", "dense rows shaped like those of forest cover types", "after Blackard, Dean, 1999", 200_000, 54, 0),
        new("music-shaped", "dense rows shaped like those of the Million Song Dataset", "after Bertin-Mahieux et al., 2011", 200_000, 91, 0),
    ];

    /// <summary>Whether a text names a set, whatever lies at a path that is spelled like it.</summary>
    /// <param name="text">A name or a path.</param>
    public static bool IsName(string text) => text == DebianText.Name || Entries.Any(entry => entry.Name == text) || DataCatalog.IsName(text);

    /// <summary>Loads a data set.</summary>
    /// <param name="nameOrPath">A generated set's name; a .svm, .libsvm or .svmlight file, perhaps with <c>:dimension=N</c>; or what <see cref="DataCatalog"/> loads.</param>
    /// <param name="intercept">Whether models have one.</param>
    /// <param name="surroundings">What the models have not.</param>
    /// <param name="options">What was said of text files, if anything.</param>
    /// <param name="needsClasses">Whether models tell classes apart: then labels that are none are an error that names the line.</param>
    /// <param name="validation">Fraction of the training examples that is held out to choose by; 0 for none.</param>
    /// <exception cref="InvalidDataSetException">The name is unknown, files are missing or damaged, or there is nothing to learn.</exception>
    public static LinearData Load(string nameOrPath, bool intercept, Surroundings surroundings, TextOptions? options = null, bool needsClasses = false, double validation = 0)
    {
        if (nameOrPath == DebianText.Name)
        {
            if (!File.Exists(DebianText.File)) throw new InvalidDataSetException($"{DebianText.Name} is not at {DebianText.File}; `hooke data {DebianText.Name}` builds it");
            Download.CheckSums(DebianText.Folder, DebianText.Name);
            nameOrPath = DebianText.File;
        }
        if (Entries.FirstOrDefault(entry => entry.Name == nameOrPath) is { } entry)
        {
            options?.RefuseFor(nameOrPath);
            if (entry.Nonzeros == 0) return LinearData.Of(validation > 0 ? Dense(entry).WithValidation(validation) : Dense(entry), intercept);
            LinearDataBuilder builder = new(new ShapedRows(entry.Rows, entry.Features, entry.Nonzeros), null, surroundings, validation);
            builder.Count(entry.Name, entry.Features, intercept);
            return builder.ToData(entry.Name);
        }
        if (DataCatalog.Entries.All(known => known.Name != nameOrPath) && DataSource.Find(nameOrPath, options) is { Kind: SourceKind.Sparse } source)
        {
            LinearData data = LinearDataFile.Load(source, intercept, needsClasses, validation, surroundings);
            data.Names = data.Names with { IndexBase = source.Options.IndexBase ?? 1 };
            data.CheckClasses(surroundings.Notice);
            return data;
        }
        return LinearData.Of(DataCatalog.Load(nameOrPath, surroundings.Notice, options, validation), intercept);
    }

    /// <summary>Dense rows of random numbers in two classes that nothing tells apart: for benchmarks, which ask for any numbers, quickly.</summary>
    /// <param name="rows">How many, of which the last is the test example.</param>
    /// <param name="features">Numbers in a row.</param>
    public static unsafe LinearData Random(int rows, int features)
    {
        var all = Rows.Dense(rows, features, sizeof(float));
        uint state = 1;
        for (int row = 0; row < rows; row++)
        {
            float* values = (float*)all.Values(row);
            for (int j = 0; j < features; j++) values[j] = ((state = state * 1664525 + 1013904223) >> 8) * (2f / (1 << 24)) - 1;
            all.Target(row) = state >> 31;
        }
        return new("random", all, rows - 1, [0, 1], [.. Enumerable.Range(0, features)], 0);
    }

    // Numbers of deviation 1 with a common part, and labels from a hidden linear model with noise.
    private static DataSet Dense(Entry entry)
    {
        int test = entry.Rows / 10, train = entry.Rows - test, features = entry.Features;
        float[] inputs = new float[(long)entry.Rows * features];
        int[] labels = new int[entry.Rows];
        double[] hidden = new double[features];
        Noise first = new(7, -1, 0, NoiseStream.Generation);
        for (int j = 0; j < features; j++) hidden[j] = first.Gaussian(j) / Math.Sqrt(features);
        for (int row = 0; row < entry.Rows; row++)
        {
            Noise noise = new(7, 0, row, NoiseStream.Generation);
            double common = noise.Gaussian(0), score = 0;
            for (int j = 0; j < features; j++)
            {
                double value = 0.9 * noise.Gaussian(2 + j) + 0.44 * common;
                inputs[(long)row * features + j] = (float)value;
                score += hidden[j] * value;
            }
            labels[row] = score + 0.3 * noise.Gaussian(2 + features) > 0 ? 1 : 0;
        }
        long divide = (long)train * features;
        return DataSet.FromFloats(entry.Name, entry.Description, new(1, 1, features), 2, inputs[..(int)divide], labels[..train], inputs[(int)divide..], labels[train..]);
    }
}
