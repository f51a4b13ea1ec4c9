using System.CommandLine;
using System.Globalization;
using Hooke.App.Training;
using Hooke.Methods;
using Hooke.Theory.ModifiedEquations;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke sme run</c>: many paths of asynchronous SGD, or of a modified equation. [AnLuYing18, figs. 4 to 6]</summary>
internal static class SmeRunCommand
{
    private const string Asgd = "asgd", SmeAsgd = "sme-asgd", SmeAsgdLinear = "sme-asgd-linear", SmeSgd = "sme-sgd", SmeMsgd = "sme-msgd";
    private const int ShownRows = 12;
    private static readonly string[] Schemes = [Asgd, SmeAsgd, SmeAsgdLinear, SmeSgd, SmeMsgd];
    private static readonly string[] Solvers = [Splitting.Name, EulerMaruyama.Name, WeakSecondOrder.Name];

    /// <summary>An objective of the paper's figures, with the learning rate used there.</summary>
    private sealed record Choice(string Name, string LearningRate, Func<Request, Ensemble> Run, bool IsQuadratic);

    private static readonly Choice[] Objectives =
    [
        new("quadratic-pair", "0.01", request => Run(new Translates<Parabola>(2, 1, -2, 1), request), true),
        new("quartic-pair", "0.001", request => Run(new Translates<Quartic>(2, 1, -2, 1), request), false),
        new("double-well", "0.01", request => Run(new Translates<Well>(2, 1, -2, 0.1), request), false),
        new("shifted-quadratics", "0.02", request => Run(new Translates<HalfParabola>(100, -0.5 + 1.0 / 200, 1.0 / 200, 1), request), true),
    ];

    /// <summary>What is asked for.</summary>
    private sealed record Request(string Scheme, string Solver, CovarianceForm Form, StalenessLaw Law, double LearningRate, double? Start, int Substeps, BatchShape? Batches, EnsemblePlan Plan);

