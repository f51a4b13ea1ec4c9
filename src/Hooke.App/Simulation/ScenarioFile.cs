using System.Globalization;
using System.Text.Json;
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
    /// <summary>Units of bytes and bytes a second.</summary>
    private static readonly (string Unit, double Factor)[] Units =
        [("Gb/s", 1e9 / 8), ("Mb/s", 1e6 / 8), ("kb/s", 1e3 / 8), ("GB/s", 1e9), ("MB/s", 1e6), ("kB/s", 1e3), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("µs", 1e-6), ("us", 1e-6), ("ms", 1e-3), ("s", 1)];

    public static Scenario Parse(string text, string path)
    {
        try
        {
            return JsonBorder.Read($"cluster file {path}", text, json => Read(json, path));
        }
        catch (Exception broken) when (broken is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new BadInputException($"cluster file {path}: {broken.Message}");
        }
    }

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

    private static Scenario Read(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException($"it holds a JSON {json.ValueKind.ToString().ToLowerInvariant()}; it must hold an object");
        var cluster = new Cluster { Name = Path.GetFileNameWithoutExtension(path) };
        if (json.TryGetProperty("base", out var start))
            cluster = Presets.All.FirstOrDefault(preset => preset.Name == start.GetString()) is { } preset ? preset with { Name = cluster.Name }
                : throw new FormatException($"base is {start}; it must be {Setting.Choice(Presets.All.Select(each => each.Name))}");
        var scenario = new Scenario(cluster, []);
        foreach (var property in json.EnumerateObject()) scenario = Apply(scenario, property.Name, property.Value, path);
        return scenario;
    }

    private static Scenario Apply(Scenario scenario, string name, JsonElement value, string path)
    {
        var c = scenario.Cluster;
        bool isNull = value.ValueKind == JsonValueKind.Null;
        Cluster? changed = name switch
        {
            "base" => c,
            "name" => c with { Name = value.GetString()! },
            "description" => c with { Description = value.GetString()! },
            "workersPerMachine" => c with { WorkersPerMachine = value.GetInt32() },
            "compute" => c with { Compute = Law(value, path) },
            "data" => c with { Data = Law(value, path) },
            "speeds" => c with { Speeds = [.. value.EnumerateArray().Select(speed => speed.GetDouble())] },
            "straggling" => c with { Straggling = isNull ? null : new(value.GetProperty("probability").GetDouble(), Law(value.GetProperty("extra"), path)) },
            "within" => c with { Within = Link(value, c.Within) },
            "between" => c with { Between = Link(value, c.Between) },
            "center" => c with { Center = Link(value, c.Center) },
            "sites" => c with { Sites = value.GetInt32() },
            "backbone" => c with { Backbone = Link(value, c.Backbone) },
            "centerWithWorkers" => c with { CenterWithWorkers = value.GetBoolean() },
            "service" => c with { Service = isNull ? null : Law(value, path) },
            "readService" => c with { ReadService = isNull ? null : Law(value, path) },
            "shards" => c with { Shards = value.GetInt32() },
            "messageBytes" => c with { MessageBytes = isNull ? null : Quantity(value, name) },
            "overlap" => c with { Overlap = value.GetBoolean() },
            "collective" => c with { Collective = Setting.OneOf<Collective>(name, value.GetString()!) },
            "loss" => c with { Loss = value.GetDouble() },
            "duplication" => c with { Duplication = value.GetDouble() },
            "timeout" => c with { Timeout = Quantity(value, name) },
            "resend" => c with { Resend = value.GetBoolean() },
            _ => null,
        };
        if (changed is not null) return scenario with { Cluster = changed };
        return name switch
        {
            "checkpointEvery" => scenario with { CheckpointEvery = Quantity(value, name) },
            "faults" => scenario with { Faults = [.. value.EnumerateArray().Select(Fault)] },
            _ => throw new FormatException($"key {name} is not known; it must be base, checkpointEvery, faults or one of what cluster.json of a simulation's run folder lists"),
        };
    }

    private static Fault Fault(JsonElement json)
    {
        double Number(string name) => json.TryGetProperty(name, out var value) ? Quantity(value, name) : 0;
        return new(Setting.OneOf<FaultKind>("kind", json.GetProperty("kind").GetString()!), Number("at"), (int)Number("worker"), Number("seconds"));
    }

    private static Link Link(JsonElement json, Link standard)
    {
        foreach (var property in json.EnumerateObject())
            standard = property.Name switch
            {
                "latency" => standard with { Latency = Quantity(property.Value, "latency") },
                "bandwidth" => standard with { Bandwidth = property.Value.ValueKind == JsonValueKind.Null ? double.PositiveInfinity : Quantity(property.Value, "bandwidth") },
                "jitter" => standard with { Jitter = Quantity(property.Value, "jitter") },
                "duplex" => standard with { Duplex = property.Value.GetBoolean() },
                _ => throw new FormatException($"key {property.Name} of a link is not known; it must be latency, bandwidth, jitter or duplex"),
            };
        return standard;
    }

    private static TimeLaw Law(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) return new ConstantTime(Quantity(json, "seconds"));
        double Number(string name) => Quantity(json.GetProperty(name), name);
        return json.GetProperty("law").GetString() switch
        {
            "constant" => new ConstantTime(Number("seconds")),
            "exponential" => new ExponentialTime(Number("seconds")),
            "geometric" => new GeometricTime(Number("trial"), Number("success")),
            "lognormal" => new LognormalTime(Number("seconds"), Number("spread")),
            "uniform" => new UniformTime(Number("low"), Number("high")),
            "trace" => new TraceTime(json.TryGetProperty("file", out var file) ? ReadTrace(Path.Combine(Path.GetDirectoryName(path)!, file.GetString()!)) : [.. json.GetProperty("seconds").EnumerateArray().Select(each => each.GetDouble())]),
            var other => throw new FormatException($"law is {other}; it must be constant, exponential, geometric, lognormal, uniform or trace"),
        };
    }

    private static double[] ReadTrace(string path)
        => [.. File.ReadAllText(path).Split((char[])[' ', ',', ';', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(word => Number(word, $"a time of {path}"))];

    private static double Quantity(JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Number) return value.GetDouble();
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : throw new FormatException($"{name} is {value.GetRawText()}; it must be a number or a text");
        foreach (var (unit, factor) in Units)
            if (text.EndsWith(unit, StringComparison.Ordinal)) return factor * Number(text[..^unit.Length], name);
        return Number(text, name);
    }

    private static double Number(string text, string name) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value
        : throw new FormatException($"{name} is {text}; it must be a number, or a number with a unit such as ms, MB or Gb/s");

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
