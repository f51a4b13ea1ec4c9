using System.Globalization;
using Hooke.Models.Data;

namespace Hooke.Models.Linear;

/// <summary>
/// Builds the rows of a linear model from text or a generator in two passes: the first counts, the second writes, so that
/// whatever is longer than memory goes straight to a file. Features are numbered by how often they occur: those that most rows
/// share lie side by side.
/// </summary>
internal sealed unsafe class LinearDataBuilder
{
    /// <summary>So many features are always taken; more only if there are not a thousand for each number that is stored.</summary>
    private const int AlwaysFeatures = 1 << 20, FeaturesPerNumber = 1000;

    private readonly IRowSource[] sources;
    private readonly (int Source, int Piece)[] pieces;
    private readonly int workers;
    private readonly Action<int, Action<int, int>> share;
    private int[][] counts = []; // numbers in each row of a piece
    private int[] first = []; // a piece's first row
    private readonly Tally tally = new();
    private readonly double validation;
    private int[] held = []; // which training examples, of all, are held out to choose by

    /// <summary>Prepares to build.</summary>
    /// <param name="train">Training examples; a tenth are test examples if there are no others.</param>
    /// <param name="test">Test examples, or null.</param>
    /// <param name="surroundings">Who shares the work.</param>
    /// <param name="validation">Fraction of the training examples that is held out to choose by; 0 for none.</param>
    public LinearDataBuilder(IRowSource train, IRowSource? test, Surroundings surroundings, double validation = 0)
    {
        this.validation = validation;
        (workers, share) = (surroundings.Workers, surroundings.Share);
        sources = test is null ? [train] : [train, test];
        pieces = [.. sources.SelectMany((source, s) => Enumerable.Range(0, source.Pieces).Select(piece => (s, piece)))];
    }

    /// <summary>Number of rows, training and test, after <see cref="Count"/>.</summary>
    public int RowCount { get; private set; }

    /// <summary>Number of training rows.</summary>
    public int TrainCount { get; private set; }

    /// <summary>Number of validation rows, after <see cref="Count"/>.</summary>
    public int ValidationCount => held.Length;

    /// <summary>Labels of the classes, rising; none if targets are values.</summary>
    public float[] Classes { get; private set; } = [];

    /// <summary>The feature of each coordinate; −1 for the intercept.</summary>
    public int[] Order { get; private set; } = [];

    /// <summary>What the intercept's feature is; 0 for none.</summary>
    public float InterceptInput { get; private set; }

    /// <summary>Bytes of an index.</summary>
    public int IndexBytes => Rows.IndexBytesFor(Order.Length);

