using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Methods;

/// <summary>
/// What the nodes of a tree send each other is their parameters; whoever gets a parent's moves towards them: x ← x + α(y − x).
/// [Zhang16, Alg. 6]
/// </summary>
/// <remarks>Goes with <see cref="Follow"/>, which does the same with a child's parameters.</remarks>
/// <param name="MovingRate">α, the fraction of the difference that a node moves by, in (−1, 2).</param>
public sealed record Broadcast(double MovingRate) : ICoupling
{
    /// <inheritdoc/>
    public Meeting Meeting => Meeting.OneWay;

    /// <inheritdoc/>
    public bool SendsParameters => true;

    /// <inheritdoc/>
    public void Pull<T>(Span<T> x, Span<T> memory, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Approach<T>(T.CreateChecked(MovingRate)), x, published, x);

    /// <inheritdoc/>
    public void Push<T>(ReadOnlySpan<T> x, Span<T> memory, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => x.CopyTo(message);
}

/// <summary>
/// Equation 6.3 for arrivals at any time, which is DOWNPOUR in a tree when α = κ = 1. A node keeps s, where it believes its
/// parent is, and t, its parameters when it last pushed. Parent's parameters y arrive: x ← x − α(t − y), t ← t − α(t − y),
/// s ← y, so that what was done since the push is kept whole. It pushes: m = κ(x − s), s ← s + m, t ← x, so that nothing is
/// sent twice. [Zhang16, eq. 6.3, sec. 6.2]
/// </summary>
/// <remarks>
/// With one push and one arrival a period this is <see cref="Relax"/>. An inner node adds its children's messages to x, and so
/// passes their sum on. With α = κ = 1 the root is where the tree started plus all that its leaves have done, but for what is
/// still held or on its way.
/// </remarks>
/// <param name="MovingRate">α, in (−1, 2).</param>
/// <param name="CenterRate">κ = β/d.</param>
public sealed record Relay(double MovingRate, double CenterRate) : ICoupling
{
    /// <inheritdoc/>
    public int StateVectors => 2; // t, s

    /// <inheritdoc/>
    public Meeting Meeting => Meeting.OneWay;

    /// <inheritdoc/>
    public bool PushesRemainder => MovingRate == 1;

    /// <inheritdoc/>
    public void Begin<T>(ReadOnlySpan<T> x, Span<T> memory) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        x.CopyTo(memory);
        x.CopyTo(memory[x.Length..]);
    }

    /// <inheritdoc/>
    public void Pull<T>(Span<T> x, Span<T> memory, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Elementwise.Update(new PullFormula<T>(T.CreateChecked(MovingRate)), x, memory[..x.Length], published);
        published.CopyTo(memory[x.Length..]);
    }

    /// <inheritdoc/>
    public void Push<T>(ReadOnlySpan<T> x, Span<T> memory, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Elementwise.Update(new PushFormula<T>(T.CreateChecked(CenterRate)), message, memory[x.Length..], x);
        x.CopyTo(memory);
    }

    private readonly struct PullFormula<T>(T alpha) : IPairUpdate<T> where T : unmanaged
    {
        private readonly Vector<T> alpha = new(alpha);

        public void Apply(ref Vector<T> x, ref Vector<T> pushed, Vector<T> parent)
        {
            var d = alpha * (pushed - parent);
            x -= d;
            pushed -= d;
        }
    }

    private readonly struct PushFormula<T>(T kappa) : IPairUpdate<T> where T : unmanaged
    {
        private readonly Vector<T> kappa = new(kappa);

        public void Apply(ref Vector<T> message, ref Vector<T> seen, Vector<T> x)
        {
            message = Elementwise.Normal(kappa * (x - seen)); // what the parent gets
            seen += message;
        }
    }
}

/// <summary>A parent moves towards its child's parameters: x̃ ← x̃ + κ(y − x̃). [Zhang16, Alg. 6]</summary>
/// <param name="Rate">κ, which is α in Algorithm 6.</param>
public sealed record Follow(double Rate) : ICenterRule
{
    /// <inheritdoc/>
    public bool TakesParameters => true;

    /// <inheritdoc/>
    public void Absorb<T>(Span<T> center, Span<T> state, Span<T> message, long age) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Approach<T>(T.CreateChecked(Rate)), center, message, center);
}

/// <summary>No gradient and no step: an inner node of a tree only averages. [Zhang16, sec. 6.1.1]</summary>
public sealed record Rest : ILocalRule
{
    /// <inheritdoc/>
    public bool Rests => true;

    /// <inheritdoc/>
    public void Step<T>(Span<T> x, ReadOnlySpan<T> gradient, Span<T> state, T rate, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T> { }
}

/// <summary>When the nodes of a tree send, in steps of their own clocks, and how far inner nodes step. [Zhang16, sec. 6.1.1, fig. 6.2]</summary>
/// <param name="LeafUp">Steps between a leaf's messages to its parent.</param>
/// <param name="LeafDown">Steps between a parent's messages to its leaves.</param>
/// <param name="Up">Steps between an inner node's messages to its parent.</param>
/// <param name="Down">Steps between a parent's messages to inner nodes.</param>
public sealed record TreePeriods(int LeafUp, int LeafDown, int Up, int Down)
{
    /// <summary>Learning rate of an inner node as a fraction of its children's; 0 if inner nodes compute no gradients.</summary>
    public double InnerRate { get; init; }

    /// <summary>Scheme 1: fast averaging between the leaves and their parents, slow averaging above.</summary>
    /// <param name="fast">τ₁, at least 1.</param>
    /// <param name="slow">τ₂, at least 1.</param>
    public static TreePeriods MultiScale(int fast, int slow) => new(fast, fast, slow, slow);

    /// <summary>Scheme 2: every node tells its parent often and its children seldom, to have β large and α small.</summary>
    /// <param name="up">τᵤ, at least 1.</param>
    /// <param name="down">τ_d, at least 1.</param>
    public static TreePeriods UpAndDown(int up, int down) => new(up, down, up, down);

    internal void Check()
    {
        foreach (var (name, period) in (ReadOnlySpan<(string, int)>)[("leaf's period up", LeafUp), ("period down to leaves", LeafDown), ("period up", Up), ("period down", Down)])
            if (period < 1) throw new ArgumentException($"{name} is {period}; it must be at least 1");
        if (InnerRate is not (>= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"inner rate is {InnerRate}; it must be at least 0 and at most 1"));
    }
}
