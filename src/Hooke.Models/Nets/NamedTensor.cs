namespace Hooke.Models.Nets;

/// <summary>A part of a model's parameters in the layout that others expect, whatever the layout used for training.</summary>
/// <param name="Name">For example <c>linear1.weight</c>.</param>
/// <param name="Shape">Its dimensions: weights of a dense layer are [out, in], biases [out].</param>
/// <param name="Values">The elements, row by row.</param>
public sealed record NamedTensor(string Name, IReadOnlyList<int> Shape, float[] Values);
