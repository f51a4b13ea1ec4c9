using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hooke.Engine.Checkpoints;

/// <summary>A file that is not what it should be: missing, truncated, corrupt, or of another run.</summary>
/// <param name="message">Names the file, what was found and what was expected.</param>
public sealed class InvalidFileException(string message) : Exception(message);

/// <summary>A named array of numbers in row-major order.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Data">Its bytes, little endian.</param>
public sealed record Tensor(string Name, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Data);

/// <summary>
/// Files in the safetensors format: eight bytes of header length, a JSON header with name, type, shape and place of every
/// tensor and a map of strings, then the data. Other tools read them. The map carries a SHA-256 of the data.
/// </summary>
public static class Safetensors
{
    private const string Checksum = "sha256";

    /// <summary>Writes a file: to a temporary one beside it, which is flushed to the disk and then renamed.</summary>
    /// <param name="path">Where.</param>
    /// <param name="type">"F32" or "F64".</param>
    /// <param name="tensors">What.</param>
    /// <param name="metadata">Strings to go with it.</param>
    public static void Write(string path, string type, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors) hash.AppendData(tensor.Data.Span);
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (key, value) in metadata) json.WriteString(key, value);
            json.WriteString(Checksum, Convert.ToHexStringLower(hash.GetHashAndReset()));
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long extent in tensor.Shape) json.WriteNumberValue(extent);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % 64 != 56) header.WriteByte((byte)' '); // the data start at a multiple of 64 bytes
        string temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
            foreach (var tensor in tensors) file.Write(tensor.Data.Span);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads a file and checks it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="type">The type that all tensors must have.</param>
    /// <returns>The tensors and the strings.</returns>
    /// <exception cref="InvalidFileException">The file is missing, truncated or corrupt.</exception>
    public static (IReadOnlyList<Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(string path, string type)
    {
        byte[] bytes;
        try { bytes = File.ReadAllBytes(path); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException) { throw new InvalidFileException($"{path} does not exist"); }
        if (bytes.Length < 8) throw new InvalidFileException($"{path} has {bytes.Length} bytes; a safetensors file has at least 8");
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length < 2 || length > bytes.Length - 8) throw new InvalidFileException($"{path} has a header of {length} bytes in a file of {bytes.Length}: it is truncated or no safetensors file");
        var data = bytes.AsMemory(8 + (int)length);
        var tensors = new List<Tensor>();
        var metadata = new Dictionary<string, string>();
        try
        {
            using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    foreach (var pair in entry.Value.EnumerateObject()) metadata[pair.Name] = pair.Value.GetString()!;
                    continue;
                }
                string found = entry.Value.GetProperty("dtype").GetString()!;
                if (found != type) throw new InvalidFileException($"{path}: tensor {entry.Name} is {found}; it must be {type}");
                long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
                long from = entry.Value.GetProperty("data_offsets")[0].GetInt64(), to = entry.Value.GetProperty("data_offsets")[1].GetInt64();
                long expected = shape.Aggregate(type == "F32" ? 4L : 8L, (a, b) => a * b);
                if (from < 0 || to < from || to > data.Length || to - from != expected)
                    throw new InvalidFileException($"{path}: tensor {entry.Name} is at bytes {from} to {to} of {data.Length} and has {expected}: the file is truncated or corrupt");
                tensors.Add(new(entry.Name, shape, data[(int)from..(int)to]));
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            throw new InvalidFileException($"{path} has a damaged header: {broken.Message}");
        }
        if (metadata.TryGetValue(Checksum, out var sum) && sum != Convert.ToHexStringLower(SHA256.HashData(data.Span)))
            throw new InvalidFileException($"{path} is corrupt: its data do not have the SHA-256 {sum}");
        return (tensors, metadata);
    }

    /// <summary>The format's name of a number type.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    public static string TypeName<T>() where T : unmanaged => typeof(T) == typeof(float) ? "F32" : typeof(T) == typeof(double) ? "F64" : throw new NotSupportedException($"{typeof(T)} has no safetensors type here");
}
