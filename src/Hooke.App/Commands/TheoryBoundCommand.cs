using System.CommandLine;
using System.Globalization;
using Hooke.App.Training;
using Hooke.Theory.Bounds;

namespace Hooke.App.Commands;

/// <summary><c>hooke theory bound</c> and <c>hooke theory bounds</c>: the papers' formulas by name.</summary>
internal static class TheoryBoundCommand
{
    private const string Listed = "hooke theory bounds lists them";

    public static Command Create()
    {
        var command = new Command("bound", "Evaluate a formula of the papers: a bound, a rate, an optimum. For example: hooke theory bound survey-theorem-10 lipschitz=1 examples=1000 strong-convexity=0.1 learning-rate=0.5 smoothness=1");
        var name = new Argument<string>("name") { Description = $"the formula's name; {Listed}" };
        var values = new Argument<string[]>("argument=value") { Description = "its arguments, by name or symbol, in any order", Arity = ArgumentArity.ZeroOrMore };
        command.Arguments.Add(name);
        command.Arguments.Add(values);
        command.SetBody(invocation =>
        {
            var bound = Find(invocation.Parsed.GetValue(name)!);
            double value = Evaluate(bound, invocation.Parsed.GetValue(values) ?? []);
            invocation.Screen.Line($"{bound.Title} {bound.Reference}");
            invocation.Screen.Line(value.ToString("R", CultureInfo.InvariantCulture));
            invocation.Print(new { name = bound.Name, value });
            return ExitCode.Done;
        });
        return command;
    }

    public static Command List() => ListCommands.List("bounds", "List the formulas that hooke theory bound evaluates, with their arguments.", ["name", "formula", "reference", "arguments: symbol, range, default"], AllBounds.List.Select(bound => new ListCommands.Row(
        new
        {
            name = bound.Name,
            title = bound.Title,
            reference = bound.Reference,
            arguments = bound.Arguments.Select(a => new { name = a.Name, symbol = a.Symbol, meaning = a.Meaning, range = bound.RangeOf(a), @default = double.IsNaN(a.Default) ? null : (double?)a.Default }),
        },
        bound.Name, bound.Title, bound.Reference, string.Join("\n", bound.Arguments.Select(a => $"{a.Name}: {a.Symbol}, {bound.RangeOf(a)}{(double.IsNaN(a.Default) ? "" : FormattableString.Invariant($", {a.Default}"))}")))));

    private static Bound Find(string name) => AllBounds.List.FirstOrDefault(bound => bound.Name == name)
        ?? throw new BadInputException($"bound is {name}, which is not known{ParseProblem.Suggest(name, AllBounds.List.Select(bound => bound.Name))}; {Listed}");

    private static double Evaluate(Bound bound, string[] words)
    {
        var values = new Dictionary<string, double>();
        foreach (string word in words)
        {
            if (word.Split('=', 2) is not [var key, var text]) throw new BadInputException($"argument is {word}; it must be name=value, the name one of {Names(bound)}");
            var argument = bound.Find(key) ?? throw new BadInputException($"{key} is not an argument of {bound.Name}{ParseProblem.Suggest(key, bound.Arguments.Select(a => a.Name))}; it has {Names(bound)}");
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value)) throw Setting.Wrong(argument.Name, text, $"a number, {bound.RangeOf(argument)}");
            if (!values.TryAdd(argument.Name, value)) throw new BadInputException($"{argument.Name} is given twice; it must be given once");
        }
        try
        {
            return bound.At(values);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException(wrong.Message);
        }
    }

    private static string Names(Bound bound) => string.Join(", ", bound.Arguments.Select(a => a.Name));
}