    public static Command Create()
    {
        var command = new Command("run", "Mean and second moment over many paths of asynchronous SGD, or of a modified equation of it.");
        TextOption objective = new("objective", SmeCommand.Group, "name", $"{Setting.Choice(Objectives.Select(o => o.Name))}: the paper's figures 4, 5 left, 5 right and 6", "quadratic-pair"),
            scheme = new("scheme", SmeCommand.Group, "name", $"{Setting.Choice(Schemes)}: the algorithm, or the equation (2.11), (2.5), (3.3) or (2.7)", Asgd),
            staleness = new("staleness", SmeCommand.Group, "μ", "of geometric staleness, with mean μ/(1−μ); or a sum of exponentials as sme fit prints it: part:μ,part:μ", "0.95"),
            learningRate = new("learning-rate", SmeCommand.Group, "η", "step along the gradient; default the paper's for the objective"),
            start = new("start", SmeCommand.Group, "x", "x at all times up to 0; default the paper's for the objective"),
            batch = new("batch", SmeCommand.Group, "b", "of asgd: components in a gradient, or a growing batch size as sme batch prints it: b@step*growth^most", "1"),
            steps = new("steps", "Size", "k", "steps of the algorithm", "500"),
            paths = new("paths", "Size", "n", "independent paths", "5000"),
            seed = new("seed", "Size", "number", "seed of all random numbers", "1"),
            firstPath = new("first-path", "Size", "number", "the first path's number: path i is the same whatever the others", "0"),
            points = new("points", "Size", "number", "steps at which moments are recorded, at most", "1001"),
            threads = new("threads", "Size", "number", "threads; default one per core; they change no bit"),
            solver = new("solver", "Solver", "name", $"{Setting.Choice(Solvers)}: weak order 1 and ASGD's own moments on quadratics, 1, and 2", Splitting.Name),
            substeps = new("substeps", "Solver", "number", "steps of the solver in a step of the algorithm", "1"),
            covariance = new("covariance", "Solver", "form", "of (2.12) in sme-asgd: ito-limit, or printed", "ito-limit");
        SmeCommand.Set(command, [objective, scheme, staleness, learningRate, start, batch, steps, paths, seed, firstPath, points, threads, solver, substeps, covariance], invocation =>
        {
            string name = SmeCommand.Text(invocation, objective), kind = SmeCommand.Text(invocation, scheme), way = SmeCommand.Text(invocation, solver);
            var choice = Objectives.FirstOrDefault(o => o.Name == name) ?? throw Setting.Wrong("objective", name, Setting.Choice(Objectives.Select(o => o.Name)));
            if (!Schemes.Contains(kind)) throw Setting.Wrong("scheme", kind, Setting.Choice(Schemes));
            if (!Solvers.Contains(way)) throw Setting.Wrong("solver", way, Setting.Choice(Solvers));
            if (kind == SmeAsgdLinear && !choice.IsQuadratic) throw new BadInputException($"scheme is {kind}; {name} has nonlinear gradients, so it must be one of the others");
            string text = SmeCommand.Text(invocation, staleness), rate = invocation[learningRate] ?? choice.LearningRate, seedText = SmeCommand.Text(invocation, seed);
            if (!ulong.TryParse(seedText, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seedNumber)) throw Setting.Wrong("seed", seedText, $"a whole number from 0 to {ulong.MaxValue}");
            var request = new Request(kind, way, Setting.OneOf<CovarianceForm>("covariance", SmeCommand.Text(invocation, covariance)), SmeCommand.LawOf(text),
                Setting.Number("learning-rate", rate, double.Epsilon, double.MaxValue, "a finite number above 0"),
                invocation[start] is { } at ? Setting.Number("start", at, double.MinValue, double.MaxValue, "a finite number") : null,
                (int)SmeCommand.Whole(invocation, substeps, 1, 1 << 20), BatchShapes.Parse("batch", SmeCommand.Text(invocation, batch)),
                new(SmeCommand.Whole(invocation, paths, 1, 1 << 23), SmeCommand.Whole(invocation, steps, 1, 1L << 40))
                {
                    Seed = seedNumber,
                    FirstPath = (int)SmeCommand.Whole(invocation, firstPath, 0, (1 << 23) - 1),
                    Points = (int)SmeCommand.Whole(invocation, points, 2, 1 << 20),
                    Threads = invocation[threads] is null ? null : (int)SmeCommand.Whole(invocation, threads, 1, 4096),
                    Stop = invocation.Heed(),
                    Progress = Progress(invocation),
                });
            if (request.Batches is not null and not ConstantBatch { Size: 1 } && kind != Asgd) throw new BadInputException($"batch is given with scheme {kind}; only {Asgd} has batches");
            try
            {
                return Show(invocation, choice.Run(request), name, request, text);
            }
            catch (OperationCanceledException)
            {
                return invocation.Fail("stopped before the end; there is no result", ExitCode.Other);
            }
        });
        return command;
    }

