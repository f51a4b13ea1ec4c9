using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Where an algorithm written by hand is after an iteration of every worker.</summary>
/// <param name="Center">x̃, or x of a sequential method.</param>
/// <param name="Workers">xⁱ.</param>
/// <param name="Report">What is reported; the center if left out.</param>
internal sealed record Place(Vec Center, Vec[] Workers, Vec? Report = null);

/// <summary>What algorithms written by hand share: the problem, p workers at its start, and the comparison with the library.</summary>
internal sealed class ByHand(int workers)
{
    private readonly ExampleQuadratic<double> problem = new();

    public int Count => workers;

    /// <summary>Where runs start.</summary>
    public Vec Start => new([.. problem.Start]);

    public Vec Zero => Vec.Zero(problem.Dimension);

    /// <summary>The same vector for every worker.</summary>
    public Vec[] Each(Vec x) => [.. Enumerable.Repeat(x, workers)];

    /// <summary>gⁱ_t(x): worker i's example at its step t.</summary>
    public Vec Gradient(Vec x, int i, long t) => Gradient(x, i, t, out _);

    public Vec Gradient(Vec x, int i, long t, out double loss)
    {
        var g = new double[problem.Dimension];
        loss = problem.Gradient(x.Values, g, new Draw(0, i, t, t * workers + i, 1));
        return new(g);
    }

    public Vec FullGradient(Vec x)
    {
        var g = new double[problem.Dimension];
        problem.Gradient(x.Values, g, new Draw(0, 0, 0, 0, Draw.Full));
        return new(g);
    }

    /// <summary>Makes a method of the catalog for these workers.</summary>
    public Method Make(string name, TimingChoice? timing, params (string Name, double Value)[] values) => Make(name, new Choices(workers) { Timing = timing }, values);

    public Method Make(string name, Choices choices, params (string Name, double Value)[] values)
        => AllMethods.Find(name).Create(choices with { Values = values.ToDictionary(v => v.Name, v => v.Value) });

    /// <summary>Asserts that a method in turns is where the algorithm is, after every iteration.</summary>
    public void AssertIs(Method method, IEnumerable<Place> algorithm, int iterations = 23)
    {
        using var star = new Star<double>(method, problem, workers);
        foreach (var place in algorithm.Take(iterations))
        {
            Turns.Run(star, 1);
            Assert.InRange(Play.Distance(place.Center.Values, star.Center), 0, 1e-12);
            for (int i = 0; i < workers; i++) Assert.InRange(Play.Distance(place.Workers[i].Values, star.Workers[i].X), 0, 1e-12);
            Assert.InRange(Play.Distance((place.Report ?? place.Center).Values, Play.Report(star)), 0, 1e-12);
        }
        Assert.Equal(iterations, star.Workers[0].Steps);
    }
}
