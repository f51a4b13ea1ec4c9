namespace Mutants;

/// <summary>A mutant.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Mutator">What kind it is of.</param>
/// <param name="IsStatic">Whether Stryker says it is passed by static fields.</param>
/// <param name="Replacement">What stands there instead.</param>
public sealed record Mutant(string Path, int Line, string Mutator, bool IsStatic, string Replacement);

/// <summary>What became of the mutants.</summary>
public static class Summary
{
    /// <summary>The portion that a file counts to: its folder, or itself.</summary>
    /// <param name="path">Its path from src on.</param>
    public static string Portion(string path) => path.Split('/') is [_, var folder, _] ? folder : path.Split('/')[^1];

    /// <summary>Prints a table of files, and the mutants that live.</summary>
    public static void Print(Dictionary<int, Mutant> mutants, string results)
    {
        var last = new Dictionary<int, string>();
        foreach (string line in File.ReadLines(results))
        {
            string[] fields = line.Split(' ', 3);
            if (fields[1] != "begin") last[int.Parse(fields[0])] = fields[1];
        }
        foreach (var portion in mutants.GroupBy(pair => Portion(pair.Value.Path)).OrderBy(group => group.Key))
        {
            int all = portion.Count(), tried = portion.Count(pair => last.ContainsKey(pair.Key)), killed = portion.Count(pair => last.GetValueOrDefault(pair.Key) == "Killed");
            // The normal approximation with Agresti and Coull's two of each, narrower for a sample that is most of all.
            double share = (killed + 2.0) / (tried + 4), error = 1.96 * Math.Sqrt(share * (1 - share) / (tried + 4) * (all - tried) / Math.Max(1, all - 1));
            Console.WriteLine(FormattableString.Invariant($"| {portion.Key} | {all} | {tried} | {killed} | {100.0 * killed / tried:f1} % ± {100 * error:f1} |"));
        }
        foreach (var (id, mutant) in mutants.OrderBy(pair => (pair.Value.Path, pair.Value.Line)))
            if (last.TryGetValue(id, out string? outcome) && outcome != "Killed") Console.WriteLine($"{mutant.Path}:{mutant.Line} {outcome} {mutant.Mutator}: {mutant.Replacement.ReplaceLineEndings(" ")} [{id}]");
    }
}
