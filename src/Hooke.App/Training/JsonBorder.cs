using System.Text.Json;

namespace Hooke.App.Training;

/// <summary>
/// What all JSON from outside passes, before anybody reads of it: what is no JSON, is too deep, says a key twice or holds text that is
/// no Unicode is refused with the document's name and the place, so that who reads on meets sound values only.
/// </summary>
internal static class JsonBorder
{
    /// <summary>Comments and a comma behind the last value are for people who write by hand.</summary>
    private static readonly JsonDocumentOptions ByHand = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    private static readonly JsonSerializerOptions Strict = new(Json.Compact) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Reads a document.</summary>
    /// <param name="name">What it is, for errors: "run file x.json".</param>
    /// <param name="text">Its text.</param>
    /// <param name="read">Makes something of it.</param>
    /// <exception cref="BadInputException">It is no sound JSON; the document, and line and column or key.</exception>
    public static T Read<T>(string name, string text, Func<JsonElement, T> read)
    {
        using var json = Parse(name, text);
        Check(name, "", json.RootElement, nullsInArrays: true);
        return read(json.RootElement);
    }

    /// <summary>Reads a document that this program writes: no value that must be there is missing or null, nor any within a list.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="name">What it is, for errors.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="BadInputException">It is no sound JSON, or none of such a document.</exception>
    public static T Read<T>(string name, string text) where T : class
    {
        using var json = Parse(name, text);
        Check(name, "", json.RootElement, nullsInArrays: false);
        return Of<T>(name, json.RootElement);
    }

    /// <summary>Reads a part of a sound document that this program writes.</summary>
    /// <typeparam name="T">What it holds.</typeparam>
    /// <param name="name">What it is, for errors.</param>
    /// <param name="json">The part.</param>
    /// <exception cref="BadInputException">It is none of such a document.</exception>
    public static T Of<T>(string name, JsonElement json) where T : class
    {
        try
        {
            return json.Deserialize<T>(Strict) ?? throw new BadInputException($"{name} holds null; it must hold an object");
        }
        catch (JsonException wrong)
        {
            throw new BadInputException($"{name}: {wrong.Path ?? "$"} is not what is written there: {wrong.Message.Split(" Path:")[0]}");
        }
    }

    /// <summary>A part of a sound document that must be there.</summary>
    /// <param name="name">What the document is, for errors.</param>
    /// <param name="json">What has the part.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="BadInputException">It is not there.</exception>
    public static JsonElement Part(string name, JsonElement json, string key)
        => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(key, out var part) ? part : throw new BadInputException($"{name} lacks the key {key}");

    private static JsonDocument Parse(string name, string text)
    {
        try
        {
            return JsonDocument.Parse(text, ByHand);
        }
        catch (JsonException broken)
        {
            // The parser counts from 0, and ends its message with the place.
            throw new BadInputException($"{name} is not valid JSON: line {broken.LineNumber + 1}, column {broken.BytePositionInLine + 1}: {broken.Message.Split(" LineNumber:")[0]}");
        }
        catch (ArgumentException broken) // a surrogate of its own in the text itself
        {
            throw new BadInputException($"{name} is not valid JSON: {broken.Message}");
        }
    }

    private static void Check(string name, string place, JsonElement json, bool nullsInArrays)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String when !IsUnicode(json):
                throw new BadInputException($"{name}: {(place.Length == 0 ? "the text" : place)} is {json.GetRawText()}, half of a character; it must be Unicode text");
            case JsonValueKind.Array:
                foreach (var (k, each) in json.EnumerateArray().Index())
                {
                    if (!nullsInArrays && each.ValueKind == JsonValueKind.Null) throw new BadInputException($"{name}: {place}[{k}] is null; it must be a value");
                    Check(name, $"{place}[{k}]", each, nullsInArrays);
                }
                break;
            case JsonValueKind.Object:
                HashSet<string> keys = [];
                foreach (var property in json.EnumerateObject())
                {
                    string key = KeyOf(name, place, property), at = place.Length == 0 ? key : $"{place}.{key}";
                    if (!keys.Add(key)) throw new BadInputException($"{name}: {at} is given twice; it must be given once");
                    Check(name, at, property.Value, nullsInArrays);
                }
                break;
        }
    }

    private static string KeyOf(string name, string place, JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw new BadInputException($"{name}: a key{(place.Length == 0 ? "" : $" of {place}")} has half of a character ({property.ToString().Split(':')[0]}); it must be Unicode text");
        }
    }

    private static bool IsUnicode(JsonElement text)
    {
        try
        {
            _ = text.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
