using System.Text.Json;
using Hooke.App.Training;

namespace Hooke.App.Simulation;

/// <summary>A value of a JSON file under its name; what is wrong with it is told with the name, and as it was typed.</summary>
/// <param name="Name">The keys that lead to it: "between: bandwidth".</param>
/// <param name="Value">The value.</param>
internal readonly record struct Field(string Name, JsonElement Value)
{
    private const int ShownLength = 80;

    public bool IsNull => Value.ValueKind == JsonValueKind.Null;

    public bool IsObject => Value.ValueKind == JsonValueKind.Object;

    /// <summary>The value as it was typed; of a long one the beginning.</summary>
    private string Typed
    {
        get
        {
            string text = Value.ValueKind == JsonValueKind.String ? Value.GetString()! : Value.GetRawText().ReplaceLineEndings(" ");
            return text.Length <= ShownLength ? text : text[..ShownLength] + "…";
        }
    }

    /// <summary>A part of the object that has to be there.</summary>
    public Field this[string key] => Find(key) ?? throw new BadInputException($"{Name} lacks the key {key}");

    /// <summary>A part of the object, or null.</summary>
    public Field? Find(string key) => Demand(JsonValueKind.Object, "an object").Value.TryGetProperty(key, out var part) ? Part(key, part) : null;

    /// <summary>All parts of the object.</summary>
    public IEnumerable<(string Key, Field Value)> Parts()
    {
        var all = new List<(string, Field)>();
        foreach (var property in Demand(JsonValueKind.Object, "an object").Value.EnumerateObject()) all.Add((property.Name, Part(property.Name, property.Value)));
        return all;
    }

    /// <summary>Refuses keys that nothing reads.</summary>
    public void DemandKeys(params string[] known)
    {
        foreach (var (key, _) in Parts())
            if (!known.Contains(key)) throw new BadInputException($"{(Name.Length > 0 ? $"{Name}: " : "")}key {key} is not known; it must be {Setting.Choice(known)}");
    }

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<Field> Elements()
    {
        var (name, value) = Demand(JsonValueKind.Array, "an array");
        return [.. value.EnumerateArray().Select((element, k) => new Field($"{name}[{k}]", element))];
    }

    public double Number() => Value.ValueKind == JsonValueKind.Number ? Value.GetDouble() : throw Wrong("a number");

    public int Whole() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) ? number : throw Wrong($"a whole number of at most {int.MaxValue}");

    public bool Flag() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Wrong("true or false");

    public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Wrong("a text");

    public TEnum OneOf<TEnum>() where TEnum : struct, Enum => Setting.OneOf<TEnum>(Name, Value.ValueKind == JsonValueKind.String ? Value.GetString()! : Value.GetRawText());

    /// <summary>A number, or text of one with a unit.</summary>
    public double In(Quantity quantity) => quantity.Parse(Name, Value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? Typed : throw Wrong("a number or a text"));

    /// <summary>The error of a value that is not allowed.</summary>
    public BadInputException Wrong(string range) => Setting.Wrong(Name, Typed, range);

    private Field Demand(JsonValueKind kind, string what) => Value.ValueKind == kind ? this : throw Wrong(what);

    private Field Part(string key, JsonElement part) => new(Name.Length > 0 ? $"{Name}: {key}" : key, part);
}
