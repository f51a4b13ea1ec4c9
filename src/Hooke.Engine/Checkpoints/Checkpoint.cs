using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Engine.Checkpoints;

/// <summary>Collects the state of a run and writes it to one safetensors file: vectors as tensors, numbers as strings.</summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class CheckpointWriter<T> : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Tensor> tensors = [];
    private readonly Dictionary<string, string> numbers = new() { ["format"] = "hooke checkpoint 1" };

    /// <inheritdoc/>
    public void Number(string name, ref long value) => numbers.Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Number(string name, ref double value) => numbers.Add(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (vector is not null) tensors.Add(new(name, [length], vector.Bytes));
    }

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where.</param>
    public void Write(string path) => Safetensors.Write(path, Safetensors.TypeName<T>(), tensors, numbers);
}

/// <summary>Restores the state of a run from its checkpoint.</summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class CheckpointReader<T> : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string path;
    private readonly Dictionary<string, Tensor> tensors;
    private readonly IReadOnlyDictionary<string, string> numbers;

    /// <summary>Reads and checks a checkpoint.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="InvalidFileException">The file is missing, truncated, corrupt, or no checkpoint.</exception>
    public CheckpointReader(string path)
    {
        this.path = path;
        var (all, metadata) = Safetensors.Read(path, Safetensors.TypeName<T>());
        if (metadata.GetValueOrDefault("format") != "hooke checkpoint 1") throw new InvalidFileException($"{path} is no checkpoint of this program: its format is {metadata.GetValueOrDefault("format") ?? "not stated"}");
        tensors = all.ToDictionary(t => t.Name);
        numbers = metadata;
    }

    /// <summary>Examples used so far.</summary>
    public long Samples => (long)Parse("supply.given");

    /// <inheritdoc/>
    public void Number(string name, ref long value) => value = long.TryParse(Find(name), CultureInfo.InvariantCulture, out long found) ? found : throw Damaged(name);

    /// <inheritdoc/>
    public void Number(string name, ref double value) => value = Parse(name);

    /// <inheritdoc/>
    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (!tensors.TryGetValue(name, out var tensor)) return;
        var values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        if (values.Length != length) throw new InvalidFileException($"{path}: {name} has {values.Length} numbers; this run needs {length}: it is the checkpoint of another run");
        vector ??= new(length);
        values.CopyTo(vector.Span);
    }

    private double Parse(string name) => double.TryParse(Find(name), CultureInfo.InvariantCulture, out double found) ? found : throw Damaged(name);

    private string Find(string name) => numbers.TryGetValue(name, out var text) ? text : throw new InvalidFileException($"{path} lacks {name}: it is the checkpoint of another run");

    private InvalidFileException Damaged(string name) => new($"{path}: {name} is {numbers[name]}; it must be a number");
}
