using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Methods;

/// <summary>No coupling: the worker of a sequential method.</summary>
public sealed record Alone : ICoupling
{
    /// <inheritdoc/>
    public Meeting Meeting => Meeting.Never;

    /// <inheritdoc/>
    public void Pull<T>(Span<T> x, Span<T> memory, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => throw new InvalidOperationException("a sequential method has no center to pull from");

    /// <inheritdoc/>
    public void Push<T>(ReadOnlySpan<T> x, Span<T> memory, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => throw new InvalidOperationException("a sequential method has no center to push to");
}

/// <summary>
/// Elastic force: d = x − x̃; x ← x − α d; the message is κ d. Symmetric when κ = α; κ = β/p in general.
/// [Zhang16, eqs. 2.3 and 2.4; Alg. 1, steps a and b]
/// </summary>
/// <param name="MovingRate">α, the fraction of the difference that the worker moves by, in (−1, 2).</param>
/// <param name="CenterRate">κ = β/p, the fraction that the center moves by.</param>
public sealed record Elastic(double MovingRate, double CenterRate) : ICoupling, IFusedExchange
{
    /// <inheritdoc/>
    public int StateVectors => 1;

    /// <inheritdoc/>
    public Meeting Meeting => Meeting.WithPull;

    /// <inheritdoc/>
    public void Pull<T>(Span<T> x, Span<T> difference, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Update(new PullFormula<T>(T.CreateChecked(MovingRate)), x, difference, published);

    /// <inheritdoc/>
    public void Push<T>(ReadOnlySpan<T> x, Span<T> difference, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Scale<T>(T.CreateChecked(CenterRate)), difference, difference, message);

    /// <inheritdoc/>
    public void Exchange<T>(Span<T> x, Span<T> center) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Update(new ExchangeFormula<T>(T.CreateChecked(MovingRate), T.CreateChecked(CenterRate)), x, center, x);

    private readonly struct PullFormula<T>(T alpha) : IPairUpdate<T> where T : unmanaged
    {
        private readonly Vector<T> alpha = new(alpha);

        public void Apply(ref Vector<T> x, ref Vector<T> d, Vector<T> c)
        {
            d = Elementwise.Normal(x - c);
            x -= alpha * d;
        }
    }

    private readonly struct ExchangeFormula<T>(T alpha, T kappa) : IPairUpdate<T> where T : unmanaged
    {
        private readonly Vector<T> alpha = new(alpha), kappa = new(kappa);

        public void Apply(ref Vector<T> x, ref Vector<T> c, Vector<T> _)
        {
            var d = Elementwise.Normal(x - c); // as a pull leaves it in the memory
            x -= alpha * d;
            c += kappa * d;
        }
    }
}

/// <summary>
/// Relaxation towards the center: x ← x̃ + (1 − α)(x − x̃), remembering x̃; after the local steps the message is κ (x − x̃).
/// EASGD in Gauss–Seidel form [Zhang16, eq. 6.3]. With α = 1 the worker restarts from the center: κ = 1 is DOWNPOUR [Zhang16,
/// Alg. 3], whose accumulated v is x − x̃, and κ = 1/p averages the workers.
/// </summary>
/// <param name="MovingRate">α, in (−1, 2).</param>
/// <param name="CenterRate">κ = β/p.</param>
public sealed record Relax(double MovingRate, double CenterRate) : ICoupling
{
    /// <inheritdoc/>
    public int StateVectors => 1;

    /// <inheritdoc/>
    public Meeting Meeting => Meeting.AtPeriodEnd;

    /// <inheritdoc/>
    public bool PushesRemainder => MovingRate == 1;

    /// <inheritdoc/>
    public void Pull<T>(Span<T> x, Span<T> seen, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (MovingRate == 1) { published.CopyTo(x); published.CopyTo(seen); }
        else Elementwise.Update(new PullFormula<T>(T.CreateChecked(1 - MovingRate)), x, seen, published);
    }

    /// <inheritdoc/>
    public void Push<T>(ReadOnlySpan<T> x, Span<T> seen, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new ScaledDifference<T>(T.CreateChecked(CenterRate)), x, seen, message);

    private readonly struct PullFormula<T>(T keep) : IPairUpdate<T> where T : unmanaged
    {
        private readonly Vector<T> keep = new(keep);

        public void Apply(ref Vector<T> x, ref Vector<T> seen, Vector<T> c)
        {
            x = c + keep * (x - c);
            seen = c;
        }
    }
}

/// <summary>
/// The alternating direction method of multipliers, linearized: at a pull λ ← λ − (x − x̃); each local step ends with
/// x ← (x + ηρ(λ + x̃))/(1 + ηρ), where x has already taken its gradient step; the center is the mean of x − λ over the
/// workers, kept up to date by messages Δ(x − λ)/p. [Zhang16, eqs. 3.52–3.54]
/// </summary>
/// <remarks>With τ &gt; 1 the multiplier changes at exchanges only, and the local steps use the last x̃ and λ.</remarks>
/// <param name="Penalty">ρ &gt; 0; the multiplier is scaled by 1/ρ.</param>
/// <param name="Workers">p, at least 1.</param>
public sealed record Dual(double Penalty, int Workers) : ICoupling
{
    /// <inheritdoc/>
    public int StateVectors => 3; // λ, x − λ as the center last heard it, λ + x̃

    /// <inheritdoc/>
    public Meeting Meeting => Meeting.AtPeriodEnd;

    /// <inheritdoc/>
    public bool CenterIsMean => true;

    /// <inheritdoc/>
    public void Pull<T>(Span<T> x, Span<T> memory, ReadOnlySpan<T> published) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = x.Length;
        Span<T> dual = memory[..n], heard = memory[n..(2 * n)], anchor = memory[(2 * n)..];
        Elementwise.Map(new Difference<T>(), x, dual, heard);
        Elementwise.Map(new Difference<T>(), x, published, anchor);
        Elementwise.Update(new AscentFormula<T>(), dual, anchor, published);
    }

    /// <inheritdoc/>
    public void Hold<T>(Span<T> x, ReadOnlySpan<T> memory, T rate) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new ProximalFormula<T>(rate * T.CreateChecked(Penalty)), x, memory[(2 * x.Length)..], x);

    /// <inheritdoc/>
    public void Push<T>(ReadOnlySpan<T> x, Span<T> memory, Span<T> message) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int n = x.Length;
        Elementwise.Map(new ScaledDifference<T>(T.One), x, memory[..n], message);
        Elementwise.Map(new ScaledDifference<T>(T.One / T.CreateChecked(Workers)), message, memory[n..(2 * n)], message);
    }

