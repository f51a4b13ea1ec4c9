using System.CommandLine;
using System.Globalization;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Theory.Stability;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke theory stability</c>: twin runs on samples that differ in one example, beside the bounds.</summary>
internal static class TheoryStabilityCommand
{
    private const string What = "What to measure", LearningRate = "learning-rate", Schedule = "schedule", Momentum = "momentum";
    private const int ChartWidth = 40, ChartHeight = 8;

    /// <summary>A problem, and how it is learned where nothing is said.</summary>
    private sealed record Problem(IExampleLoss Loss, double Rate, string Schedule);

    public static Command Create()
    {
        var command = new Command("stability", "Run a method on samples that differ in one example, and measure how far the models get apart and how much worse they are on new examples, beside the bounds of [Survey, Theorems 9 to 11].");
        TextOption problem = new("problem", What, "name", "convex or strongly-convex (logistic regression), or non-convex (a tanh network)", "convex"),
            method = new("method", What, "name", "training method; `hooke methods` lists them", "sgd"),
            workers = new("workers", What, "p", "number of workers; default 4, or 1 if the method is sequential"),
            examples = new("examples", What, "n", "examples in a sample", "100"),
            steps = new("steps", What, "t", "steps of every worker, of one example each", "1000"),
            repetitions = new("repetitions", What, "number", "pairs of runs, each on a sample of its own; errors shrink with its root", "200"),
            seed = new("seed", What, "number", "seed of all random numbers", "1"),
            inputs = new("inputs", What, "number", "inputs of an example", "10"),
            convexity = new("strong-convexity", What, "γ", "of strongly-convex: its penalty γ/2·‖w‖²", "0.1"),
            units = new("units", What, "number", "of non-convex: hidden units", "4"),
            schedule = new(Schedule, What, "shape", "learning rate over the steps, as in hooke train; default constant, for non-convex inverse, the c/t that its bound needs");
        foreach (var option in (TextOption[])[problem, method, workers, examples, steps, repetitions, seed, inputs, convexity, units, schedule]) command.Options.Add(option);
        var how = Setting.All.Single(setting => setting.Name == LearningRate);
        TextOption[] parameters = [.. Setting.All.Where(setting => setting.Group == how.Group && setting != how).Select(setting => new TextOption(setting.Name, setting.Group, setting.Placeholder, setting.Meaning))
            .Prepend(new(LearningRate, how.Group, how.Placeholder, "step along the gradient, c of a rate c/t; default 1, for non-convex half the units, times 1 − δ with momentum"))];
        foreach (var option in parameters) command.Options.Add(option);
        command.SetBody(invocation =>
        {
            long Whole(TextOption option, long low, long high) => Setting.Whole(option.Name[2..], invocation[option] ?? option.Standard!, low, high);
            var plan = new TwinPlan((int)Whole(examples, 2, 1_000_000), Whole(steps, 1, 10_000_000), (int)Whole(repetitions, 2, 1_000_000), (ulong)Whole(seed, 0, long.MaxValue));
            double gamma = Setting.Number("strong-convexity", invocation[convexity] ?? convexity.Standard!, double.Epsilon, 1e6, "above 0 and at most 1e6");
            int wide = (int)Whole(inputs, 1, 10_000), hidden = (int)Whole(units, 1, 10_000);
            var chosen = (invocation[problem] ?? problem.Standard!) switch
            {
                "convex" => new Problem(new LogisticRegression(wide), 1, RateShapes.Constant),
                "strongly-convex" => new Problem(new LogisticRegression(wide, gamma), Math.Min(1, 1 / (0.25 + gamma)), RateShapes.Constant),
                "non-convex" => new Problem(new TanhNetwork(wide, hidden), hidden / 2.0, "inverse"),
                var other => throw Setting.Wrong("problem", other, "convex, strongly-convex or non-convex"),
            };
            var file = new RunFile();
            foreach (var option in parameters.Append(schedule))
                if (invocation[option] is { } value) file[option.Name[2..]] = value;
            try
            {
                var recipe = AllMethods.Find(invocation[method] ?? method.Standard!);
                int p = (int)Setting.Whole("workers", invocation[workers] ?? (recipe.IsSequential ? "1" : "4"), 1, 4096);
                return Measure(invocation, chosen, Complete(recipe, p, plan.Steps, chosen, file), file, plan);
            }
            catch (ArgumentException wrong)
            {
                throw new BadInputException(wrong.Message);
            }
        });
        return command;
    }

