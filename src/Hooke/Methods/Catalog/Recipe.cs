namespace Hooke.Methods.Catalog;

/// <summary>The timings that a user can choose: a timing, with or without overlap of exchange and computation.</summary>
public enum TimingChoice
{
    /// <summary>Rounds: everyone reads the same center.</summary>
    Synchronous,
    /// <summary>The workers take turns.</summary>
    RoundRobin,
    /// <summary>Every worker goes at its own speed.</summary>
    Asynchronous,
    /// <summary>Asynchronous; the exchange of a snapshot overlaps the period's steps, and the center answers each snapshot at once. [Zhang16, end of sec. 2.2]</summary>
    Overlapped,
    /// <summary>As overlapped, but the center sums the p differences in one step. [Zhang16, end of sec. 2.2]</summary>
    OverlappedSynchronous,
}

/// <summary>What is reported of the center.</summary>
public enum ReadoutChoice
{
    /// <summary>What it publishes.</summary>
    Center,
    /// <summary>Its time average, for EASGD the double average. [Zhang16, eq. 3.13]</summary>
    TimeAverage,
    /// <summary>Its moving average.</summary>
    MovingAverage,
}

/// <summary>What a user chose of a method; the rest comes from the recipe.</summary>
/// <param name="Workers">p, at least 1.</param>
public sealed record Choices(int Workers)
{
    /// <summary>Parameters by name.</summary>
    public IReadOnlyDictionary<string, double> Values { get; init; } = new Dictionary<string, double>();

    /// <summary>How far the problem lets a step go, which learning rates are derived from.</summary>
    public RateScale Scale { get; init; } = new();

    /// <summary>b, examples in a worker's batch.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>T, the steps that a worker is to make.</summary>
    public long Steps { get; init; } = 100_000;

    /// <summary>How exchanges follow each other.</summary>
    public TimingChoice? Timing { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public RateShape Rate { get; init; } = new ConstantRate();

    /// <summary>What is reported.</summary>
    public ReadoutChoice? Readout { get; init; }

    /// <summary>Whether an average starts at the first drop of the learning rate instead of at <c>average-from</c>.</summary>
    public bool AverageFromFirstDrop { get; init; }

    /// <summary>Whether the momentum grows by the Survey's schedule up to its value.</summary>
    public bool GrowingMomentum { get; init; }
}

/// <summary>A method's entry in the catalog: how to make it, from which parameters, and where it comes from.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name in the field.</param>
/// <param name="Reference">Where it is defined.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Timings">The timings it can run with, the default first; none if it is sequential.</param>
/// <param name="Readout">What it reports by default.</param>
/// <param name="Make">Makes the method from complete choices.</param>
public sealed record Recipe(string Name, string Title, string Reference, IReadOnlyList<Parameter> Parameters, IReadOnlyList<TimingChoice> Timings, ReadoutChoice Readout, Func<Ingredients, Method> Make)
{
    /// <summary>Whether it has one worker and no center.</summary>
    public bool IsSequential => Timings.Count == 0;

    /// <summary>Makes the method with some parameters of one's own.</summary>
    /// <param name="workers">p, at least 1.</param>
    /// <param name="values">Parameters by name; the others take their defaults.</param>
    /// <exception cref="ArgumentException">A parameter that the method does not have, or a value out of range.</exception>
    public Method For(int workers, params ReadOnlySpan<(string Name, double Value)> values)
    {
        var given = new Dictionary<string, double>();
        foreach (var (name, value) in values) given[name] = value;
        return Create(new Choices(workers) { Values = given });
    }

