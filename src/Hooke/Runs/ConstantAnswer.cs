namespace Hooke.Runs;

/// <summary>
/// What the best answer scores on the test set that is the same for every example: the most frequent class of the training examples, or the mean
/// of their numbers. A model that does no better has learned nothing.
/// </summary>
/// <param name="Error">Fraction of the test answers that it gets wrong, where answers are right or wrong.</param>
/// <param name="Loss">Its loss on the test set, as the trace reports losses: frequencies of classes are its probabilities.</param>
/// <param name="Answers">Test answers.</param>
public sealed record ConstantAnswer(double? Error, double Loss, long Answers);
