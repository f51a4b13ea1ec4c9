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
    internal const string Format = "hooke checkpoint 1", Unused = "unused";
    private readonly List<Tensor> tensors = [];
    private volatile bool isGivenUp;
    private readonly List<NativeVector<T>> copies = [];
    private readonly Dictionary<string, string> numbers = new() { ["format"] = Format };

    /// <inheritdoc/>
    public void Fact(string name, string value) => numbers.Add(name, value);

    /// <inheritdoc/>
    public void Number(string name, ref long value) => numbers.Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Number(string name, ref double value) => numbers.Add(name, value.ToString("R", CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (vector is not null) tensors.Add(new(name, [length], vector.Bytes));
        else numbers.Add(name, Unused);
    }

    /// <summary>Copies all vectors, so that the run may go on before they are written.</summary>
    public void Detach()
    {
        for (int k = 0; k < tensors.Count; k++)
        {
            var copy = new NativeVector<T>(MemoryMarshal.Cast<byte, T>(tensors[k].Load().Span));
            tensors[k] = new(tensors[k].Name, [.. tensors[k].Shape], copy.Bytes);
            copies.Add(copy);
        }
    }

    /// <summary>Writes the file, and waits for the disk, but not without end.</summary>
    /// <param name="path">Where.</param>
    /// <param name="limit">Longest time that it may take.</param>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="TimeoutException">It has not been written in time, and will not be; the vectors must not be freed, for they may still be read.</exception>
    public void Write(string path, TimeSpan limit)
    {
        var writing = Task.Run(() => Write(path));
        if (Task.WaitAny([writing], limit) == 0)
        {
            writing.GetAwaiter().GetResult();
            return;
        }
        isGivenUp = true;
        throw new TimeoutException($"the checkpoint {path} has not been written for {limit.TotalSeconds:g3} s, the limit");
    }

    /// <summary>Writes the file, and frees the copies.</summary>
    /// <param name="path">Where.</param>
    public void Write(string path)
    {
        try
        {
            // What is written too late may not be what was to be saved.
            Safetensors.Write(path, Safetensors.TypeName<T>(), tensors, numbers, () => !isGivenUp);
        }
        finally
        {
            copies.ForEach(copy => copy.Dispose());
        }
    }
}

/// <summary>Restores the state of a run from its checkpoint.</summary>
/// <typeparam name="T">Number type.</typeparam>
public sealed class CheckpointReader<T> : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly string path;
    private readonly Dictionary<string, Tensor> tensors;
    private readonly IReadOnlyDictionary<string, string> numbers;
    private bool verifying;

    /// <summary>Reads and checks a checkpoint.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="InvalidFileException">The file is missing, truncated, corrupt, or no checkpoint.</exception>
    public CheckpointReader(string path)
    {
        this.path = path;
        var (all, metadata) = Safetensors.Read(path, Safetensors.TypeName<T>());
        if (metadata.GetValueOrDefault("format") != CheckpointWriter<T>.Format) throw new InvalidFileException($"{path} is no checkpoint of this program: its format is {metadata.GetValueOrDefault("format") ?? "not stated"}");
        if (!metadata.ContainsKey(Safetensors.Checksum)) throw new InvalidFileException($"{path} is corrupt: it lacks its {Safetensors.Checksum}");
        tensors = all.ToDictionary(t => t.Name);
        numbers = metadata;
    }

    /// <summary>Examples used so far.</summary>
    public long Samples => Whole("supply.given");

    /// <summary>Whether the run kept a record of who acts when.</summary>
    public bool IsRecorded => numbers.ContainsKey(Interleaving.Acts);

    /// <inheritdoc/>
    public void Restore(Action<IArchive<T>> run)
    {
        verifying = true;
        try { run(this); }
        finally { verifying = false; }
        run(this);
    }

    /// <inheritdoc/>
    public void Fact(string name, string value)
    {
        if (Find(name) != value) throw new InvalidFileException($"{path}: {name} is {numbers[name]}; this run's is {value}: it is the checkpoint of another run");
    }

    /// <inheritdoc/>
    public void Number(string name, ref long value)
    {
        long found = Whole(name);
        if (!verifying) value = found;
    }

    /// <inheritdoc/>
    public void Number(string name, ref double value)
    {
        double found = double.TryParse(Find(name), CultureInfo.InvariantCulture, out double parsed) ? parsed : throw Damaged(name);
        if (!verifying) value = found;
    }

    /// <inheritdoc/>
    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (!tensors.TryGetValue(name, out var tensor))
        {
            if (Find(name) != CheckpointWriter<T>.Unused) throw Damaged(name);
            if (!verifying) vector?.Span.Clear();
            return;
        }
        var values = MemoryMarshal.Cast<byte, T>(tensor.Data.Span);
        if (values.Length != length) throw new InvalidFileException($"{path}: {name} has {values.Length} numbers; this run needs {length}: it is the checkpoint of another run");
        if (verifying) return;
        vector ??= new(length);
        values.CopyTo(vector.Span);
    }

    private long Whole(string name) => long.TryParse(Find(name), CultureInfo.InvariantCulture, out long found) ? found : throw Damaged(name);

    private string Find(string name) => numbers.TryGetValue(name, out var text) ? text : throw new InvalidFileException($"{path} lacks {name}: it is the checkpoint of another run");

    private InvalidFileException Damaged(string name) => new($"{path}: {name} is {numbers[name]}, which is not what is saved there: the file is damaged");
}
