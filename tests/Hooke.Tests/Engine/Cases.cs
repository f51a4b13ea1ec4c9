using Hooke.Engine;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Runs;

namespace Hooke.Tests.Engine;

/// <summary>Methods of the catalog as the tests of the engine run them.</summary>
internal static class Cases
{
    public static IEnumerable<string> Names => AllMethods.Recipes.Select(recipe => recipe.Name);

    /// <summary>Every recipe that can have a timing.</summary>
    public static IEnumerable<(string Name, TimingChoice Timing)> With(params TimingChoice[] timings)
        => from recipe in AllMethods.Recipes from timing in timings where recipe.Timings.Contains(timing) select (recipe.Name, timing);

    public static Method Method(string name, int workers, TimingChoice? timing = null, int? period = null, Func<Choices, Choices>? with = null, params (string Name, double Value)[] values)
    {
        var recipe = AllMethods.Find(name);
        var all = values.ToDictionary(value => value.Name, value => value.Value);
        if (recipe.Parameters.Any(parameter => parameter.Name == "period") && !all.ContainsKey("period-up")) all.TryAdd("period", period ?? 3);
        var choices = new Choices(workers) { Values = all, Timing = timing };
        return recipe.Create(with?.Invoke(choices) ?? choices);
    }

    public static Star<float> Star(Method method, int workers, TestObjective? objective = null, Initialization initialization = Initialization.Shared)
        => Threads.Prepare(method, objective ?? new TestObjective(), workers, seed: 11, initialization);

    /// <summary>Runs with a bound on every wait, so that a deadlock fails.</summary>
    public static RunOutcome Run(Star<float> star, RunPlan plan, Recorder? recorder = null, Hooke.Engine.Checkpoints.CheckpointReader<float>? resume = null, CancellationToken stop = default)
        => Threads.Run(star, plan.WaitLimit == TimeSpan.FromMinutes(10) ? plan with { WaitLimit = TestObjective.Patience } : plan, recorder, resume, stop);
}
