using System.CommandLine;
using Hooke.App.Training;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Commands;

/// <summary><c>hooke sme</c>: the stochastic modified equations of asynchronous SGD.</summary>
internal static class SmeCommand
{
    public const string Group = "Problem";

    public static Command Create() => new("sme", "Stochastic modified equations: asynchronous SGD as a diffusion, and the optimal batch. [AnLuYing18]")
    {
        SmeRunCommand.Create(),
        SmeMomentsCommand.Create(),
        SmeBatchCommand.Create(),
        SmeFitCommand.Create(),
    };

    public static TextOption Staleness(string standard) => new("staleness", Group, "μ", "of geometric staleness P(τ = l) = (1−μ)μ^l, with mean μ/(1−μ); 1 − 1/p for p workers", standard);

    public static TextOption LearningRate(string standard) => new("learning-rate", Group, "η", "step along the gradient", standard);

    public static TextOption Curvature() => new("curvature", Group, "a", "of f(x) = ½ a x²", "2");

    public static double Positive(Invocation invocation, TextOption option) => Setting.Number(option.Name[2..], Text(invocation, option), double.Epsilon, double.MaxValue, "a finite number above 0");

    public static double AtLeast0(Invocation invocation, TextOption option) => Setting.Number(option.Name[2..], Text(invocation, option), 0, double.MaxValue, "a finite number, at least 0");

    public static double Fraction(Invocation invocation, TextOption option) => Setting.Number(option.Name[2..], Text(invocation, option), 0, 1 - 1e-12, "at least 0 and below 1");

    public static double Finite(Invocation invocation, TextOption option, string standard)
        => Setting.Number(option.Name[2..], invocation[option] ?? standard, double.MinValue, double.MaxValue, "a finite number");

    public static long Whole(Invocation invocation, TextOption option, long low, long high) => Setting.Whole(option.Name[2..], Text(invocation, option), low, high);

    public static string Text(Invocation invocation, TextOption option) => invocation[option] ?? option.Standard!;

    /// <summary>Adds options and gives a command its body; what the theory refuses is bad input.</summary>
    public static void Set(Command command, TextOption[] options, Func<Invocation, int> body)
    {
        foreach (var option in options) command.Options.Add(option);
        command.SetBody(invocation =>
        {
            try
            {
                return body(invocation);
            }
            catch (ArgumentException wrong)
            {
                throw new BadInputException(wrong.Message);
            }
        });
    }

    /// <summary>Reads a staleness law.</summary>
    public static StalenessLaw LawOf(string text)
    {
        try
        {
            return StalenessLaw.Parse(text);
        }
        catch (FormatException)
        {
            throw Setting.Wrong("staleness", text, "at least 0 and below 1, or parts and such numbers, for example 0.7:0.9,0.3:0.5");
        }
    }
}
