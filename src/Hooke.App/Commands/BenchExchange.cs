using System.Diagnostics;
using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.App.Commands;

/// <summary>Times the fused elastic exchange beside the machine's memory: a copy and an in-place addition of the same vectors.</summary>
internal static class BenchExchange
{
    private readonly struct Add : IMap<float>
    {
        public Vector<float> Apply(Vector<float> x, Vector<float> y) => x + y;
    }

    /// <summary>Runs the three in turn, over and over, and compares medians.</summary>
    public static object Run(int parameters, int steps)
    {
        using NativeVector<float> x = new(parameters), c = new(parameters);
        for (int k = 0; k < parameters; k++) x.Span[k] = k % 97 * 0.01f;
        var coupling = new Elastic(0.01, 0.01);
        var (exchange, copy, add) = (new double[steps], new double[steps], new double[steps]);
        for (int step = -3; step < steps; step++) // the first three warm up
        {
            double e = Seconds(() => coupling.Exchange(x.Span, c.Span)), m = Seconds(() => x.Span.CopyTo(c.Span)), a = Seconds(() => Elementwise.Map(new Add(), c.Span, x.Span, c.Span));
            if (step >= 0) (exchange[step], copy[step], add[step]) = (e, m, a);
        }
        double exchangeRate = 16e-9 * parameters / BenchCommand.Median(exchange), copyRate = 8e-9 * parameters / BenchCommand.Median(copy), addRate = 12e-9 * parameters / BenchCommand.Median(add);
        double baseline = Math.Max(copyRate, addRate);
        return new
        {
            bench = "exchange",
            parameters,
            steps,
            exchangeGigabytesPerSecond = exchangeRate,
            memcpyGigabytesPerSecond = copyRate,
            vectorAddGigabytesPerSecond = addRate,
            baselineGigabytesPerSecond = baseline,
            ratio = exchangeRate / baseline,
        };
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