    /// <summary>Makes the method.</summary>
    /// <param name="choices">What the user chose.</param>
    /// <exception cref="ArgumentException">A parameter that the method does not have, or a value out of range.</exception>
    public Method Create(Choices choices)
    {
        if (choices.Workers < 1) throw new ArgumentException($"workers is {choices.Workers}; it must be at least 1");
        var readout = choices.Readout ?? Readout;
        IReadOnlyList<Parameter> all = [.. Parameters, .. Averaging(readout)];
        foreach (var (name, value) in choices.Values)
        {
            var parameter = all.FirstOrDefault(p => p.Name == name)
                ?? throw new ArgumentException($"{name} is not a parameter of {Name}; it has {string.Join(", ", all.Select(p => p.Name))}");
            if (!parameter.Range.Contains(value)) throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {parameter.Range}"));
        }
        if (choices.Timing is { } timing && !Timings.Contains(timing))
            throw new ArgumentException($"timing is {timing}; {Name} {(IsSequential ? "is sequential and has none" : $"runs {string.Join(", ", Timings)}")}");
        var ingredients = new Ingredients(choices, all, Timings.Count == 0 ? TimingChoice.RoundRobin : choices.Timing ?? Timings[0]);
        foreach (var parameter in all.Where(p => p.Default.Follows is not null && choices.Values.ContainsKey(p.Name)))
            if (double.IsNaN(parameter.Default.Follows!(ingredients))) throw new ArgumentException(FormattableString.Invariant($"{parameter.Name} is {choices.Values[parameter.Name]}; it does not go with this {parameter.Default.Sources[0]} (its default is {parameter.Default.Text})"));
        if (choices.GrowingMomentum && !Parameters.Contains(Parameter.Momentum))
            throw new ArgumentException($"momentum schedule is growing; {Name} has no momentum");
        if (choices.AverageFromFirstDrop && readout == ReadoutChoice.Center)
            throw new ArgumentException($"average-from is first-drop; {Name} reports the center, not an average");
        var start = new AverageStart(readout == ReadoutChoice.Center ? 0 : (long)ingredients[Parameter.AverageFrom.Name], choices.AverageFromFirstDrop);
        var method = Make(ingredients) with
        {
            Name = Name,
            Workers = choices.Workers,
            Readout = readout switch
            {
                ReadoutChoice.TimeAverage => new TimeAverage(start),
                ReadoutChoice.MovingAverage => new MovingAverage(ingredients[Parameter.AverageRate.Name], start),
                _ => null,
            },
        };
        if (choices.GrowingMomentum && method.Center is CenterNesterov)
            throw new ArgumentException($"momentum schedule is growing; {Name} has its momentum at the center, where it is constant");
        method.Check(choices.Workers);
        return method;
    }

    /// <summary>A parameter's value where others have been chosen; NaN if the method then has no such parameter.</summary>
    /// <param name="parameter">Which.</param>
    /// <param name="choices">What was chosen.</param>
    public double DefaultOf(Parameter parameter, Choices choices) => new Ingredients(choices with { Values = choices.Values.Where(v => v.Key != parameter.Name).ToDictionary() }, [.. Parameters, parameter], default)[parameter.Name];

    /// <summary>The parameters that a read-out adds.</summary>
    /// <param name="readout">The read-out.</param>
    public static IReadOnlyList<Parameter> Averaging(ReadoutChoice readout) => readout switch
    {
        ReadoutChoice.TimeAverage => [Parameter.AverageFrom],
        ReadoutChoice.MovingAverage => [Parameter.AverageRate, Parameter.AverageFrom],
        _ => [],
    };
}

/// <summary>Complete choices: every parameter has its value.</summary>
public sealed class Ingredients
{
    private readonly Choices choices;
    private readonly IReadOnlyList<Parameter> parameters;
    private readonly TimingChoice timing;

    internal Ingredients(Choices choices, IReadOnlyList<Parameter> parameters, TimingChoice timing)
    {
        this.choices = choices;
        this.parameters = parameters;
        this.timing = timing;
    }

    /// <summary>p.</summary>
    public int Workers => choices.Workers;

    /// <summary>How far the problem lets a step go.</summary>
    public RateScale Scale => choices.Scale;

    /// <summary>b, examples in a worker's batch.</summary>
    public int Batch => choices.Batch;

    /// <summary>T, the steps that a worker is to make.</summary>
    public long Steps => choices.Steps;

    /// <summary>τ, local steps between exchanges; 1 if the method has no period.</summary>
    public int Period => parameters.Any(p => p.Name == "period") ? (int)this["period"] : 1;

    /// <summary>A parameter's value, given or default.</summary>
    /// <param name="name">Its name.</param>
    public double this[string name]
    {
        get
        {
            if (choices.Values.TryGetValue(name, out double value)) return value;
            var standard = parameters.First(p => p.Name == name).Default;
            return standard.Follows?.Invoke(this) ?? standard.For(Workers);
        }
    }

    /// <summary>Whether a parameter was given.</summary>
    /// <param name="name">Its name.</param>
    public bool Has(string name) => choices.Values.ContainsKey(name);

    /// <summary>The elastic coupling: α, and κ, which follows α unless given. "Given alone, κ leaves α at its default."</summary>
    public (double MovingRate, double CenterRate) Rates => (this["moving-rate"], this["center-rate"]);

    /// <summary>The workers' momentum, with its schedule.</summary>
    public Momentum Momentum => choices.GrowingMomentum ? new GrowingMomentum(this["momentum"]) : this["momentum"];

    /// <summary>The schedule.</summary>
    public Schedule Schedule => new(this["learning-rate"], Period, timing switch
    {
        TimingChoice.Synchronous or TimingChoice.OverlappedSynchronous => Timing.Synchronous,
        TimingChoice.RoundRobin => Timing.RoundRobin,
        _ => Timing.Asynchronous,
    })
    { Rate = choices.Rate };

    /// <summary>Jacobi's order, or its overlapped form.</summary>
    public Order JacobiOrOverlapped => timing is TimingChoice.Overlapped or TimingChoice.OverlappedSynchronous ? Order.Overlapped : Order.Jacobi;
}
