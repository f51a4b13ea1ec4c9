namespace Hooke.Methods.Catalog;

/// <summary>
/// Methods of a d-ary tree, whose leaves are the workers: nodes send their parameters up and down unasked, and move by whatever
/// has arrived. [Zhang16, Alg. 6, ch. 6]
/// </summary>
/// <remarks>
/// Scheme 1 averages fast between the leaves and their parents (<c>period</c>, τ₁) and slowly above (<c>period-inner</c>, τ₂);
/// scheme 2 sends up often (<c>period-up</c>) and down seldom (<c>period-down</c>), and is meant where either is given.
/// [Zhang16, sec. 6.1.1, fig. 6.2]
/// </remarks>
public static class Tree
{
    private const string Degree = "degree", Scheme = "scheme", Fast = "period", Slow = "period-inner", Up = "period-up", Down = "period-down", InnerRate = "inner-rate";
    private static readonly TimingChoice[] All = [TimingChoice.Asynchronous, TimingChoice.RoundRobin];
    private static readonly Interval Periods = new(1, int.MaxValue, true, true, Whole: true);

    private static readonly Parameter
        MovingRate = Parameter.MovingRate with { Meaning = "fraction of its difference from what arrives that a node moves by", Default = Default.From("0.9/(d + 1)", c => 0.9 / (c[Degree] + 1), Degree) },
        CenterRate = Parameter.CenterRate with { Symbol = "κ", Meaning = "the same where a child's parameters arrive" };

    /// <summary>Elastic averaging in a tree. [Zhang16, Alg. 6]</summary>
    public static Recipe Easgd { get; } = Make("easgd-tree", "elastic averaging SGD in a tree", "[Zhang16, Alg. 6]", LearningRates.Own, [MovingRate, CenterRate], (10, 100), (8, 80), _ => new GradientStep());

    /// <summary>Elastic averaging in a tree with Nesterov's momentum at the leaves. [Zhang16, sec. 6.1.2]</summary>
    public static Recipe Eamsgd { get; } = Make("eamsgd-tree", "elastic averaging momentum SGD in a tree", "[Zhang16, Alg. 6, sec. 6.1.2]", LearningRates.OwnWithMomentum, [MovingRate, CenterRate, Parameter.Momentum], (10, 100), (8, 80), c => new Nesterov(c.Momentum));

    /// <summary>DOWNPOUR in a tree, and with other rates what lies between it and elastic averaging. [Zhang16, sec. 6.2, eq. 6.3]</summary>
    public static Recipe Downpour { get; } = Make("downpour-tree", "DOWNPOUR in a tree", "[Zhang16, sec. 6.2, eq. 6.3]", LearningRates.Sum(Delay),
        [MovingRate with { Default = 1 }, Parameter.CenterRate with { Symbol = "κ", Meaning = "fraction of its difference from its parent that a node sends it", Default = 1 }], (1, 1), (1, 1), _ => new GradientStep(), relays: true);

    private static Recipe Make(string name, string title, string reference, Parameter rate, IReadOnlyList<Parameter> rates, (int Fast, int Slow) multiScale, (int Up, int Down) upAndDown, Func<Ingredients, ILocalRule> local, bool relays = false)
    {
        IReadOnlyList<Parameter> parameters =
        [
            rate, .. rates,
            new(Degree, "d", "children of a node", new(2, 4096, true, true, Whole: true), 2),
            new(Scheme, "", "1: fast averaging at the leaves, slow above; 2: up often, down seldom", new(1, 2, true, true, Whole: true), Default.From("2 if period-up or period-down is given, else 1", c => c.Has(Up) || c.Has(Down) ? 2 : 1, Up, Down)),
            Period(Fast, "τ₁", "local steps between exchanges of leaves and their parents", 1, multiScale.Fast),
            Period(Slow, "τ₂", "local steps between exchanges of inner nodes", 1, multiScale.Slow, Fast),
            Period(Up, "τᵤ", "local steps between messages to the parent", 2, upAndDown.Up),
            Period(Down, "τ_d", "local steps between messages to the children", 2, upAndDown.Down, Up),
            new(InnerRate, "", "learning rate of inner nodes as a fraction of their children's; 0: they compute no gradients", new(0, 1, true, true), 0),
        ];
        return new(name, title, reference, parameters, All, ReadoutChoice.Center, c =>
        {
            var tree = c[Scheme] == 1 ? TreePeriods.MultiScale((int)c[Fast], (int)c[Slow]) : TreePeriods.UpAndDown((int)c[Up], (int)c[Down]);
            var (moving, center) = c.Rates;
            return new("", local(c), relays ? new Relay(moving, center) : new Broadcast(moving), relays ? new Accumulate() : new Follow(center), Order.OneWay,
                c.Schedule with { Period = tree.LeafUp, Tree = tree with { InnerRate = c[InnerRate] } })
            { Degree = (int)c[Degree] };
        });
    }

    /// <summary>
    /// Gradients that are added to the root between a leaf's step and the first that knows it: a step waits for the next message at
    /// each of D = ⌈log_d p⌉ levels on its way up, and again on its way down.
    /// </summary>
    private static double Delay(Ingredients c)
    {
        double levels = Math.Max(1, Math.Ceiling(Math.Log(c.Workers, c[Degree]) - 1e-9));
        double way = c[Scheme] == 1 ? 2 * (c[Fast] + (levels - 1) * c[Slow]) : levels * (c[Up] + c[Down]);
        return c.Workers * way;
    }

    private static Parameter Period(string name, string symbol, string meaning, int scheme, int value)
        => new(name, symbol, meaning, Periods, Default.From($"{value} in scheme {scheme}", c => c[Scheme] == scheme ? value : double.NaN, Scheme, Up, Down));

    /// <summary>
    /// The longer of a scheme's periods. In a short run it is shorter, a share of the T steps that a leaf makes, so that the root, which
    /// lags a few such periods behind at every level, comes to the end with its leaves.
    /// </summary>
    private static Parameter Period(string name, string symbol, string meaning, int scheme, int value, string shorter)
    {
        const long Exchanges = 200;
        string text = value > 1 ? $"{value} or T/{Exchanges}, the less, but at least the other, in scheme {scheme}" : $"{value} in scheme {scheme}";
        return new(name, symbol, meaning, Periods, Default.From(text, c => c[Scheme] == scheme ? Math.Max(Math.Min(c[shorter], value), Math.Min(value, c.Steps / Exchanges)) : double.NaN, Scheme, Up, Down, shorter, "epochs", "batch"));
    }
}
