using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Methods;

/// <summary>When an average starts to follow the center; until then the report is the center itself.</summary>
/// <param name="Clock">Center update at which averaging starts, at least 0.</param>
/// <param name="AtFirstDrop">Start instead when a worker's learning rate first drops. [Zhang16, sec. 4.3.1]</param>
public readonly record struct AverageStart(long Clock, bool AtFirstDrop = false)
{
    internal bool Reached(long clock, bool dropped) => AtFirstDrop ? dropped : clock >= Clock;
}

/// <summary>
/// Time average, the double average of EASGD: z after t updates is the mean of x̃₀ … x̃_t, by z ← z + (x̃ − z)/(t + 1).
/// [Zhang16, eq. 3.13; ch. 4, ASGD and ADOWNPOUR]
/// </summary>
/// <param name="From">When averaging starts; t counts from there.</param>
public sealed record TimeAverage(AverageStart From = default) : IReadout
{
    /// <inheritdoc/>
    public bool Starts(long clock, bool dropped) => From.Reached(clock, dropped);

    /// <inheritdoc/>
    public void Observe<T>(Span<T> report, ReadOnlySpan<T> center, long count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Approach<T>(T.CreateChecked(1.0 / (count + 1))), report, center, report);
}

/// <summary>Moving average: z ← z + α (x̃ − z), z₀ = x̃₀. [Zhang16, ch. 4, MVASGD and MVADOWNPOUR]</summary>
/// <param name="Rate">α, in (0, 1].</param>
/// <param name="From">When averaging starts.</param>
public sealed record MovingAverage(double Rate, AverageStart From = default) : IReadout
{
    /// <inheritdoc/>
    public bool Starts(long clock, bool dropped) => From.Reached(clock, dropped);

    /// <inheritdoc/>
    public void Observe<T>(Span<T> report, ReadOnlySpan<T> center, long count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Elementwise.Map(new Approach<T>(T.CreateChecked(Rate)), report, center, report);
}

/// <summary>x + a (y − x).</summary>
internal readonly struct Approach<T>(T rate) : IMap<T> where T : unmanaged
{
    private readonly Vector<T> rate = new(rate);
    public Vector<T> Apply(Vector<T> x, Vector<T> y) => x + rate * (y - x);
}
