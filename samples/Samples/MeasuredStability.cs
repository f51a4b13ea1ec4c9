using Hooke.Methods.Catalog;
using Hooke.Theory.Bounds;
using Hooke.Theory.Stability;

namespace Hooke.Samples;

/// <summary>How far a run moves when one of its examples is exchanged, beside what the theory allows.</summary>
public static class MeasuredStability
{
    public static (double Measured, double Allowed) Run(TextWriter output)
    {
        // Logistic regression on inputs of length 1: L = 1 and β = 1/4 are proved, not estimated.
        var loss = new LogisticRegression(Inputs: 10);
        var method = Sequential.Sgd.For(workers: 1, ("learning-rate", 1.0));

        // A hundred pairs of runs; the samples of a pair differ in one of 50 examples.
        var curve = TwinRuns.Measure(method, loss, new TwinPlan(Examples: 50, Steps: 200, Repetitions: 100));
        var last = curve.Points[^1];
        output.WriteLine($"{curve.Bound}: {last.Distance.Mean:f3} apart, {last.DistanceBound:f3} allowed; gap {last.Gap.Mean:f3} of {last.GapBound:f3}");

        // The same bound by name, as on the command line.
        double allowed = AllBounds.Find("survey-theorem-9").At(("lipschitz", 1), ("examples", 50), ("steps", 200), ("learning-rate", 1.0), ("smoothness", 0.25));
        output.WriteLine($"a generalization gap of {allowed:f3} is allowed after 200 steps");
        return (last.Gap.Mean, allowed);
    }
}
