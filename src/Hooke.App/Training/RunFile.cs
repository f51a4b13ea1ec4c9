using System.Globalization;
using System.Text.Encodings.Web;
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
    private static readonly JsonSerializerOptions Writing = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SortedDictionary<string, string> said = [];

    /// <summary>Options of which nothing was said, and which have values that follow from the method, the model, the data and the number of workers.</summary>
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

    /// <summary>Gives an option of which nothing was said the value that follows from other choices.</summary>
    public string Derive(string option, string value)
    {
        if (this[option] is null) Rederive(option, value);
        return this[option]!;
    }

    /// <summary>Gives an option a value that follows from other choices, whatever was said of it.</summary>
    public void Rederive(string option, string value)
    {
        this[option] = value;
        Derived.Add(option);
    }

    /// <summary>Reads a JSON run file.</summary>
    public static RunFile Load(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"run file {path} is a folder; it must be a JSON file");
        if (!File.Exists(path)) throw new BadInputException($"run file {path} does not exist");
        try
        {
            // Paths are said as seen from the file; from here where nothing is there.
            var file = Parse(TextFile.Read(path), path);
            file.ResolvePaths(Path.GetDirectoryName(Path.GetFullPath(path))!, ".");
            return file;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"run file {path} can't be read: {trouble.Message}");
        }
    }

    /// <summary>Reads a run file's text.</summary>
    public static RunFile Parse(string text, string path) => JsonBorder.Read($"run file {path}", text, json => Read(json, path));

    /// <summary>Reads a run file that is part of another file, from sound JSON.</summary>
    public static RunFile Read(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new BadInputException($"run file {path} holds a JSON {json.ValueKind.ToString().ToLowerInvariant()}; it must hold an object");
        var file = new RunFile();
        foreach (var property in json.EnumerateObject())
        {
            if (property.Name == DerivedKey)
            {
                file.Derived.UnionWith(ReadDerived(property.Value, path));
                continue;
            }
            string name = OptionOf(property.Name, path);
            if (property.Value.ValueKind != JsonValueKind.Null) file.said[name] = TextOf(property.Value, name, property.Name, path);
        }
        return file;
    }

    /// <summary>The same again, to be changed.</summary>
    public RunFile Copy()
    {
        var copy = new RunFile();
        foreach (var (option, value) in said) copy[option] = value;
        copy.Derived.UnionWith(Derived);
        return copy;
    }

    /// <summary>Makes paths that were said in one of these folders absolute, so that they mean the same anywhere.</summary>
    public void ResolvePaths(params IReadOnlyList<string> folders)
    {
        foreach (string name in Setting.Paths)
            if (said.TryGetValue(name, out string? path)) said[name] = DataPath.Resolve(path, folders);
    }

    /// <summary>Lays what another says over this. Where it says another method, model, data set or number of workers, all that was not said is derived anew.</summary>
    public void Override(RunFile other)
    {
        var forgotten = new HashSet<string>();
        if (Differs("method") || Differs("model") || Differs("data") || Differs("workers"))
            foreach (string option in Derived.ToArray()) this[option] = null;
        // Numbers are derived from each other, too: what was derived follows what is now said, and is forgotten with what it followed.
        for (bool changed = true; changed;)
        {
            changed = false;
            foreach (string option in Derived.Where(option => MethodChoices.Follows(option, name => other[name] is not null || forgotten.Contains(name))).ToArray())
            {
                this[option] = null;
                forgotten.Add(option);
                changed = true;
            }
        }
        foreach (var (option, value) in other.said) this[option] = value;

        bool Differs(string option) => other[option] is { } text && text != this[option];
    }

    /// <summary>What another says differently: the option, and what each says.</summary>
    /// <param name="other">The other.</param>
    /// <param name="leaves">Whether an option may differ.</param>
    public (string Option, string? Mine, string? Theirs)? FirstDifference(RunFile other, Func<Setting, bool>? leaves = null)
    {
        foreach (var setting in Setting.All)
        {
            if (leaves?.Invoke(setting) == true) continue;
            string? mine = this[setting.Name], theirs = other[setting.Name];
            bool same = mine == theirs || setting.IsNumber && double.TryParse(mine, CultureInfo.InvariantCulture, out double a) && double.TryParse(theirs, CultureInfo.InvariantCulture, out double b) && a == b;
            if (!same) return (setting.Key, mine, theirs);
        }
        return null;
    }

    /// <summary>The run file as JSON.</summary>
    public JsonObject ToNode()
    {
        var json = new JsonObject();
        foreach (var setting in Setting.All)
            if (this[setting.Name] is { } value)
                json[setting.Key] = (setting.IsNumber && IsJsonNumber(value)) || (setting.IsFlag && value is "true" or "false") ? JsonNode.Parse(value) : JsonValue.Create(value);
        if (Derived.Count > 0) json[DerivedKey] = new JsonArray([.. Derived.Order().Select(name => JsonValue.Create(Setting.Camel(name)))]);
        return json;
    }

    /// <summary>The JSON text.</summary>
    public string ToJson() => ToNode().ToJsonString(Writing) + "\n";

    /// <summary>Whether a text is a number to JSON as it is: "+1" and ".5" are numbers on the command line only.</summary>
    private static bool IsJsonNumber(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Number;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string OptionOf(string key, string path) => Setting.All.FirstOrDefault(setting => setting.Key == key)?.Name
        ?? throw new BadInputException($"run file {path}: key {key} is not known; it must be one of {string.Join(", ", Setting.All.Select(setting => setting.Key))}");

    private static IEnumerable<string> ReadDerived(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Array || json.EnumerateArray().Any(each => each.ValueKind != JsonValueKind.String))
            throw new BadInputException($"run file {path}: {DerivedKey} is {json.GetRawText()}; it must be an array of keys");
        return [.. json.EnumerateArray().Select(each => OptionOf(each.GetString()!, path))];
    }

    private static string TextOf(JsonElement value, string name, string key, string path) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True or JsonValueKind.False when Setting.All.Single(setting => setting.Name == name).IsFlag => value.GetRawText(),
        JsonValueKind.Array when value.EnumerateArray().All(each => each.ValueKind is JsonValueKind.Number or JsonValueKind.String)
            => string.Join(',', value.EnumerateArray().Select(each => each.ToString())),
        _ => throw new BadInputException($"run file {path}: {key} is {value.GetRawText().ReplaceLineEndings(" ")}; it must be a number or a text"),
    };
}