    /// <summary>The method with the problem's rate; a step with momentum is worth 1/(1 − δ) of one without.</summary>
    private static Method Complete(Recipe recipe, int workers, long steps, Problem problem, RunFile file)
    {
        file.Derive(Schedule, problem.Schedule);
        if (file[LearningRate] is null)
        {
            // Completed once with any rate to know the momentum, or to hear what else is wrong.
            var draft = file.Copy();
            draft[LearningRate] = "1";
            MethodChoices.Complete(recipe, workers, new(), 1, steps, draft);
            double share = recipe.Parameters.Any(parameter => parameter.Name == Momentum) ? 1 - double.Parse(draft[Momentum]!, CultureInfo.InvariantCulture) : 1;
            file.Derive(LearningRate, Resolution.Invariant(Math.Round(problem.Rate * share, 12)));
        }
        return MethodChoices.Make(recipe, MethodChoices.Complete(recipe, workers, new(), 1, steps, file), steps, file);
    }

    private static int Measure(Invocation invocation, Problem problem, Method method, RunFile file, TwinPlan plan)
    {
        var curve = Watch(invocation, plan, finished => TwinRuns.Measure(method, problem.Loss, plan, finished));
        Write(invocation.Screen, problem.Loss, method, file, plan, curve);
        invocation.Print(new
        {
            problem = problem.Loss.Name,
            method = method.Name,
            workers = method.Workers,
            examples = plan.Examples,
            steps = plan.Steps,
            repetitions = plan.Repetitions,
            seed = plan.Seed,
            learningRate = method.Schedule.LearningRate,
            schedule = file[Schedule],
            lipschitz = problem.Loss.Lipschitz,
            smoothness = problem.Loss.Smoothness,
            strongConvexity = problem.Loss.StrongConvexity,
            bound = curve.Bound,
            points = curve.Points,
        });
        if (curve.Points.All(point => double.IsFinite(point.Distance.Mean) && double.IsFinite(point.Gap.Mean))) return ExitCode.Done;
        invocation.Screen.Line($"diverged: the models are not finite; a learning rate below {file[LearningRate]} may help", Color.Red);
        return ExitCode.Diverged;
    }

    private static StabilityCurve Watch(Invocation invocation, TwinPlan plan, Func<Action<int>?, StabilityCurve> measure)
    {
        if (!invocation.Screen.IsLive) return measure(null);
        var curve = measure(done => invocation.Screen.Moving($"{done} of {plan.Repetitions} pairs of runs"));
        invocation.Screen.Moving("");
        return curve;
    }

    private static void Write(Screen screen, IExampleLoss loss, Method method, RunFile file, TwinPlan plan, StabilityCurve curve)
    {
        screen.Line($"{method.Name} on {loss.Name}: {Units.Count(plan.Examples)} examples, {Units.Count(plan.Steps)} steps, {method.Workers} worker{(method.Workers == 1 ? "" : "s")}, learning rate {file[LearningRate]}, schedule {file[Schedule]}, {Units.Count(plan.Repetitions)} pairs of runs");
        screen.Line($"bounds: {curve.Bound}");
        screen.Line();
        Chart(screen, curve);
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["step", "distance ‖w − w′‖", "bound", "gap R − R_S", "by replacement", "bound"]) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var point in curve.Points) table.AddRow(Units.Count(point.Step), Text(point.Distance), Units.Digits(point.DistanceBound, 3), Text(point.Gap), Text(point.Replacement), Units.Digits(point.GapBound, 3));
        screen.Table(table);
        screen.Line("Means and standard errors over the pairs. Gap: risk on examples held out, minus that on the sample; by replacement: the same, by what exchanging one example changes.");
    }

    private static void Chart(Screen screen, StabilityCurve curve)
    {
        string[] Draw(string title, Func<StabilityPoint, double> value) => Terminal.Chart.Draw(title, curve.Points.Select(point => ((double)point.Step, value(point))).Prepend((0, 0)), ChartWidth, ChartHeight, "steps");
        foreach (var (left, right) in Draw("distance of twin runs", point => point.Distance.Mean).Zip(Draw("generalization gap", point => point.Gap.Mean))) screen.Line(left + " " + right);
    }

    private static string Text(Estimate estimate) => $"{Units.Digits(estimate.Mean, 4)} ± {Units.Digits(estimate.Error, 2)}";
}
