using Hooke.Methods;
using Hooke.Methods.Catalog;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>A method of the catalog with a user's choices: a row of the table that every law goes through.</summary>
internal sealed record Variant(Recipe Recipe, TimingChoice? Timing, ReadoutChoice? Readout, string Twist = "")
{
    public string Name => string.Join(", ", new[] { Recipe.Name, $"{Timing}", $"{Readout}", Twist }.Where(part => part != ""));

    /// <summary>The number of workers it runs with, where any will do.</summary>
    public int Among(int workers) => Recipe.IsSequential ? 1 : workers;

    /// <summary>The method, tame enough for the tests' quadratics.</summary>
    public Method For(int workers, int period = 4)
    {
        var values = new Dictionary<string, double>();
        void Set(string name, double value)
        {
            if (Recipe.Parameters.Concat(Recipe.Averaging(Readout ?? Recipe.Readout)).Any(p => p.Name == name)) values[name] = value;
        }
        Set("learning-rate", 0.05);
        if (Twist == "scheme 2")
        {
            Set("period-up", 2);
            Set("period-down", 3);
        }
        else
        {
            Set("period", period);
            Set("period-inner", 3);
        }
        if (Twist == "inner gradients") Set("inner-rate", 0.5);
        Set("degree", 2);
        Set("momentum", 0.9);
        Set("penalty", 1.5);
        Set("average-rate", 0.1);
        if (Twist == "decoupled") Set("center-rate", 0.35 / workers);
        if (Twist == "bounded") Set("staleness-bound", 2);
        if (Twist == "late") Set("average-from", 3);
        return Recipe.Create(new(workers)
        {
            Values = values,
            Timing = Timing,
            Readout = Readout,
            GrowingMomentum = Twist == "growing",
            AverageFromFirstDrop = Twist == "first drop",
            Rate = Twist switch
            {
                "stagnating" => new StagnationRate(3, 0.2, 2, 4),
                "first drop" => new StepwiseRate(new RateDrop(5, 2)),
                _ => new ConstantRate(),
            },
        });
    }
}

/// <summary>All variants, by name.</summary>
internal static class Variants
{
    private static readonly Dictionary<string, Variant> ByName = AllMethods.Recipes.SelectMany(Of).ToDictionary(v => v.Name);

    public static TheoryData<string> All => [.. ByName.Keys];

    /// <summary>Those whose runs do not depend on how fast a worker is.</summary>
    public static TheoryData<string> Deterministic => [.. ByName.Values.Where(IsDeterministic).Select(v => v.Name)];

    /// <summary>Those that are linear on a quadratic, whatever happened before.</summary>
    public static TheoryData<string> Linear => [.. ByName.Values.Where(IsLinear).Select(v => v.Name)];

    /// <summary>Those that are both.</summary>
    public static TheoryData<string> DeterministicLinear => [.. ByName.Values.Where(v => IsDeterministic(v) && IsLinear(v)).Select(v => v.Name)];

    /// <summary>One of each recipe and timing.</summary>
    public static TheoryData<string> Plain => [.. ByName.Values.Where(v => v is { Twist: "", Readout: null }).Select(v => v.Name)];

    /// <summary>One of each recipe, timing and read-out.</summary>
    public static TheoryData<string> Reported => [.. ByName.Values.Where(v => v.Twist is "" or "decoupled").Select(v => v.Name)];

    /// <summary>Elastic methods whose force is symmetric.</summary>
    public static TheoryData<string> Symmetric => [.. ByName.Values.Where(v => v is { Twist: "", Readout: null } && v.For(1).Coupling is Elastic).Select(v => v.Name)];

    public static Variant Find(string name) => ByName[name];

    private static bool IsDeterministic(Variant variant) => variant.Timing is TimingChoice.Synchronous or TimingChoice.RoundRobin or TimingChoice.OverlappedSynchronous;

    // A round of a tree has mail on its way, and its nodes' periods need not fit into it.
    private static bool IsLinear(Variant variant) => variant.For(1).Topology != Topology.Tree && variant.Twist is "" or "decoupled" or "bounded" or "growing";

    private static IEnumerable<Variant> Of(Recipe recipe)
    {
        TimingChoice?[] timings = recipe.IsSequential ? [null] : [.. recipe.Timings];
        foreach (var timing in timings)
        {
            yield return new(recipe, timing, null);
            foreach (var readout in new[] { ReadoutChoice.TimeAverage, ReadoutChoice.MovingAverage }) yield return new(recipe, timing, readout);
            yield return new(recipe, timing, ReadoutChoice.TimeAverage, "late");
            yield return new(recipe, timing, ReadoutChoice.MovingAverage, "first drop");
            yield return new(recipe, timing, null, "stagnating");
            if (recipe.Parameters.Any(p => p.Name == "center-rate")) yield return new(recipe, timing, null, "decoupled");
            if (recipe.Parameters.Any(p => p.Name == "scheme")) foreach (string twist in new[] { "scheme 2", "inner gradients" }) yield return new(recipe, timing, null, twist);
            if (recipe.Parameters.Contains(Parameter.StalenessBound)) yield return new(recipe, timing, null, "bounded");
            if (recipe.Parameters.Contains(Parameter.Momentum) && recipe.Name != "mdownpour") yield return new(recipe, timing, null, "growing");
        }
    }
}