    /// <summary>First pass.</summary>
    /// <param name="name">For error messages.</param>
    /// <param name="dimension">Number of features; 0 for the greatest index.</param>
    /// <param name="intercept">Whether there is one.</param>
    /// <param name="task">What labels are taken for.</param>
    /// <param name="needsClasses">Whether labels that are no classes are an error.</param>
    /// <exception cref="InvalidDataSetException">There is nothing to learn, it has to be asked what labels are, or an index is out of all proportion.</exception>
    public void Count(string name, int dimension, bool intercept, TargetTask task = TargetTask.Unsaid, bool needsClasses = false)
    {
        counts = new int[pieces.Length][];
        first = new int[pieces.Length];
        Tally[] tallies = [.. Enumerable.Range(0, workers).Select(_ => new Tally())];
        share(pieces.Length, (worker, piece) =>
        {
            tallies[worker].Lengths = [];
            sources[pieces[piece].Source].Read(pieces[piece].Piece, tallies[worker]);
            counts[piece] = [.. tallies[worker].Lengths];
        });
        foreach (var each in tallies) tally.Add(each);
        long rows = 0, training = 0;
        for (int piece = 0; piece < pieces.Length; piece++)
        {
            first[piece] = (int)rows;
            rows += counts[piece].Length;
            if (pieces[piece].Source == 0) training = rows;
            if (rows > int.MaxValue) throw new InvalidDataSetException($"{name}: there are more than {int.MaxValue} rows");
        }
        if (rows == 0) throw new InvalidDataSetException($"{name}: there are no rows; expected one for each example");
        RowCount = (int)rows;
        int all = (int)(sources.Length > 1 ? training : training - Division.TestsBefore(training, training));
        if (validation > 0 && all > 1) held = [.. Division.Validation(all, validation)];
        TrainCount = all - held.Length;
        int features = dimension > 0 ? dimension : tally.Frequencies.Length;
        if (features == 0) throw new InvalidDataSetException($"{name}: no row has a feature; expected index:value after a label");
        long stored = counts.Sum(piece => piece.Sum(count => (long)count));
        if (dimension == 0 && features > AlwaysFeatures && features / FeaturesPerNumber > stored)
            throw new InvalidDataSetException(string.Create(CultureInfo.InvariantCulture, $"{name}: there are {features:N0} features, but only {stored:N0} numbers in all rows; if that is meant, :dimension={features} behind the file's name says so"));
        var frequencies = new int[features];
        tally.Frequencies[..Math.Min(features, tally.Frequencies.Length)].CopyTo(frequencies);
        int[] order = [.. Enumerable.Range(0, features)];
        Array.Sort(frequencies.Select(frequency => -frequency).ToArray(), order); // then by number, below
        SortEqual(order, frequencies);
        Order = intercept ? [-1, .. order] : order;
        InterceptInput = !intercept ? 0 : tally.Largest is > 0 and < 1 ? tally.Largest : 1;
        Classes = HasClasses(name, task, needsClasses) ? [.. tally.Labels.Order()] : [];
    }

    private bool HasClasses(string name, TargetTask task, bool needsClasses)
    {
        TargetColumn column = TargetColumn.First(name);
        int distinct = tally.Labels.Count;
        bool overflows = distinct > LinearData.MaximumClasses, many = overflows || Targets.AreMany(distinct, RowCount);
        if (task == TargetTask.Unsaid && needsClasses && tally.HasFractions)
            foreach (var (source, piece) in pieces) sources[source].Read(piece, new WholeLabels());
        bool areNumbers = task switch
        {
            TargetTask.Classes => overflows ? throw new InvalidDataSetException($"{name}: there are more than {LinearData.MaximumClasses} different labels; a linear model takes at most so many classes") : false,
            TargetTask.Numbers => true,
            TargetTask.NumbersUnlessTwo => distinct != 2 || tally.HasFractions,
            _ => tally.HasFractions || (many ? throw column.Ask(distinct, RowCount, overflows ? " (and there are more)" : "") : false),
        };
        if (areNumbers && distinct == 1) throw new InvalidDataSetException(string.Create(CultureInfo.InvariantCulture, $"{name}: the label is {tally.Labels.Single():R} in every row; there must be at least 2 different numbers to predict"));
        return !areNumbers;
    }

    /// <summary>Bytes that the rows will take.</summary>
    public long Size()
    {
        int[] all = AllCounts();
        return Rows.SparseSize(all, sizeof(float), IndexBytes);
    }

    /// <summary>Second pass: writes the rows.</summary>
    /// <param name="region">Where to, of <see cref="Size"/> bytes.</param>
    public Rows Write(Region region)
    {
        var rows = Rows.Sparse(region, AllCounts(), Order.Length, sizeof(float), IndexBytes);
        int[] coordinates = new int[Order.Length];
        for (int j = 0; j < Order.Length; j++) if (Order[j] >= 0) coordinates[Order[j]] = j;
        share(pieces.Length, (_, piece) => sources[pieces[piece].Source].Read(pieces[piece].Piece, new Writer(this, rows, coordinates, piece)));
        return rows;
    }

    /// <summary>The rows in memory.</summary>
    public LinearData ToData(string name) => new(name, Write(Region.AllocateNative(Size())), TrainCount, Classes, Order, InterceptInput, ValidationCount);

    private int Extra => InterceptInput != 0 ? 1 : 0;

    private int[] AllCounts()
    {
        int[] all = new int[RowCount];
        for (int piece = 0; piece < pieces.Length; piece++)
            for (int k = 0; k < counts[piece].Length; k++) all[Place(piece, k)] = counts[piece][k] + Extra;
        return all;
    }

