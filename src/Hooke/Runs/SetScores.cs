using Hooke.Problems;

namespace Hooke.Runs;

/// <summary>How a model scores on the sets that it is evaluated on.</summary>
/// <param name="Training">On a fixed subset of the training examples.</param>
/// <param name="Test">On the test examples.</param>
/// <param name="Validation">On the validation examples; null if there are none.</param>
internal readonly record struct SetScores(Score Training, Score Test, Score? Validation)
{
    private static readonly Split[] Splits = [Split.Training, Split.Test, Split.Validation];

    /// <summary>Evaluates all sets, each in its blocks.</summary>
    /// <param name="blocks">Number of blocks of a set.</param>
    /// <param name="share">Performs pieces of work: how many there are, and what an evaluator does with a piece; in any order.</param>
    /// <param name="evaluate">An evaluator's score of a block.</param>
    public static SetScores Measure(Func<Split, int> blocks, Action<int, Action<int, int>> share, Func<int, Split, int, Score> evaluate)
    {
        (Split Split, int Block)[] pieces = [.. from split in Splits from block in Enumerable.Range(0, blocks(split)) select (split, block)];
        var scores = new Score[pieces.Length];
        share(pieces.Length, (evaluator, piece) => scores[piece] = evaluate(evaluator, pieces[piece].Split, pieces[piece].Block));
        Score? Sum(Split split)
        {
            Score[] own = [.. scores.Where((_, piece) => pieces[piece].Split == split)];
            return own.Length == 0 ? null : own.Aggregate((a, b) => a + b);
        }
        return new(Sum(Split.Training)!.Value, Sum(Split.Test)!.Value, Sum(Split.Validation));
    }

    /// <summary>The loss that is not finite, in words; null if all are.</summary>
    public string? NotFinite => !double.IsFinite(Training.LossSum) ? $"the training loss is {Training.Loss}"
        : !double.IsFinite(Test.LossSum) ? $"the test loss is {Test.Loss}"
        : Validation is { } validation && !double.IsFinite(validation.LossSum) ? $"the validation loss is {validation.Loss}" : null;
}
