using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Methods;

/// <summary>Stochastic gradient descent: x ← x − η g(x). [Zhang16, eq. 2.1 with ρ = 0]</summary>
public sealed record GradientStep : ILocalRule
{
    /// <inheritdoc/>
    public void Step<T>(Span<T> x, ReadOnlySpan<T> gradient, Span<T> state, T rate, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Descend<T>(rate), x, gradient, x);

    private readonly struct Descend<T>(T rate) : IMap<T> where T : unmanaged
    {
        private readonly Vector<T> rate = new(rate);
        public Vector<T> Apply(Vector<T> x, Vector<T> g) => x - rate * g;
    }
}

/// <summary>Polyak's heavy ball: v ← δ v − η g(x), x ← x + v. [Zhang16, eq. 2.6] [Survey, classical momentum]</summary>
/// <param name="Momentum">δ, in [0, 1), constant or scheduled.</param>
public sealed record HeavyBall(Momentum Momentum) : ILocalRule
{
    /// <inheritdoc/>
    public int StateVectors => 1;

    /// <inheritdoc/>
    public void Step<T>(Span<T> x, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Update(new MomentumStep<T>(T.CreateChecked(Momentum.At(step)), rate), x, velocity, gradient);
}

/// <summary>Nesterov's momentum: v ← δ v − η g(x + δ v), x ← x + v. [Zhang16, eq. 2.5] [Survey, Nesterov's accelerated gradient]</summary>
/// <param name="Momentum">δ, in [0, 1), constant or scheduled; one step looks ahead and moves with the same δ.</param>
public sealed record Nesterov(Momentum Momentum) : ILocalRule
{
    /// <inheritdoc/>
    public int StateVectors => 1;

    /// <inheritdoc/>
    public bool LooksAhead => true;

    /// <inheritdoc/>
    public void Look<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> velocity, Span<T> point, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Ahead<T>(T.CreateChecked(Momentum.At(step))), x, velocity, point);

    /// <inheritdoc/>
    public void Step<T>(Span<T> x, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, long step) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Update(new MomentumStep<T>(T.CreateChecked(Momentum.At(step)), rate), x, velocity, gradient);
}

/// <summary>(x, v) ← (x + v′, v′), v′ = δ v − η g.</summary>
internal readonly struct MomentumStep<T>(T momentum, T rate) : IPairUpdate<T> where T : unmanaged
{
    private readonly Vector<T> momentum = new(momentum), rate = new(rate);

    public void Apply(ref Vector<T> x, ref Vector<T> v, Vector<T> g)
    {
        v = momentum * v - rate * g;
        x += v;
    }
}

/// <summary>x + δ v.</summary>
internal readonly struct Ahead<T>(T momentum) : IMap<T> where T : unmanaged
{
    private readonly Vector<T> momentum = new(momentum);
    public Vector<T> Apply(Vector<T> x, Vector<T> v) => x + momentum * v;
}
