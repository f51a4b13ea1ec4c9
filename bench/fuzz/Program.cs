using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hooke.Fuzz;

/// <summary>The command line: <c>bench/fuzz/run --help</c>.</summary>
internal static class Program
{
    /// <summary>First word of a child process's command line.</summary>
    public const string ChildWord = "child";

    public static int Main(string[] args)
    {
        if (args is [ChildWord, var name, var seed, var from, var to, var folder])
        {
            var output = Console.Out;
            Console.SetOut(TextWriter.Null); // what is read may print
            Child.Run(AllFormats.Find(name), ulong.Parse(seed), long.Parse(from), long.Parse(to), folder, output);
            return 0;
        }
        RootCommand root = new("Changes valid inputs of every reader, the same ones for a seed, and reads them in processes of their own: each must be refused by name, or read right; none may end by a signal, take more than 5 s or more than 1 GB.");
        Option<int> count = new("--count") { Description = "changed inputs of each format", DefaultValueFactory = _ => 1000 };
        Option<ulong> start = new("--seed") { Description = "seed of all changes", DefaultValueFactory = _ => 1 };
        Option<string?> formats = new("--formats") { Description = $"some of {string.Join(", ", AllFormats.Names)}, divided by commas; default all" };
        Option<string?> keep = new("--keep") { Description = "folder for the inputs of findings" };
        Option<bool> json = new("--json") { Description = "print one JSON document on standard output" };
        foreach (Option option in (Option[])[count, start, formats, keep, json]) root.Options.Add(option);
        root.SetAction(parsed =>
        {
            string[] chosen = parsed.GetValue(formats)?.Split(',') ?? [.. AllFormats.Names];
            if (chosen.FirstOrDefault(word => !AllFormats.Names.Contains(word)) is { } strange)
            {
                Console.Error.WriteLine($"formats is {strange}; it must be some of {string.Join(", ", AllFormats.Names)}");
                return 2;
            }
            return Run(new(parsed.GetValue(start), parsed.GetValue(count)), chosen, parsed.GetValue(keep), parsed.GetValue(json));
        });
        return root.Parse(args).Invoke();
    }

    private static int Run(Campaign campaign, string[] names, string? keep, bool json)
    {
        var say = json ? Console.Error : Console.Out;
        List<Tally> tallies = [];
        say.WriteLine($"{"format",-24} {"tried",6} {"refused",8} {"right",6} {"wrong",6} {"slowest",9} {"memory",8}");
        foreach (string name in names)
        {
            var format = AllFormats.Find(name);
            var tally = campaign.Run(format);
            tallies.Add(tally);
            say.WriteLine(FormattableString.Invariant($"{name,-24} {tally.Tried,6} {tally.Refused,8} {tally.Right,6} {tally.Findings.Count,6} {tally.Slowest,7:f2} s {tally.MostMegabytes,5:f0} MB"));
            foreach (var group in tally.Findings.GroupBy(finding => Kind(finding.Text)).OrderByDescending(group => group.Count()).Take(10))
                say.WriteLine($"    {group.Count()} times, first input {group.First().Number}: {group.First().Text}");
            if (keep is null) continue;
            Directory.CreateDirectory(keep);
            foreach (var finding in tally.Findings.DistinctBy(finding => Kind(finding.Text)))
                File.WriteAllBytes(Path.Combine(keep, $"{name}-{finding.Number}{Path.GetExtension(format.File)}"), format.Input(campaign.Seed, finding.Number));
        }
        int wrong = tallies.Sum(tally => tally.Findings.Count);
        say.WriteLine($"{tallies.Sum(tally => tally.Tried)} inputs, {wrong} taken wrongly (seed {campaign.Seed})");
        if (json) Console.WriteLine(Document(campaign, tallies).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return wrong == 0 ? 0 : 1;
    }

    private static JsonObject Document(Campaign campaign, List<Tally> tallies) => new()
    {
        ["seed"] = campaign.Seed,
        ["formats"] = new JsonArray([.. tallies.Select(tally => new JsonObject
        {
            ["format"] = tally.Format, ["tried"] = tally.Tried, ["refused"] = tally.Refused, ["right"] = tally.Right, ["slowest"] = tally.Slowest,
            ["megabytes"] = tally.MostMegabytes,
            ["findings"] = new JsonArray([.. tally.Findings.Select(finding => new JsonObject { ["input"] = finding.Number, ["text"] = finding.Text })]),
        })]),
    };

    // Findings that differ in numbers only are of one kind.
    private static string Kind(string text) => System.Text.RegularExpressions.Regex.Replace(text, "[0-9]+", "N");
}
