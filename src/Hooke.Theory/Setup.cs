using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Theory.LinearMaps;

namespace Hooke.Theory;

/// <summary>A number that may shrink with the number of workers: Value, or Value/p.</summary>
/// <param name="Value">The number.</param>
/// <param name="PerWorker">Whether it is divided by p.</param>
public readonly record struct Quantity(double Value, bool PerWorker = false)
{
    /// <summary>The number for p workers.</summary>
    /// <param name="workers">p.</param>
    public double For(int workers) => PerWorker ? Value / workers : Value;

    /// <summary>A number as it is.</summary>
    /// <param name="value">It.</param>
    public static implicit operator Quantity(double value) => new(value);
}

/// <summary>What a question to the theory is about: p workers that run a method of the catalog on a quadratic.</summary>
/// <remarks>
/// Where nothing is said: one local step a period, synchronous timing where the method has it and turns otherwise, curvature 1, no
/// noise. A negative momentum is allowed here.
/// </remarks>
/// <param name="Recipe">The method's recipe.</param>
/// <param name="Workers">p; +∞ for the limit of many.</param>
public sealed record Setup(Recipe Recipe, double Workers)
{
    private const string Period = "period", Scheme = "scheme";
    private static readonly Interval Whole = new(1, int.MaxValue, true, true, Whole: true), Positive = new(0, double.PositiveInfinity), NotNegative = Positive with { LowIncluded = true };

    /// <summary>Parameters of the method, by name; the others take the recipe's defaults.</summary>
    public IReadOnlyDictionary<string, Quantity> Values { get; init; } = new Dictionary<string, Quantity>();

    /// <summary>How exchanges follow each other; null for the default.</summary>
    public TimingChoice? Timing { get; init; }

    /// <summary>h, unless the noise is multiplicative.</summary>
    public double Curvature { get; init; } = 1;

    /// <summary>σ of additive noise; null for none.</summary>
    public double? Sigma { get; init; }

    /// <summary>Shape λ and rate ω of multiplicative noise; null for none.</summary>
    public (double Shape, double Rate)? Gamma { get; init; }

    /// <summary>1 for means, 2 for second moments.</summary>
    public int Moment { get; init; } = 1;

    /// <summary>Names of the parameters that <see cref="With"/> changes, for this method and noise.</summary>
    public IEnumerable<string> Names => [.. Recipe.IsSequential ? [] : (string[])["workers"], .. Gamma is null ? (string[])["curvature"] : ["shape", "rate"], .. Sigma is null ? [] : (string[])["sigma"], .. Recipe.Parameters.Select(p => p.Name)];

    /// <summary>The stochastic gradient.</summary>
    /// <exception cref="ArgumentException">A value out of range.</exception>
    public GradientNoise Noise => Gamma is var (shape, rate) ? GradientNoise.Gamma(shape, rate) : Sigma is { } sigma ? GradientNoise.Additive(Curvature, sigma) : GradientNoise.None(Curvature);

    /// <summary>The timing that is meant.</summary>
    public TimingChoice? EffectiveTiming => Recipe.IsSequential ? null : Timing ?? (Recipe.Timings.Contains(TimingChoice.Synchronous) ? TimingChoice.Synchronous : TimingChoice.RoundRobin);

    /// <summary>What a parameter may be; null if there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    public Interval? RangeOf(string name) => name switch
    {
        "workers" when !Recipe.IsSequential => Whole,
        "curvature" when Gamma is null => Positive,
        "shape" or "rate" when Gamma is not null => Positive,
        "sigma" when Sigma is not null => NotNegative,
        _ => Parameters.FirstOrDefault(p => p.Name == name)?.Range,
    };

    /// <summary>Changes a parameter.</summary>
    /// <param name="name">Its name, one of <see cref="Names"/>.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">There is none of that name, or the value is out of range.</exception>
    public Setup With(string name, double value)
    {
        var range = RangeOf(name) ?? throw new ArgumentException($"{name} is not a parameter of {Recipe.Name}{(Recipe.IsSequential ? ", which is sequential" : "")}; it has {string.Join(", ", Names)}");
        if (!range.Contains(value)) throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {range}"));
        return name switch
        {
            "workers" => this with { Workers = value },
            "curvature" => this with { Curvature = value },
            "shape" => this with { Gamma = (value, Gamma!.Value.Rate) },
            "rate" => this with { Gamma = (Gamma!.Value.Shape, value) },
            "sigma" => this with { Sigma = value },
            _ => this with { Values = new Dictionary<string, Quantity>(Values) { [name] = value } },
        };
    }

    /// <summary>The method for p workers.</summary>
    /// <param name="workers">p.</param>
    /// <exception cref="ArgumentException">A value out of range, or parts that don't go together.</exception>
    public Method Method(int workers)
    {
        var values = new Dictionary<string, double>();
        foreach (var (name, quantity) in Values) values[name] = quantity.For(workers);
        bool scheme2 = values.ContainsKey("period-up") || values.ContainsKey("period-down") || values.GetValueOrDefault(Scheme) == 2;
        foreach (var parameter in Recipe.Parameters.Where(p => p.Name.StartsWith(Period) && !values.ContainsKey(p.Name)))
        {
            bool isOfScheme2 = parameter.Name is "period-up" or "period-down";
            if (isOfScheme2 == scheme2) values[parameter.Name] = 1;
        }
        return (Recipe with { Parameters = Parameters }).Create(new(workers) { Values = values, Timing = EffectiveTiming });
    }

    /// <summary>Reads a round off the method.</summary>
    /// <exception cref="ArgumentException">A value out of range, or parts that don't go together.</exception>
    public Round Round() => Recipe.IsSequential && Workers != 1 ? throw new ArgumentException(FormattableString.Invariant($"workers is {Workers}; {Recipe.Name} is sequential and has 1")) : LinearMaps.Round.Of(Method, Workers);

    /// <summary>The spectral radius that is asked for.</summary>
    /// <exception cref="ArgumentException">A value out of range, or parts that don't go together.</exception>
    public double Radius() => Round().Radius(Noise, Moment);

    private IReadOnlyList<Parameter> Parameters => [.. Recipe.Parameters.Select(p => p.Name == Parameter.Momentum.Name ? p with { Range = new(-1, 1) } : p)];
}
