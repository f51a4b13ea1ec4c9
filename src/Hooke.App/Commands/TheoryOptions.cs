using System.CommandLine;
using System.Globalization;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Theory;

namespace Hooke.App.Commands;

/// <summary>The options that say what a question to the theory is about.</summary>
internal sealed class TheoryOptions
{
    private const string What = "Method (defaults: hooke methods; periods are 1)", Objective = "Objective: a quadratic", StandardMethod = "easgd", StandardWorkers = "4", StandardShape = "0.5";

    private readonly TextOption
        method = new("method", What, "name", "training method; `hooke methods` lists them", StandardMethod),
        workers = new("workers", What, "p", "number of workers, or infinity", StandardWorkers),
        timing = new("timing", What, "name", "synchronous, round-robin or overlapped-synchronous; default synchronous, in a tree round-robin"),
        curvature = new("curvature", Objective, "h", "second derivative; with gamma noise it is λ/ω", "1"),
        noise = new("noise", Objective, "name", "of the gradient: none, additive, or gamma (a curvature u² ~ Γ(λ, ω)); default what its numbers say, else none"),
        sigma = new("sigma", Objective, "σ", "standard deviation of additive noise", "1"),
        shape = new("shape", Objective, "λ", "shape of gamma noise; with the standard rate u is a standard normal number", StandardShape),
        rate = new("rate", Objective, "ω", "rate of gamma noise", "0.5");
    private readonly TextOption? moment;
    private readonly List<TextOption> parameters = [];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="asksMoment">Whether it asks for means or for second moments.</param>
    public TheoryOptions(Command command, bool asksMoment)
    {
        command.Options.Add(method);
        command.Options.Add(workers);
        command.Options.Add(timing);
        string[] names = [.. AllMethods.Recipes.SelectMany(recipe => recipe.Parameters).Where(p => p != Parameter.StalenessBound).Select(p => p.Name).Distinct()];
        foreach (var setting in Setting.All.Where(setting => names.Contains(setting.Name)))
        {
            var option = new TextOption(setting.Name, What, setting.Placeholder, Meaning(setting));
            parameters.Add(option);
            command.Options.Add(option);
        }
        foreach (var option in (TextOption[])[curvature, noise, sigma, shape, rate]) command.Options.Add(option);
        if (!asksMoment) return;
        moment = new("moment", Objective, "1|2", "1: how means go on; 2: how second moments do", "1");
        command.Options.Add(moment);
    }

    /// <summary>Reads them.</summary>
    /// <param name="invocation">What was typed.</param>
    /// <param name="varied">Parameters that other options vary.</param>
    /// <param name="standardNoise">The noise where nothing is said of it.</param>
    public Setup Read(Invocation invocation, IEnumerable<string>? varied = null, string standardNoise = "none")
    {
        var names = (varied ?? []).ToHashSet();
        string name = invocation[method] ?? StandardMethod;
        var recipe = AllMethods.Recipes.FirstOrDefault(each => each.Name == name)
            ?? throw Setting.Wrong("method", name, $"one of {string.Join(", ", AllMethods.Recipes.Select(each => each.Name))}");
        string p = invocation[workers] ?? (recipe.IsSequential ? "1" : StandardWorkers);
        var setup = new Setup(recipe, WorkersOf(p))
        {
            Timing = Timing(recipe, invocation[timing]),
            Moment = moment is null ? 2 : (int)Setting.Whole("moment", invocation[moment] ?? "1", 1, 2),
        };
        setup = Noise(invocation, setup, names, standardNoise);
        var values = new Dictionary<string, Quantity>();
        foreach (var option in parameters)
            if (invocation[option] is { } text) values[option.Name[2..]] = Quantity(setup, option.Name[2..], text);
        foreach (string twice in values.Keys.Append(invocation[workers] is null ? "" : "workers").Where(names.Contains)) throw new BadInputException($"{twice} is given with a value and with a range; it must be given once");
        return setup with { Values = values };
    }

    /// <summary>Runs a question; what is wrong with it is the user's input.</summary>
    public static T Ask<T>(Func<T> question)
    {
        try
        {
            return question();
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException(wrong.Message);
        }
        catch (AggregateException several) when (several.InnerException is ArgumentException wrong)
        {
            throw new BadInputException(wrong.Message);
        }
    }

    /// <summary>A range: name=low:high, or name=low..high.</summary>
    /// <param name="option">The option's name.</param>
    /// <param name="text">What was typed.</param>
    /// <param name="setup">Whose parameter it is.</param>
    /// <param name="cells">Cells, where name=low:high:cells says so.</param>
    public static Axis Axis(string option, string text, Setup setup, out int? cells)
    {
        string form = $"{option} is {text}; it must be name=low:high{(option == "over" ? "" : ":cells")}, for example learning-rate=0:2{(option == "over" ? "" : ":200")}";
        if (text.Split('=', 2) is not [var name, var range]) throw new BadInputException(form);
        string[] parts = range.Replace("..", ":", StringComparison.Ordinal).Split(':');
        if (parts.Length < 2 || parts.Length > (option == "over" ? 2 : 3)) throw new BadInputException(form);
        if (setup.RangeOf(name) is not { } allowed)
            throw new BadInputException($"{name} is not a parameter of {setup.Recipe.Name} here{ParseProblem.Suggest(name, setup.Names)}; it has {string.Join(", ", setup.Names)}");
        double low = Number(name, parts[0]), high = Number(name, parts[1]);
        cells = parts.Length > 2 ? (int)Setting.Whole($"cells of {name}", parts[2], 1, 4000) : null;
        if (!(low < high) && !(allowed.Whole && low == high)) throw new BadInputException($"{name} is {range}; its low end must be below its high end");
        if (allowed.Whole && (low != Math.Floor(low) || high != Math.Floor(high))) throw new BadInputException($"{name} is {range}; its ends must be whole numbers");
        // A range may start or end where values themselves must not be: its ends are not among its cells.
        double least = allowed.Whole ? low : low + 1e-9 * (high - low), most = allowed.Whole ? high : high - 1e-9 * (high - low);
        foreach (double end in (double[])[least, most])
            if (!allowed.Contains(end)) throw new BadInputException(FormattableString.Invariant($"{name} is {range}; it must be {allowed}"));
        return new(name, low, high, allowed.Whole);
    }

