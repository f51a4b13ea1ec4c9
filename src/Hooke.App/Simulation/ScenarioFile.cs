using System.Text.Json.Nodes;
using Hooke.App.Training;
using Hooke.Simulator;

namespace Hooke.App.Simulation;

/// <summary>
/// Reads and writes a scenario as JSON: the cluster's numbers in seconds and bytes, or as text with a unit ("32 Gb/s", "45 MB");
/// <c>base</c> names the preset that the file changes.
/// </summary>
internal static class ScenarioFile
{
    /// <summary>Longest text of a trace that is read, and most times in it: enough for a year of steps.</summary>
    private const int LongestTrace = 256 << 20, MostTimes = 16 << 20;

    private const string Laws = "constant, exponential, geometric, lognormal, uniform or trace";

    public static Scenario Parse(string text, string path) => JsonBorder.Read($"cluster file {path}", text, json =>
    {
        try
        {
            return Read(new("", json), path);
        }
        catch (BadInputException wrong)
        {
            throw new BadInputException($"cluster file {path}: {wrong.Message}");
        }
    });

    /// <summary>The scenario as JSON, every number in seconds and bytes.</summary>
    public static string Write(Scenario scenario)
    {
        var c = scenario.Cluster;
        var json = new JsonObject
        {
            ["name"] = c.Name,
            ["description"] = c.Description,
            ["workersPerMachine"] = c.WorkersPerMachine,
            ["compute"] = Node(c.Compute),
            ["data"] = Node(c.Data),
            ["speeds"] = new JsonArray([.. c.Speeds.Select(speed => JsonValue.Create(speed))]),
            ["straggling"] = c.Straggling is { } slow ? new JsonObject { ["probability"] = slow.Probability, ["extra"] = Node(slow.Extra) } : null,
            ["within"] = Node(c.Within),
            ["between"] = Node(c.Between),
            ["center"] = Node(c.Center),
            ["sites"] = c.Sites,
            ["backbone"] = Node(c.Backbone),
            ["centerWithWorkers"] = c.CenterWithWorkers,
            ["service"] = c.Service is null ? null : Node(c.Service),
            ["readService"] = c.ReadService is null ? null : Node(c.ReadService),
            ["shards"] = c.Shards,
            ["messageBytes"] = c.MessageBytes,
            ["overlap"] = c.Overlap,
            ["collective"] = Setting.Dashed(c.Collective.ToString()),
            ["loss"] = c.Loss,
            ["duplication"] = c.Duplication,
            ["timeout"] = c.Timeout,
            ["resend"] = c.Resend,
            ["checkpointEvery"] = scenario.CheckpointEvery,
            ["faults"] = new JsonArray([.. scenario.Faults.Select(fault => new JsonObject { ["kind"] = Setting.Dashed(fault.Kind.ToString()), ["at"] = fault.At, ["worker"] = fault.Worker, ["seconds"] = fault.Seconds })]),
        };
        return json.ToJsonString(Json.Indented) + "\n";
    }

    private static Scenario Read(Field json, string path)
    {
        if (!json.IsObject) throw new BadInputException($"it holds a JSON {json.Value.ValueKind.ToString().ToLowerInvariant()}; it must hold an object");
        var cluster = new Cluster { Name = Path.GetFileNameWithoutExtension(path) };
        if (json.Find("base") is { } start)
            cluster = Presets.All.FirstOrDefault(preset => preset.Name == start.Text()) is { } preset ? preset with { Name = cluster.Name }
                : throw start.Wrong(Setting.Choice(Presets.All.Select(each => each.Name)));
        var scenario = new Scenario(cluster, []);
        foreach (var (key, value) in json.Parts()) scenario = Apply(scenario, key, value, path);
        return scenario;
    }

    private static Scenario Apply(Scenario scenario, string key, Field value, string path)
    {
        var c = scenario.Cluster;
        Cluster? changed = key switch
        {
            "base" => c,
            "name" => c with { Name = value.Text() },
            "description" => c with { Description = value.Text() },
            "workersPerMachine" => c with { WorkersPerMachine = value.Whole() },
            "compute" => c with { Compute = Law(value, path) },
            "data" => c with { Data = Law(value, path) },
            "speeds" => c with { Speeds = [.. value.Elements().Select(speed => speed.Number())] },
            "straggling" => c with { Straggling = value.IsNull ? null : Straggling(value, path) },
            "within" => c with { Within = Link(value, c.Within) },
            "between" => c with { Between = Link(value, c.Between) },
            "center" => c with { Center = Link(value, c.Center) },
            "sites" => c with { Sites = value.Whole() },
            "backbone" => c with { Backbone = Link(value, c.Backbone) },
            "centerWithWorkers" => c with { CenterWithWorkers = value.Flag() },
            "service" => c with { Service = value.IsNull ? null : Law(value, path) },
            "readService" => c with { ReadService = value.IsNull ? null : Law(value, path) },
            "shards" => c with { Shards = value.Whole() },
            "messageBytes" => c with { MessageBytes = value.IsNull ? null : value.In(Quantity.Bytes) },
            "overlap" => c with { Overlap = value.Flag() },
            "collective" => c with { Collective = value.OneOf<Collective>() },
            "loss" => c with { Loss = value.Number() },
            "duplication" => c with { Duplication = value.Number() },
            "timeout" => c with { Timeout = value.In(Quantity.Seconds) },
            "resend" => c with { Resend = value.Flag() },
            _ => null,
        };
        if (changed is not null) return scenario with { Cluster = changed };
        return key switch
        {
            "checkpointEvery" => scenario with { CheckpointEvery = value.In(Quantity.Seconds) is >= SimulationPlan.ShortestCheckpoint and var every ? every : throw value.Wrong($"at least {SimulationPlan.ShortestCheckpoint * 1000:0} ms") },
            "faults" => scenario with { Faults = [.. value.Elements().Select(Fault)] },
            _ => throw new BadInputException($"key {key} is not known; it must be base, checkpointEvery, faults or one of what cluster.json of a simulation's run folder lists"),
        };
    }