    private static Ensemble Run<TObjective>(TObjective objective, Request request) where TObjective : IPathObjective
    {
        double[] start = request.Start is { } at ? [at] : objective.Start.ToArray();
        double eta = request.LearningRate;
        var law = request.Law;
        return request.Scheme switch
        {
            Asgd => Ensemble.Run(new AsynchronousSgd<TObjective>(objective, eta, law, start, request.Batches), request.Plan),
            SmeAsgd => Plain(new AsynchronousEquation<TObjective>(objective, eta, law, request.Form)),
            SmeAsgdLinear => Solve(new LinearAsynchronousEquation<TObjective>(objective, eta, Geometric())),
            SmeMsgd => Solve(new MomentumEquation<TObjective>(objective, LangevinLaw.EquivalentLearningRate(eta, Geometric()), Geometric())),
            _ => Plain(new StochasticGradientEquation<TObjective>(objective, eta)),
        };

        double Geometric() => law.Exponentials is [var only] ? only.Staleness : throw new BadInputException($"staleness is a sum of exponentials; {request.Scheme} needs a geometric law, one number");

        Ensemble Plain<TEquation>(TEquation equation) where TEquation : IPlainEquation => (equation.IsPlain, request.Solver) switch
        {
            (true, "splitting") => Ensemble.Run(new PlainSolution<TEquation, Splitting>(equation, start[0], request.Substeps), request.Plan),
            (true, "euler-maruyama") => Ensemble.Run(new PlainSolution<TEquation, EulerMaruyama>(equation, start[0], request.Substeps), request.Plan),
            _ => Solve(equation),
        };

        Ensemble Solve<TEquation>(TEquation equation) where TEquation : IModifiedEquation => request.Solver switch
        {
            "splitting" => Ensemble.Run(new Solution<TEquation, Splitting>(equation, start, request.Substeps), request.Plan),
            "euler-maruyama" => Ensemble.Run(new Solution<TEquation, EulerMaruyama>(equation, start, request.Substeps), request.Plan),
            _ => Ensemble.Run(new Solution<TEquation, WeakSecondOrder>(equation, start, request.Substeps), request.Plan),
        };
    }

    private static int Show(Invocation invocation, Ensemble ensemble, string objective, Request request, string staleness)
    {
        var moments = ensemble.Moments();
        bool isFinite = double.IsFinite(moments[^1].SecondMoment);
        var screen = invocation.Screen;
        screen.Line(FormattableString.Invariant($"{request.Scheme} on {objective}, staleness {staleness}, learning rate {request.LearningRate}, {request.Plan.Paths:n0} paths"));
        var table = new Table().Border(TableBorder.Simple);
        foreach (string column in (string[])["step", "mean", "± its standard error", "second moment", "± its standard error "]) table.AddColumn(new TableColumn(column).RightAligned());
        int every = Math.Max(1, (moments.Length + ShownRows - 2) / (ShownRows - 1));
        foreach (var at in moments.Where((_, k) => k % every == 0 || k == moments.Length - 1))
            table.AddRow([.. new FormattableString[] { $"{at.Step:n0}", $"{at.Mean:f6}", $"{at.StandardError:f6}", $"{at.SecondMoment:f6}", $"{at.SecondMomentStandardError:f6}" }.Select(FormattableString.Invariant)]);
        screen.Table(table);
        screen.Line(FormattableString.Invariant($"{100 * ensemble.FractionPositive:f2} % of the paths end above 0"));
        if (!isFinite) screen.Warn("the paths diverged; a smaller learning rate or less staleness may help");
        invocation.Print(new
        {
            objective,
            scheme = request.Scheme,
            solver = request.Scheme == Asgd ? null : request.Solver,
            staleness,
            learningRate = request.LearningRate,
            paths = request.Plan.Paths,
            seed = request.Plan.Seed,
            steps = moments.Select(m => m.Step),
            mean = moments.Select(m => m.Mean),
            secondMoment = moments.Select(m => m.SecondMoment),
            standardError = moments.Select(m => m.StandardError),
            secondMomentStandardError = moments.Select(m => m.SecondMomentStandardError),
            fractionPositive = ensemble.FractionPositive,
            diverged = !isFinite,
            warnings = screen.Warnings,
        });
        return isFinite ? ExitCode.Done : ExitCode.Diverged;
    }

    /// <summary>Percent on a line that is written over, for who watches.</summary>
    private static Action<double>? Progress(Invocation invocation)
    {
        if (!invocation.Screen.IsLive) return null;
        int shown = -1;
        return done =>
        {
            int percent = (int)(100 * done), before = Volatile.Read(ref shown);
            if (percent <= before || Interlocked.CompareExchange(ref shown, percent, before) != before) return;
            invocation.Screen.Moving(percent == 100 ? "" : $"{percent} %");
        };
    }
}
