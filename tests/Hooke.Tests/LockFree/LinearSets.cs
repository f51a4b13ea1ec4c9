using Hooke.Models.Data;
using Hooke.Models.Linear;

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
