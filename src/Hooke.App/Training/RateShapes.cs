using System.Globalization;
using Hooke.Methods;

namespace Hooke.App.Training;

/// <summary>Reads and writes learning-rate schedules as text.</summary>
internal static class RateShapes
{
    /// <summary>Schedules that need no numbers.</summary>
    public const string Constant = "constant", Cosine = "cosine";

    private const string Allowed = "constant, cosine, cosine:STEPS, inverse-sqrt:γ, inverse, drops:STEP/DIVISOR,… or stagnation:WINDOW/DIVISOR/…";

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">The text.</param>
    /// <param name="steps">The steps that a worker is to make in the run.</param>
    public static RateShape Parse(string text, long steps)
    {
        string[] parts = text.Split(':', 2);
        try
        {
            return (parts[0], parts.Length) switch
            {
                (Constant, 1) => new ConstantRate(),
                (Cosine, 1) => new CosineRate(steps),
                (Cosine, 2) => new CosineRate((long)AtLeast(Number(parts[1]), 1)),
                ("inverse", 1) => new InverseRate(),
                ("inverse-sqrt", 2) => new InverseSquareRootRate(AtLeast(Number(parts[1]), 0)),
                ("drops", 2) => new StepwiseRate(Drops(parts[1])),
                ("stagnation", 2) => Stagnation(parts[1].Split('/')),
                _ => throw new FormatException(),
            };
        }
        catch (FormatException)
        {
            throw new BadInputException($"schedule is {text}; it must be {Allowed}");
        }
    }

    private static RateDrop[] Drops(string text)
    {
        RateDrop[] drops = [.. text.Split(',').Select(drop => drop.Split('/') is [var step, var divisor] ? new RateDrop((long)AtLeast(Number(step), 1), AtLeast(Number(divisor), 1)) : throw new FormatException())];
        for (int k = 1; k < drops.Length; k++) if (drops[k].Step <= drops[k - 1].Step) throw new FormatException();
        return drops;
    }

    private static StagnationRate Stagnation(string[] parts)
        => parts.Length < 2 ? throw new FormatException() : new((int)AtLeast(Number(parts[0]), 1), 0.01, [.. parts[1..].Select(d => AtLeast(Number(d), 1))]);

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static double AtLeast(double value, double low) => value >= low && double.IsFinite(value) ? value : throw new FormatException();
}
