using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hooke.Engine.Checkpoints;

/// <summary>A file that is not what it should be: missing, truncated, corrupt, or of another run.</summary>
/// <param name="message">Names the file, what was found and what was expected.</param>
public sealed class InvalidFileException(string message) : Exception(message);

/// <summary>A named array of numbers in row-major order.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Load">Gives its bytes, little endian. They are valid until another tensor's are asked for.</param>
public sealed record Tensor(string Name, IReadOnlyList<long> Shape, long Length, Func<ReadOnlyMemory<byte>> Load)
{
    /// <summary>A tensor in memory.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its extents.</param>
    /// <param name="data">Its bytes, little endian.</param>
    public Tensor(string name, IReadOnlyList<long> shape, ReadOnlyMemory<byte> data) : this(name, shape, data.Length, () => data) { }

    /// <summary>Its bytes.</summary>
    public ReadOnlyMemory<byte> Data => Load();
}

/// <summary>
/// Files in the safetensors format: eight bytes of header length, a JSON header with name, type, shape and place of every
/// tensor and a map of strings, then the data. Other tools read them. The map carries a SHA-256 of all strings, places and data.
/// </summary>
public static class Safetensors
{
    internal const string Checksum = "sha256";
    private const string Metadata = "__metadata__";
    private const long LongestHeader = 100_000_000; // the format's own limit

