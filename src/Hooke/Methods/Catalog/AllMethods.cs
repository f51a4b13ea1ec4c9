namespace Hooke.Methods.Catalog;

/// <summary>All methods, by name.</summary>
public static class AllMethods
{
    /// <summary>Every recipe.</summary>
    public static IReadOnlyList<Recipe> Recipes { get; } =
    [
        Sequential.GradientDescent, Sequential.Sgd, Sequential.Msgd, Sequential.HeavyBall, Sequential.AveragedSgd, Sequential.MovingAveragedSgd,
        ElasticAveraging.Easgd, ElasticAveraging.GaussSeidel, ElasticAveraging.Eamsgd, ElasticAveraging.EamsgdHeavyBall,
        Downpour.Plain, Downpour.Momentum, Downpour.Averaged, Downpour.MovingAveraged, Downpour.AsynchronousSgd, Downpour.MiniBatch,
        Multipliers.Admm, Multipliers.WithMomentum,
        Tree.Easgd, Tree.Eamsgd, Tree.Downpour,
    ];

    /// <summary>Finds a recipe.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Recipe Find(string name) => Recipes.FirstOrDefault(r => r.Name == name)
        ?? throw new ArgumentException($"method is {name}; it must be one of {string.Join(", ", Recipes.Select(r => r.Name))}");
}
