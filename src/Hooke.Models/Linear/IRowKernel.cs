using Hooke.Numerics;

namespace Hooke.Models.Linear;

/// <summary>What a step does with a row of data and a model in memory. Written once for each layout, as a struct.</summary>
/// <typeparam name="TModel">Number type of the model.</typeparam>
internal unsafe interface IRowKernel<TModel> where TModel : unmanaged
{
    /// <summary>Asks for a row that will be needed soon.</summary>
    void Prefetch(int row);

    /// <summary>The target of a row.</summary>
    float Target(int row);

    /// <summary>z = ⟨w, x⟩.</summary>
    /// <param name="row">x.</param>
    /// <param name="model">w; its hot coordinates are in the worker's own copy, if there is one.</param>
    float Score(int row, in Place<TModel> model);

    /// <summary>w ← w + a x.</summary>
    /// <param name="row">x.</param>
    /// <param name="factor">a.</param>
    /// <param name="model">w.</param>
    /// <param name="noise">Random bits for rounding.</param>
    void Add(int row, float factor, in Place<TModel> model, in RoundingNoise noise);

    /// <summary>w ← w + a x, then z = ⟨w, x'⟩ of the row that comes next, in one pass where that is faster; the same bits.</summary>
    /// <param name="row">x.</param>
    /// <param name="factor">a.</param>
    /// <param name="model">w.</param>
    /// <param name="noise">Random bits for rounding.</param>
    /// <param name="next">x'.</param>
    float AddAndScore(int row, float factor, in Place<TModel> model, in RoundingNoise noise, int next);
}

/// <summary>Where a model is: its coordinates below <see cref="Hot"/> at one address, the others at another.</summary>
/// <param name="rest">The other coordinates: of the shared model, or of the worker's copies if it has copies of all.</param>
/// <param name="own">The worker's copies of the first coordinates, if it has copies of some.</param>
/// <param name="hot">How many those are; 0 else.</param>
/// <param name="scale">What one step of the model's grid is worth; 1 for floats.</param>
/// <typeparam name="T">Number type.</typeparam>
internal readonly unsafe struct Place<T>(T* rest, T* own, int hot, float scale) where T : unmanaged
{
    /// <summary>Where the coordinates from <see cref="Hot"/> on are, as if all were there.</summary>
    public readonly T* Rest = rest;

    /// <summary>Where the coordinates below <see cref="Hot"/> are.</summary>
    public readonly T* Own = own;

    /// <summary>How many coordinates are apart from the others.</summary>
    public readonly int Hot = hot;

    /// <summary>What one step of the grid is worth.</summary>
    public readonly float Scale = scale;

    /// <summary>All of it, for dense rows: the worker has copies of all coordinates, or of none.</summary>
    public T* Whole => Rest;
}
