using System.Text;
using System.Text.RegularExpressions;
using Hooke.App.Commands;

namespace Hooke.Fuzz;

/// <summary>Command lines: options with usual and unusual values, in any order; a line of the file is a word.</summary>
internal static partial class OptionFormats
{
    private const string Here = "{folder}"; // stands for the input's folder
    private const int MostOptions = 4;

    /// <summary>Values that are right nowhere, or at the end of a range.</summary>
    private static readonly string[] Unusual =
    [
        "0", "-1", "1", "2", "3", "-0", "1e9", "2147483648", "9223372036854775808", "1e300", "1e-300", "1e309", "NaN", "nan", "Infinity", "-Infinity", "∞", "", " ", "\t", "abc", "ü", "💥",
        "\u0000", "1,2", "1,,2", ",", "0.5", "0.99", "1.5", "0x10", "1_000", "１", "+1", ".5", "5.", "1e", "--", "-", "@file", "true", "false", "none", "all", "a=1:2:3",
        "learning-rate=0:1", "learning-rate=1:0:5", "workers=1:10:4", "period=1:3:3", "/", "/dev/null", "..", "x:y", "$(id)", "%s%n", "1/2", "p", "1/0", "constant", "asynchronous",
        "synchronous", "round-robin", "overlapped", "quadratic", "cosine", "cosine:0", "drops:1/0", "drops:1/2,1/2", "inverse-sqrt:1e300", "stagnation:1/2", "optimal", "optimal:0", "optimal:1e300",
        "1@2*3^4", "1@1*1e9^1000000", "time-average", "moving-average", "first-drop", "partition", "loaders", "replacement", "d8m8", "d0m0", "nearest", "gradient", "separate", "growing",
        "office", "stragglers", "continents", "splitting", "double-well", "gamma", "0.5:0.9,0.5:0.1", "1:0.999999",
    ];

    /// <summary>Usual values by option.</summary>
    private static readonly Dictionary<string, string[]> Usual = new()
    {
        ["method"] = ["gd", "sgd", "msgd", "easgd", "eamsgd", "downpour", "mdownpour", "adownpour", "async-sgd", "minibatch-sgd", "admm", "admm-momentum", "easgd-tree", "downpour-tree", "hogwild"],
        ["methods"] = ["easgd,sgd", "downpour", "easgd,easgd", "hogwild", ""], ["learning-rates"] = ["0.1", "0.1,0.01", "0.1,0.1", "0"], ["levels"] = ["0.5", "0.5,0.1", "2"],
        ["model"] = ["softmax", "mlp", "logistic", "hinge", "least-squares"], ["workers"] = ["1", "2", "3", "8", "4097", "infinity", "1,2,4", "2,2"], ["epochs"] = ["1", "2", "0.5", "3.7"],
        ["learning-rate"] = ["0.1", "1", "10", "1e10", "1e38", "1e-45"], ["batch"] = ["1", "3", "7", "64", "1048577"], ["hidden"] = ["3", "5,4", "1", "1,1,1,1,1,1,1,1,1,1"],
        ["period"] = ["1", "4", "100", "2147483647"], ["degree"] = ["2", "3", "1", "100"], ["evaluate-every"] = ["0", "0.5", "1e9"], ["seed"] = ["1", "18446744073709551615", "18446744073709551616"],
        ["steps"] = ["10", "0", "1", "100"], ["paths"] = ["10", "1", "0"], ["points"] = ["1", "2", "11", "0"], ["repetitions"] = ["1", "2", "0"], ["examples"] = ["5", "2", "1", "0"],
        ["cluster"] = ["office", "cloud", "continents", "stragglers", "nope", Here + "/small.csv"], ["timing"] = ["synchronous", "round-robin", "asynchronous", "overlapped", "overlapped-synchronous"],
        ["over"] = ["learning-rate=0:1", "period=1:10", "moving-rate=0:1:3"], ["x"] = ["learning-rate=0:1:4", "moving-rate=0:1:3"], ["y"] = ["moving-rate=-1:1:3", "momentum=0:0.9:2"],
        ["moment"] = ["1", "2"], ["horizon"] = ["1", "20"], ["problem"] = ["convex", "strongly-convex", "non-convex"], ["test-data"] = [Here + "/small.svm", Here + "/small.csv", "nope"],
        ["data"] = [Here + "/small.csv", Here + "/small.svm", Here + "/small.csv:label=first", Here + "/small.csv:target=a", Here + "/small.csv:label=zzz", "nope", "."],
        ["precision"] = ["d8m8", "d16m16", "d32m32", "d7m7"], ["hot"] = ["all", "0", "3", "-1"], ["merge-every"] = ["1", "1000000"], ["threads"] = ["1", "2"], ["substeps"] = ["1", "3"],
        ["staleness"] = ["0", "0.5", "0.9", "1", "0.5:0.9,0.5:0.1"], ["svg"] = [Here + "/out.svg", "/nope/x.svg", "."], ["run"] = [Here + "/x", Here + "/small.csv", "/dev/null"],
        ["crop"] = ["0", "1", "28", "-1"], ["write-delay"] = ["0", "1e-7", "1"], ["objective"] = ["quadratic-pair", "quartic-pair", "double-well"], ["scheme"] = ["1", "2", "sme-asgd", "sme-sgd"],
    };

