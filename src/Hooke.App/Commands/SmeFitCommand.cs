using System.CommandLine;
using System.Globalization;
using Hooke.App.Training;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Commands;

/// <summary><c>hooke sme fit</c>: the staleness law of a run. [AnLuYing18, assumption 1]</summary>
internal static class SmeFitCommand
{
    public static Command Create()
    {
        var command = new Command("fit", "Estimate how stale a run's reads were, real or simulated: a geometric law, and a sum of exponentials; their equations can be drawn with sme run.");
        var folder = new Argument<string>("run") { Description = "the folder of a run that is over" };
        TextOption exponentials = new("exponentials", SmeCommand.Group, "number", "of the sum, from 1 to 8", "2");
        command.Arguments.Add(folder);
        SmeCommand.Set(command, [exponentials], invocation =>
        {
            using var run = RunFolder.Open(invocation.Parsed.GetValue(folder)!, invocation.Screen.Warn);
            int count = (int)SmeCommand.Whole(invocation, exponentials, 1, 8);
            var result = run.FindResult() ?? throw new BadInputException($"run folder {run.Path} has no result; the run must be over");
            if (result.Staleness.Histogram.Length == 0) throw new BadInputException($"run folder {run.Path} has no messages; its staleness can't be known");
            FittedLaw geometric = StalenessFit.Geometric(result.Staleness.Mean, result.Staleness.Histogram), sum = StalenessFit.Mixture(result.Staleness.Mean, result.Staleness.Histogram, count);
            double momentum = geometric.Law.Exponentials[0].Staleness, expected = 1 - 1.0 / result.Workers;
            string law = string.Join(',', sum.Law.Exponentials.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Weight:g9}:{e.Staleness:g9}")));
            string rate = RunFile.Load(Path.Combine(run.Path, "run.json"))["learning-rate"] ?? "0.01";
            var screen = invocation.Screen;
            void Row(string name, FormattableString value) => screen.Line($"{name,-28}{FormattableString.Invariant(value)}");
            Row("mean staleness", $"{result.Staleness.Mean:f3}, {result.Staleness.Max} at most");
            Row("geometric", $"μ = {momentum:f5}, misses {100 * geometric.Distance:f2} % of the messages");
            Row($"sum of {sum.Law.Exponentials.Count} exponentials", $"{law}, misses {100 * sum.Distance:f2} %");
            Row("momentum that it begets", $"{momentum:f5}, and 1 − 1/p is {expected:f5}");
            screen.Line($"its paths: hooke sme run --staleness {law} --learning-rate {rate}");
            invocation.Print(new
            {
                run = run.Path,
                workers = result.Workers,
                meanStaleness = result.Staleness.Mean,
                staleness = momentum,
                expectedMomentum = expected,
                geometric = new { staleness = momentum, logLikelihood = geometric.LogLikelihood, distance = geometric.Distance },
                exponentials = new { law, terms = sum.Law.Exponentials.Select(e => new { weight = e.Weight, staleness = e.Staleness }), logLikelihood = sum.LogLikelihood, distance = sum.Distance },
                observed = result.Staleness.Histogram.Select(n => (double)n / result.Staleness.Histogram.Sum()),
                fitted = Enumerable.Range(0, result.Staleness.Histogram.Length).Select(l => l < sum.Law.Probabilities.Count ? sum.Law.Probabilities[l] : 0),
            });
            return ExitCode.Done;
        });
        return command;
    }
}
