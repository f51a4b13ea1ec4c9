using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Theory;
using Hooke.Theory.LinearMaps;

namespace Hooke.Samples;

/// <summary>Asks before training: is a method stable, how noisy, at which rates is it fastest; also a method of one's own.</summary>
public static class StabilityOfAMethod
{
    public static (double Radius, double Fastest) Run(TextWriter output)
    {
        var setup = new Setup(ElasticAveraging.Eamsgd, Workers: 16).With("learning-rate", 0.1).With("momentum", 0.9);
        double radius = setup.Radius();
        var noise = setup.Round().Stationary(GradientNoise.Additive(curvature: 1, deviation: 1));
        output.WriteLine($"radius {radius:f4} a round, the center's variance {noise.Center.Variance:f4}, a worker's {noise.Worker.Variance:f4}");

        var fastest = Optimum.Of(setup, new Axis("learning-rate", 0, 1), new Axis("moving-rate", -1, 1));
        output.WriteLine($"radius {fastest.Radius:f4} at learning rate {fastest.Values["learning-rate"]:f3}, moving rate {fastest.Values["moving-rate"]:f3}");

        // Local SGD with Nesterov's momentum at the center, put together from rules: its stability comes for free.
        var diloco = new Method("diloco", new GradientStep(), new Relax(1, 0.7 / 16), new CenterNesterov(0.9), Order.GaussSeidel, new Schedule(0.05, Period: 8, Timing.Synchronous));
        var round = Round.Of(diloco, workers: 16);
        output.WriteLine($"DiLoCo: radius {round.Radius(GradientNoise.None(1)):f4}");
        return (radius, fastest.Radius);
    }
}