    /// <summary>Commands with what keeps them small.</summary>
    private static readonly (string[] Words, string[] Small)[] Commands =
    [
        (["train"], ["data", Here + "/small.csv", "model", "softmax", "epochs", "2"]), (["train"], ["data", Here + "/small.csv", "model", "mlp", "hidden", "4", "epochs", "2"]),
        (["train"], ["method", "hogwild", "data", Here + "/small.svm", "epochs", "2"]), (["simulate"], ["data", Here + "/small.csv", "model", "softmax", "epochs", "2", "workers", "3"]),
        (["simulate"], ["method", "hogwild", "data", Here + "/small.svm", "epochs", "2", "workers", "3"]),
        (["simulate"], ["data", Here + "/small.csv", "model", "softmax", "epochs", "2", "method", "easgd-tree", "workers", "5"]),
        (["compare"], ["data", Here + "/small.csv", "model", "softmax", "epochs", "1", "methods", "easgd,sgd", "learning-rates", "0.1", "workers", "2"]),
        (["theory", "radius"], []), (["theory", "moments"], []), (["theory", "map"], ["x", "learning-rate=0:1:4", "y", "moving-rate=-1:1:3"]), (["theory", "optimum"], ["over", "moving-rate"]),
        (["theory", "stable"], ["over", "learning-rate=0:1"]), (["theory", "stability"], ["steps", "20", "repetitions", "2", "examples", "10"]), (["sme", "run"], ["paths", "20", "steps", "20"]),
        (["sme", "moments"], ["steps", "20"]), (["sme", "batch"], []), (["methods"], []), (["models"], []), (["data"], []), (["resume"], []),
    ];

    private static readonly Dictionary<string, (string Name, bool IsFlag)[]> Known = [];

    /// <summary>Command lines of options: each ends with exit code 0, 2 or 3, one line for bad input, and one JSON document if that is asked for.</summary>
    public static InputFormat Options() => new("options", "line.txt", Encoding.UTF8.GetBytes($"theory\nradius\n--json"), path =>
    {
        string folder = Path.GetDirectoryName(path)!;
        Typed.Run([.. File.ReadAllText(path).Split('\n').Select(word => word.Replace(Here, folder, StringComparison.Ordinal))]);
        return null;
    })
    {
        Mutate = (_, dice) => Encoding.UTF8.GetBytes(string.Join('\n', Line(dice))),
        Named = [],
        Patience = 30, // some options ask for much work
        Prepare = folder =>
        {
            foreach (string left in Directory.EnumerateDirectories(folder)) Directory.Delete(left, true);
            File.WriteAllText(Path.Combine(folder, "small.csv"), DocumentFormats.SmallTable);
            File.WriteAllText(Path.Combine(folder, "small.svm"), string.Concat(Enumerable.Range(0, 60).Select(k => FormattableString.Invariant($"{(k % 2 == 0 ? "+1" : "-1")} 1:{k * 0.5} 7:-{k}.25e-1 30:{1 + k}\n"))));
        },
    };

    private static List<string> Line(Dice dice)
    {
        var (words, small) = dice.Of(Commands);
        var known = Find(words);
        List<(string Name, string? Value)> chosen = [.. small.Chunk(2).Select(pair => (pair[0], (string?)pair[1]))];
        for (int more = dice.Below(MostOptions + 1); more > 0 && known.Length > 0; more--)
        {
            var (name, isFlag) = dice.Of(known);
            if (name == "epochs") continue; // what keeps it short
            if (!dice.Once(12)) chosen.RemoveAll(option => option.Name == name); // now and then twice
            chosen.Add((name, isFlag && dice.Once(2) ? null : Value(name, dice)));
        }
        if (known.Any(option => option.Name == "run") && chosen.All(option => option.Name != "run")) chosen.Add(("run", Here + "/run"));
        List<string> line = [.. words];
        foreach (var (name, value) in chosen.OrderBy(_ => dice.Next()))
        {
            if (value is null) line.Add("--" + name);
            else if (dice.Once(4)) line.Add($"--{name}={value}");
            else line.AddRange(["--" + name, value]);
        }
        switch (dice.Below(12))
        {
            case 0: line.Insert(dice.Below(line.Count), "--"); break;
            case 1: line.Insert(dice.From(1, line.Count), "@small.csv"); break;
            case 2: line.Insert(dice.From(1, line.Count), dice.Of(Unusual)); break;
            case 3: (line[0], line[^1]) = (line[^1], line[0]); break;
            case 4: line.Add("--record"); break;
        }
        if (dice.Once(2)) line.Insert(dice.From(0, line.Count), "--json");
        return [.. line.Select(word => word.Replace("\n", " ", StringComparison.Ordinal))];
    }

    private static string Value(string name, Dice dice) => Usual.TryGetValue(name, out string[]? values) && !dice.Once(5) ? dice.Of(values) : dice.Of(Unusual);

    // The options that a command's help lists.
    private static (string Name, bool IsFlag)[] Find(string[] words)
    {
        string command = string.Join(' ', words);
        if (Known.TryGetValue(command, out var known)) return known;
        StringWriter help = new();
        CommandLine.Run([.. words, "--help"], help, TextWriter.Null);
        known = [.. Listed().Matches(help.ToString()).Select(option => (option.Groups[1].Value, option.Groups[2].Value != " <")).Where(option => option.Item1 is not ("help" or "json" or "version"))];
        Known.Add(command, known);
        return known;
    }

    [GeneratedRegex(@"^  --([a-z0-9-]+)( <| \[)?", RegexOptions.Multiline)]
    private static partial Regex Listed();
}
