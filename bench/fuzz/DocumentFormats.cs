using System.Globalization;
using System.Text;
using System.Text.Json;
using Hooke.App.Simulation;
using Hooke.App.Training;
using Hooke.Methods.Catalog;
using Hooke.Problems;
using Hooke.Simulator;

namespace Hooke.Fuzz;

/// <summary>JSON that a user may write.</summary>
internal static class DocumentFormats
{
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private const int Workers = 4, Simulated = 400; // samples

    /// <summary>A run file: every option is what the JSON says.</summary>
    public static InputFormat RunFile() => new("run.json", "x.json", Resolved(), path =>
    {
        var file = App.Training.RunFile.Load(path);
        using var json = JsonDocument.Parse(File.ReadAllText(path), Reading);
        foreach (var property in json.RootElement.EnumerateObject().Where(property => property.Name != "derived"))
        {
            string? found = file[Setting.All.Single(setting => setting.Key == property.Name).Name], expected = property.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.Array => string.Join(',', property.Value.EnumerateArray()),
                JsonValueKind.True or JsonValueKind.False => property.Value.GetRawText(),
                _ => property.Value.ToString(),
            };
            if (found != expected) return $"{property.Name} was read as {found}";
        }
        return null;
    })
    {
        Mutate = Mutations.Json,
        Special = Specials(Encoding.UTF8.GetString(Resolved())),
    };

    /// <summary>A run file that is completed to a run; refusals name the option.</summary>
    public static InputFormat ResolvedRunFile() => RunFile() with
    {
        Name = "run.json-resolved",
        Named = [],
        Read = path =>
        {
            var file = App.Training.RunFile.Load(path);
            file["data"] = Path.Combine(Path.GetDirectoryName(path)!, "small.csv");
            var run = Resolution.Of(file, _ => { });
            return run.Workers == int.Parse(run.File["workers"]!, CultureInfo.InvariantCulture) ? null : $"there are {run.Workers} workers";
        },
        Prepare = folder => File.WriteAllText(Path.Combine(folder, "small.csv"), SmallTable),
    };

    /// <summary>A cluster: its numbers are what the JSON says, and virtual time passes on it.</summary>
    public static InputFormat Cluster()
    {
        var cluster = Presets.Office with
        {
            MessageBytes = 1e6, Loss = 0.1, Duplication = 0.1, Speeds = [1, 2, 0.5], Straggling = new(0.1, new ExponentialTime(1)), Compute = new LognormalTime(0.02, 0.2),
            Service = new UniformTime(0.001, 0.002),
        };
        string valid = ScenarioFile.Write(new(cluster, [new(FaultKind.Die, 1, 2), new(FaultKind.Return, 2, 2), new(FaultKind.Pause, 1, 1, 0.5), new(FaultKind.RestartCenter, 3, 0, 1)]));
        return new("cluster.json", "x.json", Encoding.UTF8.GetBytes(valid), path =>
        {
            var scenario = Scenario.Find(path);
            using JsonDocument said = JsonDocument.Parse(File.ReadAllText(path), Reading), read = JsonDocument.Parse(ScenarioFile.Write(scenario));
            foreach (var property in said.RootElement.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Number))
                if (property.Value.GetDouble() != read.RootElement.GetProperty(property.Name) switch { { ValueKind: JsonValueKind.Number } number => number.GetDouble(), _ => double.NaN })
                    return $"{property.Name} was read as {read.RootElement.GetProperty(property.Name)}";
            return Simulate(scenario, path);
        })
        {
            Mutate = Mutations.Json,
            Special =
            [
                .. Specials(valid),
                .. ((string[])
                [
                    """{"compute":{"law":"trace","file":"../../../../etc/passwd"}}""", """{"compute":{"law":"trace","file":"nope"}}""", """{"compute":{"law":"trace","file":null}}""",
                    """{"compute":{"law":"trace","file":"a\u0000b"}}""", """{"compute":{"law":"trace","file":"."}}""", """{"compute":{"law":"trace","file":"/dev/zero"}}""",
                    """{"compute":1e999}""", """{"compute":"NaN"}""", """{"timeout":"Infinity"}""", """{"shards":2147483648}""", """{"checkpointEvery":"NaN"}""", """{"checkpointEvery":1e-300}""",
                    """{"collective":null}""", """{"name":null}""", """{"faults":[{"kind":null,"at":1}]}""", """{"faults":[null]}""", """{"faults":[{"kind":"die","at":1,"worker":1e300}]}""",
                    """{"faults":[{"kind":"die","at":1,"worker":0.5}]}""", """{"faults":[{"kind":"die","at":"NaN","worker":"NaN"}]}""", """{"compute":{"law":"trace","seconds":[]}}""",
                    $$"""{"speeds":[{{string.Join(',', Enumerable.Repeat("1", 1_000_000))}}]}""",
                    $$"""{"faults":[{{string.Join(',', Enumerable.Repeat("""{"kind":"die","at":1,"worker":0}""", 100_000))}}]}""",
                ]).Select(Encoding.UTF8.GetBytes),
            ],
        };
    }

    /// <summary>A table of two classes.</summary>
    public static string SmallTable { get; } = "a,b,c,label\n" + string.Concat(Enumerable.Range(0, 60)
        .Select(k => FormattableString.Invariant($"{k * 0.5},{-k},{Math.Sin(k):g6},{(k % 3 == 0 ? "cat" : "dog")}\n")));

    private static string? Simulate(Scenario scenario, string path)
    {
        var method = ElasticAveraging.Easgd.For(Workers, ("learning-rate", 0.05), ("period", 4));
        try
        {
            foreach (var fault in scenario.Faults) fault.Check(Workers, method);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException($"{path}: {wrong.Message}");
        }
        var problem = new Quadratic<double>(curvature: [0.5, 1.0], start: [10.0, 1], minimizer: [1.0, 2], deviation: 1.0);
        using var star = VirtualTime.Prepare(method, problem, Workers, scenario.Cluster, 1);
        var outcome = VirtualTime.Run(star, new SimulationPlan(Simulated, 1) { Faults = scenario.Faults, CheckpointEvery = scenario.CheckpointEvery }, scenario.Cluster);
        return double.IsFinite(outcome.Seconds) && outcome.Seconds >= 0 ? null : $"it took {outcome.Seconds} virtual seconds";
    }

    // A run file as a run folder has it.
    private static byte[] Resolved()
    {
        string folder = Directory.CreateTempSubdirectory("hooke-fuzz-made-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "small.csv"), SmallTable);
            App.Training.RunFile said = new()
            {
                ["data"] = Path.Combine(folder, "small.csv"), ["model"] = "softmax", ["method"] = "easgd", ["workers"] = "2", ["epochs"] = "20", ["evaluate-every"] = "5", ["batch"] = "2",
            };
            var file = Resolution.Of(said, _ => { }).File;
            file["data"] = "small.csv";
            return Encoding.UTF8.GetBytes(file.ToJson());
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    // Documents that no change of a few values makes.
    private static byte[][] Specials(string valid) =>
    [
        [], [0], [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(valid)], Encoding.Unicode.GetBytes(valid), .. ((string[])
        [
            "null", "true", "[]", "\"x\"", "1", "{", "{}", "{}{}", "{\"\\ud800\": 1}", "{\"a\": \"\\ud800\"}", new string('[', 100_000), new string(' ', 1 << 20), "{\"derived\": [\"\\udc00\"]}",
            "{\"derived\": [null]}", "{\"derived\": null}", "{\"data\": \"a\\u0000b\"}", "{\"method\": \"hogwild\", \"testData\": \"a\\u0000b\"}", valid + "x", valid.Replace("{", "{/*", StringComparison.Ordinal), $"{{\"name\": \"{new string('x', 1 << 20)}\"}}",
        ]).Select(Encoding.UTF8.GetBytes),
    ];
}
