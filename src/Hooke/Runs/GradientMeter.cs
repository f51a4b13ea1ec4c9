using System.Numerics;
using Hooke.Numerics;

namespace Hooke.Runs;

/// <summary>
/// Estimates ‖∇f‖², σ², L and D_f along a run, from the same fixed batches at every point, so that sampling noise cancels in
/// the differences. [BhardwajCong17, sec. 1, A.1–A.3]
/// </summary>
internal sealed class GradientMeter<T> : IDisposable where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Batches = 32;
    private readonly IMeasurable<T> run;
    private readonly int batch;
    private readonly NativeVector<T> gradient, mean;
    private NativeVector<T>? meanBefore, pointBefore;
    private double smoothness, firstLoss = double.NaN, smallestLoss = double.PositiveInfinity;

    public GradientMeter(IMeasurable<T> run, int batch)
    {
        (this.run, this.batch) = (run, batch);
        int n = run.Objective.Dimension;
        (gradient, mean) = (new(n), new(n));
    }

    /// <summary>Measures at a point.</summary>
    public GradientEstimate Measure(ReadOnlySpan<T> at, double loss)
    {
        var sum = mean.Span;
        sum.Clear();
        double squares = 0;
        for (int k = 0; k < Batches; k++)
        {
            run.Probe(at, gradient.Span, new(run.Seed, -1, k, (long)k * batch, batch));
            Elementwise.Map(new AddScaled<T>(T.One / T.CreateChecked(Batches)), sum, gradient.Span, sum);
            squares += SquaredNorm(gradient.Span);
        }
        // Var(batch mean) = σ²/b, estimated without bias from the batches; ‖mean‖² exceeds ‖∇f‖² by σ²/(b · batches).
        double norm = SquaredNorm(sum), variance = (squares / Batches - norm) * Batches / (Batches - 1) * batch;
        if (pointBefore is null) (pointBefore, meanBefore) = (new(at.Length), new(at.Length));
        else if (SquaredDistance(at, pointBefore.Span) is > 0 and var moved) smoothness = Math.Max(smoothness, Math.Sqrt(SquaredDistance(sum, meanBefore!.Span) / moved));
        at.CopyTo(pointBefore.Span);
        sum.CopyTo(meanBefore!.Span);
        if (double.IsNaN(firstLoss)) firstLoss = loss;
        smallestLoss = Math.Min(smallestLoss, loss);
        return new(norm - variance / batch / Batches, variance, smoothness, firstLoss - smallestLoss);
    }

    /// <summary>Saves or restores what later points need.</summary>
    public void Archive(IArchive<T> archive)
    {
        archive.Number("meter.smoothness", ref smoothness);
        archive.Number("meter.firstLoss", ref firstLoss);
        archive.Number("meter.smallestLoss", ref smallestLoss);
        archive.Vector("meter.point", ref pointBefore, gradient.Length);
        archive.Vector("meter.gradient", ref meanBefore, gradient.Length);
    }

    public void Dispose()
    {
        gradient.Dispose();
        mean.Dispose();
        meanBefore?.Dispose();
        pointBefore?.Dispose();
    }

    private static double SquaredNorm(ReadOnlySpan<T> a)
    {
        double sum = 0;
        foreach (T value in a) { double v = double.CreateChecked(value); sum += v * v; }
        return sum;
    }

    private static double SquaredDistance(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
    {
        double sum = 0;
        for (int k = 0; k < a.Length; k++) { double d = double.CreateChecked(a[k] - b[k]); sum += d * d; }
        return sum;
    }
}