    /// <summary>(λ, a) ← (λ − a, λ − a + x̃), where a held x − x̃.</summary>
    private readonly struct AscentFormula<T> : IPairUpdate<T> where T : unmanaged
    {
        public void Apply(ref Vector<T> dual, ref Vector<T> anchor, Vector<T> c)
        {
            dual -= anchor;
            anchor = dual + c;
        }
    }

    /// <summary>(x + h a)/(1 + h), h = ηρ.</summary>
    private readonly struct ProximalFormula<T>(T weight) : IMap<T> where T : unmanaged, INumber<T>
    {
        private readonly Vector<T> weight = new(weight), sum = new(T.One + weight);
        public Vector<T> Apply(Vector<T> x, Vector<T> anchor) => (x + weight * anchor) / sum;
    }
}

/// <summary>The message s x.</summary>
internal readonly struct Scale<T>(T scale) : IMap<T> where T : unmanaged
{
    private readonly Vector<T> scale = new(scale);
    public static bool IsMessage => true;
    public Vector<T> Apply(Vector<T> x, Vector<T> _) => scale * x;
}

/// <summary>The message s (x − y).</summary>
internal readonly struct ScaledDifference<T>(T scale) : IMap<T> where T : unmanaged
{
    private readonly Vector<T> scale = new(scale);
    public static bool IsMessage => true;
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => scale * (x - y);
}

/// <summary>x − y.</summary>
internal readonly struct Difference<T> : IMap<T> where T : unmanaged
{
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x - y;
}
