using Hooke.Methods;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Samples;

/// <summary>A method of one's own: a record of rules, varied with <c>with</c>.</summary>
public static class OwnMethod
{
    public static double Run(TextWriter output)
    {
        // EASGD in Gauss–Seidel form, symmetric, in rounds …
        var method = new Method("mine", new GradientStep(), new Relax(MovingRate: 0.3, CenterRate: 0.3), new Accumulate(), Order.GaussSeidel,
            new Schedule(LearningRate: 0.1, Period: 5, Timing.Synchronous));
        // … with heavy-ball workers, a center that has momentum too, and a time average as the result.
        method = method with { Local = new HeavyBall(0.5), Center = new CenterNesterov(0.5), Readout = new TimeAverage() };

        using var star = new Star<double>(method, new DoubleWell<double>(start: [0.1], deviation: 0.1), workers: 3, seed: 7);
        Turns.Run(star, steps: 500);

        var report = new double[1];
        star.Report(report);
        output.WriteLine($"the workers ended in the well at {Math.Sign(report[0])}: average {report[0]:f2}");
        return report[0];
    }
}
