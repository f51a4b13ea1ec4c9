using System.Diagnostics;
using System.Numerics;
using Hooke.Methods;
using Hooke.Numerics;

namespace Hooke.App.Commands;

/// <summary>
/// Times momentum steps on velocities that have decayed, as those of units that no longer fire, beside the same steps on velocities that are kept
/// alive; and, beside each other, a pass that leaves nothing subnormal, one that does not look, and one that computes with subnormal numbers.
/// </summary>
internal static class BenchDecay
{
    private const float Momentum = 0.99f, Rate = 0.01f;

    /// <summary>Steps after which a velocity of 10⁻³⁶ would be subnormal, and, rounded to nearest, stay so for good.</summary>
    private const int Decaying = 1000;

    /// <summary>x + δ v, as a pass leaves it and as a message keeps it.</summary>
    private readonly struct Kept : IMap<float>
    {
        public Vector<float> Apply(Vector<float> x, Vector<float> v) => x + new Vector<float>(Momentum) * v;
    }

    private readonly struct Sent : IMap<float>
    {
        public static bool IsMessage => true;
        public Vector<float> Apply(Vector<float> x, Vector<float> v) => x + new Vector<float>(Momentum) * v;
    }

    /// <summary>Runs all in turn, over and over, and compares medians.</summary>
    public static object Run(int parameters, int steps)
    {
        var rule = new Nesterov(Momentum);
        using Vectors alive = new(parameters, 1e-3f, 1e-3f), dead = new(parameters, 1e-36f, 0);
        // Each pass has vectors of its own, for all to find them in the same cache.
        using Passed kept = new(parameters, 1e-3f), sent = new(parameters, 1e-3f), subnormal = new(parameters, 1e-40f);
        for (int step = 0; step < Decaying; step++) dead.Step(rule);
        Action[] timed = [() => alive.Step(rule), () => dead.Step(rule), kept.Pass<Kept>, sent.Pass<Sent>, subnormal.Pass<Sent>];
        double[][] seconds = [.. timed.Select(_ => new double[steps])];
        for (int step = -3; step < steps; step++) // the first three warm up
            for (int k = 0; k < timed.Length; k++)
            {
                long start = Stopwatch.GetTimestamp();
                timed[k]();
                if (step >= 0) seconds[k][step] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        double[] median = [.. seconds.Select(BenchCommand.Median)];
        return new
        {
            bench = "decay",
            parameters,
            steps,
            stepMicroseconds = 1e6 * median[0],
            decayedRatio = median[1] / median[0],
            flushRatio = median[2] / median[3],
            subnormalRatio = median[4] / median[3],
        };
    }

    /// <summary>Parameters, velocities and gradients.</summary>
    private sealed class Vectors : IDisposable
    {
        private readonly NativeVector<float> x, velocity, gradient, point;

        public Vectors(int length, float speed, float slope)
        {
            (x, velocity, gradient, point) = (new(length), new(length), new(length), new(length));
            for (int k = 0; k < length; k++) (x.Span[k], velocity.Span[k], gradient.Span[k]) = (k % 97 * 0.01f, (k % 7 + 1) * speed, (k % 5 - 2) * slope);
        }

        public void Step(Nesterov rule)
        {
            rule.Look<float>(x.Span, velocity.Span, point.Span, 0);
            rule.Step(x.Span, gradient.Span, velocity.Span, Rate, 0);
        }

        public void Dispose()
        {
            foreach (var vector in (ReadOnlySpan<NativeVector<float>>)[x, velocity, gradient, point]) vector.Dispose();
        }
    }

    /// <summary>Operands and result of a pass.</summary>
    private sealed class Passed : IDisposable
    {
        private readonly NativeVector<float> x, y, result;

        public Passed(int length, float value)
        {
            (x, y, result) = (new(length), new(length), new(length));
            x.Span.Fill(value);
            y.Span.Fill(value);
        }

        public void Pass<TFormula>() where TFormula : struct, IMap<float> => Elementwise.Map(default(TFormula), x.Span, y.Span, result.Span);

        public void Dispose()
        {
            foreach (var vector in (ReadOnlySpan<NativeVector<float>>)[x, y, result]) vector.Dispose();
        }
    }
}