    private static Fault Fault(Field json)
    {
        json.DemandKeys("kind", "at", "worker", "seconds");
        double Time(string key) => json.Find(key)?.In(Quantity.Seconds) ?? 0;
        return new(json["kind"].OneOf<FaultKind>(), Time("at"), json.Find("worker")?.Whole() ?? 0, Time("seconds"));
    }

    private static Straggling Straggling(Field json, string path)
    {
        json.DemandKeys("probability", "extra");
        return new(json["probability"].Number(), Law(json["extra"], path));
    }

    private static Link Link(Field json, Link standard)
    {
        json.DemandKeys("latency", "bandwidth", "jitter", "duplex");
        foreach (var (key, value) in json.Parts())
            standard = key switch
            {
                "latency" => standard with { Latency = value.In(Quantity.Seconds) },
                "bandwidth" => standard with { Bandwidth = value.IsNull ? double.PositiveInfinity : value.In(Quantity.Bandwidth) },
                "jitter" => standard with { Jitter = value.In(Quantity.Seconds) },
                _ => standard with { Duplex = value.Flag() },
            };
        return standard;
    }

    private static TimeLaw Law(Field json, string path)
    {
        if (!json.IsObject) return new ConstantTime(json.In(Quantity.Seconds));
        double Time(string key) => json[key].In(Quantity.Seconds);
        string law = json["law"].Text();
        void Demand(params string[] keys) => json.DemandKeys(["law", .. keys]);
        switch (law)
        {
            case "constant": Demand("seconds"); return new ConstantTime(Time("seconds"));
            case "exponential": Demand("seconds"); return new ExponentialTime(Time("seconds"));
            case "geometric": Demand("trial", "success"); return new GeometricTime(Time("trial"), json["success"].Number());
            case "lognormal": Demand("seconds", "spread"); return new LognormalTime(Time("seconds"), json["spread"].Number());
            case "uniform": Demand("low", "high"); return new UniformTime(Time("low"), Time("high"));
            case "trace":
                Demand("file", "seconds");
                if (json.Find("file") is { } file) return new TraceTime(ReadTrace(file.Name, Path.Combine(Path.GetDirectoryName(path)!, file.Text())));
                return new TraceTime([.. (json.Find("seconds") ?? throw new BadInputException($"{json.Name} lacks the key file or seconds")).Elements().Select(each => each.In(Quantity.Seconds))]);
            default: throw json["law"].Wrong(Laws);
        }
    }

    private static double[] ReadTrace(string name, string path)
    {
        try
        {
            string[] words = TextFile.Read(path, LongestTrace).Split((char[])[' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > MostTimes) throw new BadInputException($"{path} has {words.Length} times; it must have at most {MostTimes}");
            return [.. words.Select(word => Quantity.Seconds.Parse($"{name}: a time of {path}", word.Length <= 40 ? word : word[..40] + "…"))];
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{name} is {path}, which can't be read: {trouble.Message}");
        }
    }

    private static JsonObject Node(Link link) => new()
    {
        ["latency"] = link.Latency,
        ["bandwidth"] = double.IsFinite(link.Bandwidth) ? link.Bandwidth : null,
        ["jitter"] = link.Jitter,
        ["duplex"] = link.Duplex,
    };

    private static JsonNode Node(TimeLaw law) => law switch
    {
        ConstantTime constant => JsonValue.Create(constant.Seconds),
        ExponentialTime exponential => new JsonObject { ["law"] = "exponential", ["seconds"] = exponential.Seconds },
        GeometricTime geometric => new JsonObject { ["law"] = "geometric", ["trial"] = geometric.Trial, ["success"] = geometric.Success },
        LognormalTime lognormal => new JsonObject { ["law"] = "lognormal", ["seconds"] = lognormal.Seconds, ["spread"] = lognormal.Spread },
        UniformTime uniform => new JsonObject { ["law"] = "uniform", ["low"] = uniform.Low, ["high"] = uniform.High },
        TraceTime trace => new JsonObject { ["law"] = "trace", ["seconds"] = new JsonArray([.. trace.Seconds.Select(seconds => JsonValue.Create(seconds))]) },
        _ => throw new ArgumentException($"law is {law.GetType().Name}; it must be one that a file can hold"),
    };
}
