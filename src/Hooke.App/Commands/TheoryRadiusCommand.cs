using System.CommandLine;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Theory.LinearMaps;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke theory radius</c> and <c>hooke theory moments</c>: is a method stable, how fast, how noisy.</summary>
internal static class TheoryRadiusCommand
{
    private const int MostListed = 12;

    public static Command Radius()
    {
        var command = new Command("radius", "Tell whether a method is stable on a quadratic, and how fast it forgets its start: the spectral radius of a round, read off the method's own rules. For example: hooke theory radius --method easgd --learning-rate 0.1 --workers 16");
        var options = new TheoryOptions(command, asksMoment: true);
        command.SetBody(invocation =>
        {
            var setup = options.Read(invocation);
            var (eigenvalues, radius) = TheoryOptions.Ask(() =>
            {
                var round = setup.Round();
                return (round.Eigenvalues(setup.Noise, setup.Moment), round.Radius(setup.Noise, setup.Moment));
            });
            bool stable = radius < 1;
            var screen = invocation.Screen;
            screen.Line($"{TheoryText.Describe(setup)}: {(setup.Moment == 1 ? "means" : "second moments")}");
            screen.Line($"radius      {Units.Digits(radius, 12)} a round");
            const double Rounding = 1e-10;
            screen.Line(Math.Abs(radius - 1) < Rounding ? "MARGINAL    neither grows nor shrinks" : stable ? $"stable      {Forgets(radius)}" : $"UNSTABLE    grows by {Units.Digits(100 * (radius - 1), 3)} % a round", stable ? Color.Green : Color.Red);
            foreach (var (each, k) in eigenvalues.Take(MostListed).Select((each, k) => (each, k)))
                screen.Line($"{(k == 0 ? "eigenvalues" : ""),-12}{TheoryText.Complex(each.Value)}{(each.Multiplicity == 1 ? "" : double.IsInfinity(each.Multiplicity) ? "  (each worker's difference from the average)" : $"  ({Units.Count(each.Multiplicity)} times: the workers' differences from their average)")}");
            if (eigenvalues.Count > MostListed) screen.Line($"            and {eigenvalues.Count - MostListed} more");
            invocation.Print(new
            {
                method = setup.Recipe.Name,
                workers = TheoryText.Workers(setup),
                timing = TheoryText.Timing(setup),
                moment = setup.Moment,
                radius,
                stable,
                eigenvalues = eigenvalues.Select(each => new { real = each.Value.Real, imaginary = each.Value.Imaginary, modulus = each.Modulus, multiplicity = each.Multiplicity }),
            });
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Moments()
    {
        var command = new Command("moments", "Tell mean and variance of center, workers' average and single worker on a quadratic, after a number of rounds and in the long run. For example: hooke theory moments --method easgd --learning-rate 0.1 --sigma 1 --start 1 --rounds 100");
        const string Run = "Run";
        TextOption start = new("start", Run, "x", "where center and workers start, the minimum being at 0", "1"), rounds = new("rounds", Run, "t", "rounds done", "100");
        var options = new TheoryOptions(command, asksMoment: false);
        command.Options.Add(start);
        command.Options.Add(rounds);
        command.SetBody(invocation =>
        {
            var setup = options.Read(invocation);
            double from = Setting.Number("start", invocation[start] ?? start.Standard!, -1e100, 1e100, "a number from -1e100 to 1e100");
            long done = Setting.Whole("rounds", invocation[rounds] ?? rounds.Standard!, 0, 1_000_000_000_000);
            var (after, limit, average) = TheoryOptions.Ask(() =>
            {
                var round = setup.Round();
                return (round.After(setup.Noise, from, done), round.Stationary(setup.Noise), round.AveragedVariance(setup.Noise));
            });
            invocation.Screen.Line($"{TheoryText.Describe(setup)}, from {Units.Digits(from, 6)}");
            var table = new Table().Border(TableBorder.Simple);
            foreach (string column in (string[])["", "mean", "variance", "second moment"]) table.AddColumn(new TableColumn(column) { Alignment = column == "" ? Justify.Left : Justify.Right });
            foreach (var (when, moments) in ((string, RunMoments)[])[($"after {Units.Count(done)} rounds", after), ("in the long run", limit)])
                foreach (var (who, one) in ((string, Moments)[])[("center", moments.Center), ("average", moments.Average), ("worker", moments.Worker)])
                    table.AddRow($"{who} {when}", TheoryText.Number(one.Mean), TheoryText.Number(one.Variance), TheoryText.Number(one.SecondMoment));
            invocation.Screen.Table(table);
            if (double.IsFinite(average)) invocation.Screen.Line($"The center's average over t rounds has variance {Units.Digits(average, 6)}/t in the long run.");
            invocation.Print(new
            {
                method = setup.Recipe.Name,
                workers = TheoryText.Workers(setup),
                timing = TheoryText.Timing(setup),
                start = from,
                rounds = done,
                after,
                infinity = limit,
                averagedVariance = average,
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static string Forgets(double radius)
    {
        double halving = Math.Log(0.5) / Math.Log(radius);
        return radius == 0 ? "forgets its start in finitely many rounds" : $"halves in {Units.Digits(halving, 3)} rounds";
    }
}
