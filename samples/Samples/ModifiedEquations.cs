using Hooke.Theory.ModifiedEquations;

namespace Hooke.Samples;

/// <summary>Asynchronous SGD as a diffusion: its moments from paths, from a differential equation, and exactly.</summary>
public static class ModifiedEquations
{
    public static (double Path, double Equation, double Exact) Run(TextWriter output)
    {
        // f₁ = (x − 1)² and f₂ = (x + 1)² up to constants, reads with geometric staleness of mean 19.
        var f = new Translates<Parabola>(components: 2, first: 1, spacing: -2, start: 1);
        var staleness = StalenessLaw.Geometric(0.95);
        var plan = new EnsemblePlan(Paths: 4000, Steps: 100);

        var steps = Ensemble.Run(new AsynchronousSgd<Translates<Parabola>>(f, learningRate: 0.01, staleness), plan).Moments()[^1];
        var equation = new AsynchronousEquation<Translates<Parabola>>(f, learningRate: 0.01, staleness);
        var solved = Ensemble.Run(new Solution<AsynchronousEquation<Translates<Parabola>>, WeakSecondOrder>(equation, start: [1]), plan).Moments()[^1];
        var exact = new QuadraticMoments(curvature: 2, noise: 4, learningRate: 0.01).Asynchronous(staleness, start: 1, steps: 100)[^1];

        output.WriteLine($"E x² after 100 steps: {steps.SecondMoment:f5} ± {steps.SecondMomentStandardError:f5} of paths, {solved.SecondMoment:f5} of the equation, {exact.SecondMoment:f5} exactly");
        return (steps.SecondMoment, solved.SecondMoment, exact.SecondMoment);
    }
}
