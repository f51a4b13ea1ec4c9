using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hooke.App.Training;

/// <summary>
/// All that a user may say of a run, as text by option name: what the command line and a JSON run file have in common. What is
/// not said is absent; <see cref="Resolution"/> fills it in.
/// </summary>
internal sealed class RunFile
{
    private const string DerivedKey = "derived";
    private readonly SortedDictionary<string, string> said = [];

    /// <summary>Options whose values were derived from the number of workers, not said.</summary>
    public HashSet<string> Derived { get; } = [];

    /// <summary>What was said of an option, or null.</summary>
    public string? this[string option]
    {
        get => said.GetValueOrDefault(option);
        set
        {
            if (value is null) said.Remove(option);
            else said[option] = value;
            Derived.Remove(option);
        }
    }

    /// <summary>Everything that was said.</summary>
    public IReadOnlyDictionary<string, string> Said => said;

    /// <summary>Reads a JSON run file.</summary>
    public static RunFile Load(string path)
    {
        string text;
        try { text = File.ReadAllText(path); }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException) { throw new BadInputException($"run file {path}: {missing.Message}"); }
        return Parse(text, path);
    }

    /// <summary>Reads a run file's text.</summary>
    public static RunFile Parse(string text, string path)
    {
        var file = new RunFile();
        try
        {
            using var json = JsonDocument.Parse(text, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object) throw new BadInputException($"run file {path} holds a JSON {json.RootElement.ValueKind}; it must hold an object");
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (property.Name == DerivedKey)
                {
                    foreach (var name in property.Value.EnumerateArray()) file.Derived.Add(Setting.OptionName(name.GetString()!));
                    continue;
                }
                var setting = Setting.All.FirstOrDefault(s => s.Key == property.Name)
                    ?? throw new BadInputException($"run file {path}: unknown key {property.Name}; known are {string.Join(", ", Setting.All.Select(s => s.Key))}");
                string? value = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => property.Value.GetString(),
                    JsonValueKind.Array => string.Join(',', property.Value.EnumerateArray().Select(e => e.ToString())),
                    JsonValueKind.True => "true",
                    JsonValueKind.False => "false",
                    _ => property.Value.GetRawText(),
                };
                if (value is not null) file.said[setting.Name] = value;
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new BadInputException($"run file {path} is not valid JSON: {broken.Message}");
        }
        return file;
    }

    /// <summary>Lays what another says over this; values derived from another number of workers are forgotten.</summary>
    public void Override(RunFile other)
    {
        if (other["workers"] is { } workers && workers != this["workers"] || other["method"] is { } method && method != this["method"])
            foreach (string option in Derived.ToArray()) this[option] = null;
        foreach (var (option, value) in other.said) this[option] = value;
    }

    /// <summary>The JSON text.</summary>
    public string ToJson()
    {
        var json = new JsonObject();
        foreach (var setting in Setting.All)
            if (this[setting.Name] is { } value)
                json[setting.Key] = setting.IsNumber && double.TryParse(value, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? JsonNode.Parse(value) : JsonValue.Create(value);
        if (Derived.Count > 0) json[DerivedKey] = new JsonArray([.. Derived.Order().Select(name => JsonValue.Create(Setting.Camel(name)))]);
        return json.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }
}