    /// <summary>Writes a file: to a temporary one beside it, which is flushed to the disk and then renamed.</summary>
    /// <param name="path">Where.</param>
    /// <param name="type">"F32" or "F64".</param>
    /// <param name="tensors">What.</param>
    /// <param name="metadata">Strings to go with it.</param>
    /// <param name="isWanted">Asked when all is written whether it is to take its name; null if it is.</param>
    public static void Write(string path, string type, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata, Func<bool>? isWanted = null)
    {
        var places = new Place[tensors.Count];
        long offset = 0;
        for (int k = 0; k < places.Length; k++)
        {
            long start = offset;
            places[k] = new(tensors[k].Name, [.. tensors[k].Shape], start, offset += tensors[k].Length);
        }
        using var hash = Hash(metadata, places);
        foreach (var tensor in tensors) hash.AppendData(tensor.Data.Span);
        using var header = Header(type, places, metadata, Convert.ToHexStringLower(hash.GetHashAndReset()));
        string temporary = path + ".tmp";
        try
        {
            FileWriting.Attempt(path, () =>
            {
                using var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
                Span<byte> length = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
                file.Write(length);
                file.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
                foreach (var tensor in tensors) file.Write(tensor.Data.Span);
                file.Flush(flushToDisk: true);
            });
            if (isWanted?.Invoke() == false) throw new IOException($"{path} was given up while it was written");
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(temporary)) File.Delete(temporary); // what a full disk has no room for must not take any
            throw;
        }
    }

    /// <summary>Reads a file and checks it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="type">The type that all tensors must have.</param>
    /// <returns>The tensors and the strings.</returns>
    /// <exception cref="InvalidFileException">The file is missing, unreadable, truncated or corrupt.</exception>
    public static (IReadOnlyList<Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path, string type)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Read(path, file, type);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidFileException($"{path} does not exist");
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException($"{path} can't be read: {trouble.Message}");
        }
    }

    /// <summary>The format's name of a number type.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    public static string TypeName<T>() where T : unmanaged => typeof(T) == typeof(float) ? "F32" : typeof(T) == typeof(double) ? "F64" : throw new NotSupportedException($"{typeof(T)} has no safetensors type here");

    private static (IReadOnlyList<Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path, FileStream file, string type)
    {
        if (file.Length < 8) throw new InvalidFileException($"{path} has {file.Length} bytes; a safetensors file has at least 8");
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 2 || length > Math.Min(file.Length - 8, LongestHeader))
            throw new InvalidFileException($"{path} has a header of {length} bytes in a file of {file.Length}: it is truncated or no safetensors file");
        byte[] header = new byte[length];
        file.ReadExactly(header);
        var metadata = new Dictionary<string, string>();
        var places = ParseHeader(path, header, type, metadata);
        CheckTiling(path, places, file.Length - 8 - length);
        using var hash = Hash(metadata, places);
        var tensors = new List<Tensor>(places.Count);
        foreach (var place in places)
        {
            byte[] data = GC.AllocateUninitializedArray<byte>((int)(place.To - place.From));
            file.ReadExactly(data);
            hash.AppendData(data);
            tensors.Add(new(place.Name, place.Shape, data));
        }
        if (metadata.TryGetValue(Checksum, out var sum) && sum != Convert.ToHexStringLower(hash.GetHashAndReset()))
            throw new InvalidFileException($"{path} is corrupt: its contents do not have the SHA-256 {sum}");
        return (tensors, metadata);
    }

    private static IReadOnlyList<Place> ParseHeader(string path, byte[] header, string type, Dictionary<string, string> metadata)
    {
        var places = new List<Place>();
        var names = new HashSet<string>();
        try
        {
            using var parsed = JsonDocument.Parse(header);
            foreach (var entry in parsed.RootElement.EnumerateObject())
            {
                if (!names.Add(entry.Name)) throw new FormatException($"{entry.Name} appears twice");
                if (entry.Name == Metadata)
                {
                    foreach (var pair in entry.Value.EnumerateObject())
                        if (!metadata.TryAdd(pair.Name, pair.Value.GetString() ?? throw new FormatException($"{pair.Name} is null"))) throw new FormatException($"{pair.Name} appears twice");
                    continue;
                }
                string? found = entry.Value.GetProperty("dtype").GetString();
                if (found != type) throw new InvalidFileException($"{path}: tensor {entry.Name} is {found}; it must be {type}");
                long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64())];
                var offsets = entry.Value.GetProperty("data_offsets");
                if (offsets.GetArrayLength() != 2) throw new FormatException($"data_offsets of {entry.Name} are {offsets.GetArrayLength()} numbers; they must be 2");
                long from = offsets[0].GetInt64(), to = offsets[1].GetInt64();
                if (shape.Any(extent => extent < 0)) throw new FormatException($"{entry.Name} has a negative extent");
                long expected = shape.Aggregate(type == "F32" ? 4L : 8L, (product, extent) => checked(product * extent));
                if (from < 0 || to < from || to - from != expected)
                    throw new InvalidFileException($"{path}: tensor {entry.Name} is at bytes {from} to {to} and needs {expected}: the file is corrupt");
                places.Add(new(entry.Name, shape, from, to));
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidFileException($"{path} has a damaged header: {broken.Message}");
        }
        return [.. places.OrderBy(place => place.From).ThenBy(place => place.To)];
    }

    /// <summary>Tensors fill the data without holes and overlaps, so that a small file can't ask for much memory.</summary>
    private static void CheckTiling(string path, IReadOnlyList<Place> places, long available)
    {
        long end = 0;
        foreach (var place in places)
        {
            if (place.From != end) throw new InvalidFileException($"{path}: tensor {place.Name} starts at byte {place.From}, not {end}: the file is corrupt");
            if (place.To > available) throw new InvalidFileException($"{path}: tensor {place.Name} ends at byte {place.To} of {available}: the file is truncated");
            if (place.To - place.From > Array.MaxLength) throw new InvalidFileException($"{path}: tensor {place.Name} has {place.To - place.From} bytes; at most {Array.MaxLength} can be read");
            end = place.To;
        }
        if (end != available) throw new InvalidFileException($"{path} has {available} bytes of data; its tensors have {end}: the file is corrupt");
    }

    private static MemoryStream Header(string type, ReadOnlySpan<Place> places, IReadOnlyDictionary<string, string> metadata, string checksum)
    {
        var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject(Metadata);
            foreach (var (key, value) in metadata)
                if (key != Checksum) json.WriteString(key, value); // that of a file that was read, perhaps
            json.WriteString(Checksum, checksum);
            json.WriteEndObject();
            foreach (var place in places)
            {
                json.WriteStartObject(place.Name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long extent in place.Shape) json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(place.From);
                json.WriteNumberValue(place.To);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 64 != 56) header.WriteByte((byte)' '); // the data start at a multiple of 64 bytes
        return header;
    }

    /// <summary>A hash of everything but the data, which are appended by the caller in the order of their places.</summary>
    private static IncrementalHash Hash(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<Place> places)
    {
        var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, value) in metadata.Where(pair => pair.Key != Checksum).OrderBy(pair => pair.Key, StringComparer.Ordinal)) Append(key, value);
        foreach (var place in places) Append(place.Name, string.Join(',', place.Shape.Append(place.To).Select(n => n.ToString(CultureInfo.InvariantCulture))));
        return hash;

        void Append(string name, string value) => hash.AppendData(Encoding.UTF8.GetBytes($"{name}\0{value}\0"));
    }

    /// <summary>Where in the data a tensor is.</summary>
    private sealed record Place(string Name, long[] Shape, long From, long To);
}
