using System.CommandLine;
using Hooke.App.Training;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Commands;

/// <summary><c>hooke sme batch</c>: the optimal course of the batch size. [AnLuYing18, sec. 4]</summary>
internal static class SmeBatchCommand
{
    private const string GradientFlow = "gradient-flow", Asynchronous = "asynchronous";
    private const int MostSteps = 1_000_000;

    public static Command Create()
    {
        var command = new Command("batch", "The batch size that pays best, step by step: small while the gradient decides, growing where the noise does.");
        TextOption curvature = SmeCommand.Curvature(), staleness = SmeCommand.Staleness("0.9"), learningRate = SmeCommand.LearningRate("0.02"),
            noise = new("noise", SmeCommand.Group, "Σ", "variance of a component's gradient", "1"),
            horizon = new("horizon", SmeCommand.Group, "T", "how long the run is, on the clock", "20"),
            cost = new("cost", SmeCommand.Group, "γ", "of a sample, in units of E x²", "1e-6"),
            clock = new("clock", SmeCommand.Group, "name", $"{GradientFlow}, t = kη as in the paper's figure 6, or {Asynchronous}, the equations' own t = k√(η(1−μ))", GradientFlow),
            batch = new("batch", SmeCommand.Group, "b", "batch size that grows", "1");
        SmeCommand.Set(command, [curvature, staleness, learningRate, noise, horizon, cost, clock, batch], invocation =>
        {
            double a = SmeCommand.Positive(invocation, curvature), mu = SmeCommand.Fraction(invocation, staleness), eta = SmeCommand.Positive(invocation, learningRate);
            int size = (int)SmeCommand.Whole(invocation, batch, 1, 1 << 20);
            Clock own = Clock.Asynchronous(eta, mu), flow = Clock.GradientFlow(eta);
            string name = SmeCommand.Text(invocation, clock);
            var on = name switch { GradientFlow => flow, Asynchronous => own, _ => throw Setting.Wrong("clock", name, $"{GradientFlow} or {Asynchronous}") };
            var optimal = new OptimalBatch(a, mu, eta, SmeCommand.AtLeast0(invocation, noise), SmeCommand.Positive(invocation, horizon), SmeCommand.Positive(invocation, cost));
            double exactSteps = on.StepOf(optimal.Horizon);
            if (!(Math.Round(exactSteps) is >= 1 and <= MostSteps)) throw new BadInputException(FormattableString.Invariant($"horizon is {optimal.Horizon}, {exactSteps:g6} steps; it must be 1 to {MostSteps} steps"));
            int steps = (int)Math.Round(exactSteps);
            var shape = optimal.Schedule(on, size);
            int[] schedule = [.. Enumerable.Range(0, steps).Select(k => shape.At(k))];
            double transition = Math.Clamp(shape.From, 0, steps), consistent = Math.Clamp(steps - own.StepOf(optimal.Growth), 0, steps);
            var screen = invocation.Screen;
            if (optimal.Growth == 0) screen.Line(FormattableString.Invariant($"the cost {optimal.Cost} is not below {optimal.CriticalCost:g6}: larger batches never pay, in {steps:n0} steps the batch size stays {size}"));
            else
            {
                screen.Line(FormattableString.Invariant($"batches of {size} up to step {Math.Round(transition):n0} of {steps:n0}, then growing to {shape.Most} at the end; {schedule.Sum(b => (long)b):n0} samples"));
                screen.Line($"as an option: hooke sme run --batch {BatchShapes.Text(shape)}");
            }
            if (name == GradientFlow && Math.Round(consistent) != Math.Round(transition))
                screen.Line(FormattableString.Invariant($"on the equations' own clock, t = k√(η(1−μ)), batches would grow from step {Math.Round(consistent):n0}"));
            invocation.Print(new
            {
                transitionStep = (long)Math.Round(transition),
                finalBatch = shape.Most,
                steps,
                clock = name,
                consistentTransitionStep = (long)Math.Round(consistent),
                transitionTime = optimal.TransitionTime,
                rate = optimal.Rate,
                criticalCost = optimal.CriticalCost,
                floor = optimal.Floor,
                samples = schedule.Sum(b => (long)b),
                option = BatchShapes.Text(shape),
                schedule,
            });
            return ExitCode.Done;
        });
        return command;
    }
}
