using Hooke.Engine;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Runs;

namespace Hooke.Tests.LockFree;

/// <summary>Small data sets for linear models.</summary>
internal static class LinearSets
{
    public static Surroundings Alone { get; } = new(1, (pieces, perform) =>
    {
        for (int piece = 0; piece < pieces; piece++) perform(0, piece);
    }, _ => 0);

    /// <summary>Rows of (label, (feature from 0, value)…); every tenth is a test example.</summary>
    public static LinearData Sparse(IReadOnlyList<(float Label, (int Feature, float Value)[] Numbers)> rows, int features, bool intercept = false)
    {
        LinearDataBuilder builder = new(new Given(rows), null, Alone);
        builder.Count("given", features, intercept);
        return builder.ToData("given");
    }

    /// <summary>Texts of few words, easy to tell apart.</summary>
    public static LinearData Texts(int rows = 4000, int features = 2000, int words = 20)
    {
        LinearDataBuilder builder = new(new ShapedRows(rows, features, words), null, Alone);
        builder.Count("texts", features, intercept: true);
        return builder.ToData("texts");
    }

    /// <summary>The weights that a run ends with.</summary>
    public static float[] Weights(LinearData data, LinearOptions options, int workers, LockFreePlan plan)
    {
        using LinearModel model = new(data, options, 1);
        Hogwild.Run(model, workers, 1, plan);
        float[] weights = new float[data.Features];
        model.Export(0, weights);
        return weights;
    }

    /// <summary>The examples of whole windows from the first, at least so many.</summary>
    public static List<int> Order(Windows windows, long samples)
    {
        int[] order = new int[Windows.Size];
        List<int> examples = [];
        for (long window = 0; examples.Count < samples; window++) examples.AddRange(order.AsSpan(0, windows.Fill(window, order)));
        return examples;
    }

    private sealed class Given(IReadOnlyList<(float Label, (int Feature, float Value)[] Numbers)> rows) : IRowSource
    {
        public int Pieces => 1;

        public void Read<TSink>(int piece, TSink sink) where TSink : IRowSink
        {
            foreach (var (label, numbers) in rows)
                sink.Take(label, numbers.Select(number => number.Feature).ToArray(), numbers.Select(number => number.Value).ToArray());
        }
    }
}