    // Where a row goes: test rows behind validation rows behind training rows.
    private int Place(int piece, int k)
    {
        int row = first[piece] + k, all = TrainCount + ValidationCount, tests = sources.Length > 1 ? Math.Max(0, row - all) : (int)Division.TestsBefore(row, RowCount);
        if (sources.Length > 1 ? row >= all : Division.IsTest(row, RowCount)) return all + tests;
        int training = row - tests, place = Array.BinarySearch(held, training);
        return place >= 0 ? TrainCount + place : training - ~place;
    }

    // Sorting is not stable.
    private static void SortEqual(int[] order, int[] frequencies)
    {
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start + 1; end < order.Length && frequencies[order[end]] == frequencies[order[start]];) end++;
            Array.Sort(order, start, end - start);
        }
    }

    /// <summary>What one worker counts.</summary>
    private sealed class Tally : IRowSink
    {
        private int[] frequencies = [];
        private int used;

        /// <summary>Numbers in each row of the piece.</summary>
        public List<int> Lengths { get; set; } = [];


        /// <summary>How often each feature occurs.</summary>
        public ReadOnlySpan<int> Frequencies => frequencies.AsSpan(0, used);

        /// <summary>Different labels, one more than there may be classes at most.</summary>
        public HashSet<float> Labels { get; } = [];

        /// <summary>Whether a label is no whole number.</summary>
        public bool HasFractions { get; private set; }

        public float Largest { get; private set; }

        public void Take(float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
        {
            Lengths.Add(indices.Length);
            Note(label);
            if (indices.Length == 0) return;
            Reach(indices[^1] + 1);
            foreach (int index in indices) frequencies[index]++;
            foreach (float value in values) Largest = Math.Max(Largest, Math.Abs(value));
        }

        public void Add(Tally other)
        {
            Reach(other.used);
            for (int j = 0; j < other.used; j++) frequencies[j] += other.frequencies[j];
            Largest = Math.Max(Largest, other.Largest);
            HasFractions |= other.HasFractions;
            foreach (float label in other.Labels) Note(label);
        }

        private void Note(float label)
        {
            HasFractions |= !LibSvm.IsWhole(label);
            if (Labels.Count <= LinearData.MaximumClasses) Labels.Add(label);
        }

        private void Reach(int features)
        {
            if (features > frequencies.Length) Array.Resize(ref frequencies, (int)Math.Max(features, Math.Min(2L * frequencies.Length, Shape.MaximumCount)));
            used = Math.Max(used, features);
        }
    }

    /// <summary>Refuses the first label that is no class, so that it is named with its line.</summary>
    private sealed class WholeLabels : IRowSink
    {
        public void Take(float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values)
        {
            if (!LibSvm.IsWhole(label)) throw new UnfitLabelException("a class, which is a whole number (--model least-squares predicts numbers; :label=first behind the file's name takes each different one for a class)");
        }
    }

    /// <summary>Writes the rows of a piece.</summary>
    private sealed class Writer(LinearDataBuilder builder, Rows rows, int[] coordinates, int piece) : IRowSink
    {
        private int[] indices = new int[256];
        private float[] values = new float[256];
        private int row;

        public void Take(float label, ReadOnlySpan<int> features, ReadOnlySpan<float> numbers)
        {
            int count = features.Length + builder.Extra;
            if (count > indices.Length) (indices, values) = (new int[2 * count], new float[2 * count]);
            int at = 0;
            if (builder.Extra > 0) (indices[at], values[at++]) = (0, builder.InterceptInput);
            for (int k = 0; k < features.Length; k++) (indices[at], values[at++]) = (coordinates[features[k]], numbers[k]);
            Span<int> sorted = indices.AsSpan(0, count);
            Span<float> sortedValues = values.AsSpan(0, count);
            sorted.Sort(sortedValues);
            float target = builder.Classes.Length > 0 ? Array.BinarySearch(builder.Classes, label) : label;
            rows.Fill(builder.Place(piece, row++), target, sorted, sortedValues);
        }
    }
}