    private static double WorkersOf(string text) => text is "infinity" or "inf" ? double.PositiveInfinity
        : double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out double value) && value is >= 1 and <= int.MaxValue ? value
        : throw Setting.Wrong("workers", text, $"a whole number from 1 to {int.MaxValue}, or infinity");

    private static double Number(string name, string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : throw Setting.Wrong(name, text, "a finite number");

    private static string Meaning(Setting setting) => setting.Name switch
    {
        "moving-rate" => setting.Meaning + "; a number, or one of each worker's share such as 0.9/p",
        "center-rate" => setting.Meaning + "; may be 0.9/p, too",
        "momentum" => "fraction of the velocity that is kept; negative ones are allowed here",
        _ when setting.Name.StartsWith("period", StringComparison.Ordinal) => setting.Meaning + "; default 1",
        "learning-rate" => "step along the gradient; default as the method",
        _ => setting.Meaning,
    };

    private static TimingChoice? Timing(Recipe recipe, string? text)
    {
        if (text is null) return null;
        if (recipe.IsSequential) throw new BadInputException($"timing is {text}; {recipe.Name} is sequential and has none");
        TimingChoice[] linear = [.. recipe.Timings.Where(each => each is TimingChoice.Synchronous or TimingChoice.RoundRobin or TimingChoice.OverlappedSynchronous)];
        return linear.Cast<TimingChoice?>().FirstOrDefault(each => Setting.Dashed(each.ToString()!) == text)
            ?? throw Setting.Wrong("timing", text, $"{Setting.Choice(linear.Select(each => Setting.Dashed(each.ToString())))} for {recipe.Name} here: only these have a linear map of a round");
    }

    private Setup Noise(Invocation invocation, Setup setup, HashSet<string> varied, string standard)
    {
        bool saysGamma = invocation[shape] is not null || invocation[rate] is not null || varied.Contains("shape") || varied.Contains("rate"), saysSigma = invocation[sigma] is not null || varied.Contains("sigma");
        string kind = invocation[noise] ?? (saysGamma ? "gamma" : saysSigma ? "additive" : standard);
        if (kind is not ("none" or "additive" or "gamma")) throw Setting.Wrong("noise", kind, "none, additive or gamma");
        foreach (var (option, belongs) in ((TextOption, string)[])[(sigma, "additive"), (shape, "gamma"), (rate, "gamma")])
            if (invocation[option] is { } text && kind != belongs) throw new BadInputException($"{option.Name[2..]} is {text}; it goes with {belongs} noise, and noise is {kind}");
        if (kind == "gamma")
        {
            if (invocation[curvature] is { } text) throw new BadInputException($"curvature is {text}; with gamma noise it is shape/rate, and must not be given");
            setup = setup with { Gamma = (1, 1) };
            return setup.With("shape", Value(shape)).With("rate", Value(rate));
        }
        setup = setup.With("curvature", Value(curvature));
        return kind == "additive" ? (setup with { Sigma = 1 }).With("sigma", Value(sigma)) : setup;

        double Value(TextOption option)
        {
            string name = option.Name[2..], text = invocation[option] ?? option.Standard!;
            if (invocation[option] is not null && varied.Contains(name)) throw new BadInputException($"{name} is given with a value and with a range; it must be given once");
            var range = (option == shape || option == rate ? setup with { Gamma = (1, 1) } : option == sigma ? setup with { Sigma = 1 } : setup).RangeOf(name)!.Value;
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) && range.Contains(value) ? value : throw Setting.Wrong(name, text, $"a finite number, {range}");
        }
    }

    private static Quantity Quantity(Setup setup, string name, string text)
    {
        var range = setup.RangeOf(name)
            ?? throw new BadInputException($"{name} is {text}; {setup.Recipe.Name} has no {name}, but {Setting.Choice(setup.Recipe.Parameters.Select(p => p.Name))}");
        bool shared = text.EndsWith("/p", StringComparison.Ordinal);
        if (shared && name is not ("moving-rate" or "center-rate" or "learning-rate")) throw Setting.Wrong(name, text, $"a number: only rates may be shared by the workers");
        string number = shared ? text[..^2] : text;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value) || (!shared && !range.Contains(value)))
            throw Setting.Wrong(name, text, range.Whole || !double.IsPositiveInfinity(range.High) ? $"{range}" : $"a finite number, {range}");
        return new(value, shared);
    }
}
