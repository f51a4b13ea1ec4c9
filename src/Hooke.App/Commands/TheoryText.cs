using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Theory;

namespace Hooke.App.Commands;

/// <summary>What the theory says, as text.</summary>
internal static class TheoryText
{
    /// <summary>The number of workers for programs: a number, or "infinity".</summary>
    public static object Workers(Setup setup) => double.IsInfinity(setup.Workers) ? "infinity" : setup.Workers;

    /// <summary>The timing for programs; null if the method is sequential.</summary>
    public static string? Timing(Setup setup) => setup.EffectiveTiming is { } timing ? Setting.Dashed(timing.ToString()) : null;

    /// <summary>What is asked about, in a line, without the parameters that vary.</summary>
    public static string Describe(Setup setup, params IEnumerable<string> varied)
    {
        var names = varied.ToHashSet();
        var parts = new List<string> { setup.Recipe.Name };
        if (Timing(setup) is { } timing) parts.Add(timing);
        if (!setup.Recipe.IsSequential && !names.Contains("workers")) parts.Add($"p = {(double.IsInfinity(setup.Workers) ? "∞" : Units.Count(setup.Workers))}");
        parts.AddRange(setup.Values.Where(value => !names.Contains(value.Key)).Select(value => $"{value.Key} {Units.Digits(value.Value.Value, 6)}{(value.Value.PerWorker ? "/p" : "")}"));
        if (setup.Gamma is var (shape, rate)) parts.Add($"u² ~ Γ({(names.Contains("shape") ? "λ" : Units.Digits(shape, 6))}, {(names.Contains("rate") ? "ω" : Units.Digits(rate, 6))})");
        else
        {
            if (setup.Curvature != 1 && !names.Contains("curvature")) parts.Add($"curvature {Units.Digits(setup.Curvature, 6)}");
            if (setup.Sigma is { } sigma && !names.Contains("sigma")) parts.Add($"σ = {Units.Digits(sigma, 6)}");
        }
        return string.Join(", ", parts);
    }

    /// <summary>A complex number.</summary>
    public static string Complex(System.Numerics.Complex z)
        => z.Imaginary == 0 ? Units.Digits(z.Real, 8) : $"{Units.Digits(z.Real, 8)} {(z.Imaginary < 0 ? "−" : "+")} {Units.Digits(Math.Abs(z.Imaginary), 8)}i, modulus {Units.Digits(z.Magnitude, 8)}";

    /// <summary>A number that may have no limit.</summary>
    public static string Number(double value) => double.IsNaN(value) ? "no limit" : double.IsInfinity(value) ? "grows for ever" : Units.Digits(value, 8);
}
