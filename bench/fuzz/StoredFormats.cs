using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hooke.Engine.Checkpoints;
using Hooke.Models.Data;
using Hooke.Problems;

namespace Hooke.Fuzz;

/// <summary>Files that Hooke writes itself: mapped data, tensors, checkpoints.</summary>
internal static class StoredFormats
{
    private const string Number = "supply.given", Samples = "1200", Note = "note", Text = "ν = \"7\"";
    private static readonly float[] Weights = [.. Enumerable.Range(0, 40).Select(k => k * 0.37f - 3)];

    /// <summary>A mapped data set, which has checksums.</summary>
    public static InputFormat Mapped()
    {
        byte[] valid = Made(path => MappedFile.Write(path, ExampleReader.Of(Small())), "x.hooke");
        var expected = Small();
        return new("mapped", "x.hooke", valid, path =>
        {
            var data = MappedFile.Open(path);
            return data.TrainPixels.SequenceEqual(expected.TrainPixels) && data.TestPixels.SequenceEqual(expected.TestPixels)
                && data.TrainLabels.SequenceEqual(expected.TrainLabels) && data.TestLabels.SequenceEqual(expected.TestLabels) ? null : "it was read though it has changed";
        });
    }

    /// <summary>A mapped data set with checksums that are right again: what it says must be possible, and what it holds is what is read.</summary>
    public static InputFormat MendedMapped() => Mapped() with { Name = "mapped-mended", Mend = MendHashes, Read = JudgeMapped };

    /// <summary>Tensors with a checksum: any change that is accepted is none.</summary>
    public static InputFormat Tensors() => new("safetensors", "x.safetensors", Made(path => Write(path), "x.safetensors"), path =>
    {
        var (tensors, metadata) = Safetensors.Read(path, "F32");
        return metadata.ContainsKey("sha256") ? Same(tensors, metadata) : JudgeTensors(path, tensors, metadata);
    });

    /// <summary>Tensors without a checksum, as other tools write them.</summary>
    public static InputFormat UncheckedTensors() => new("safetensors-unchecked", "x.safetensors", Unchecked(Made(path => Write(path), "x.safetensors")), path =>
    {
        var (tensors, metadata) = Safetensors.Read(path, "F32");
        return JudgeTensors(path, tensors, metadata);
    })
    {
        Special = [Header(long.MaxValue, "{}"), Header(2, "{}"), Header(1, "{"), Header(1L << 33, "{}"), [.. Header(50_000, new string('[', 50_000))], []],
    };

    /// <summary>A checkpoint: any change that is accepted is none.</summary>
    public static InputFormat Checkpoint() => new("checkpoint", "x.safetensors", Made(path => Write(path), "x.safetensors"), path =>
    {
        var reader = new CheckpointReader<float>(path);
        if (reader.Samples != 1200) return $"samples are {reader.Samples}";
        var (tensors, metadata) = Safetensors.Read(path, "F32");
        return Same(tensors, metadata);
    });

    /// <summary>A small set of images.</summary>
    private static DataSet Small()
    {
        Dice dice = new(3);
        byte[] Pixels(int count) => [.. Enumerable.Range(0, count * 12).Select(_ => (byte)dice.Next())];
        return new("small", "made", new(3, 4, 1), 3, Pixels(9), [0, 1, 2, 0, 1, 2, 0, 1, 2], Pixels(3), [2, 1, 0]);
    }

    private static string? JudgeMapped(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var data = MappedFile.Open(path);
        if (data.ChannelMeans.ToArray().Any(mean => !double.IsFinite(mean)) || data.ChannelDeviations.ToArray().Any(deviation => !double.IsFinite(deviation) || deviation <= 0))
            return $"means {string.Join(' ', data.ChannelMeans.ToArray())} and deviations {string.Join(' ', data.ChannelDeviations.ToArray())} were read";
        var reader = ExampleReader.Of(data);
        int at = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12));
        byte[] input = new byte[reader.Layout.InputBytes], target = new byte[reader.Layout.TargetBytes];
        foreach (var split in (Split[])[Split.Training, Split.Test])
        {
            for (int k = 0; k < reader.Count(split); k++)
            {
                reader.ReadInput(split, k, input);
                if (!input.AsSpan().SequenceEqual(file.AsSpan(at + k * input.Length, input.Length))) return $"{split} input {k} is another";
            }
            at = Aligned(at + reader.Count(split) * input.Length);
            for (int k = 0; k < reader.Count(split); k++)
            {
                reader.ReadTarget(split, k, target);
                if (!target.AsSpan().SequenceEqual(file.AsSpan(at + k * target.Length, target.Length))) return $"{split} target {k} is another";
                if (reader.Layout.Target == TargetKind.Label && BitConverter.ToInt32(target) is var label && (label < 0 || label >= reader.Layout.Classes)) return $"{split} label {k} is {label}";
            }
            at = Aligned(at + reader.Count(split) * target.Length);
        }
        return null;
    }

    private static int Aligned(int at) => (at + 63) / 64 * 64;

    // The format's own order: the header from its second checksum on has the first, the data the second.
    private static byte[] MendHashes(byte[] file)
    {
        const int OfHeader = 16, OfData = 48, LeastHeader = 80, HeaderLength = 12;
        byte[] mended = [.. file];
        if (mended.Length < LeastHeader) return mended;
        int header = BinaryPrimitives.ReadInt32LittleEndian(mended.AsSpan(HeaderLength));
        if (header < LeastHeader || header > mended.Length) return mended;
        SHA256.HashData(mended.AsSpan(header), mended.AsSpan(OfData, SHA256.HashSizeInBytes));
        SHA256.HashData(mended.AsSpan(OfData, header - OfData), mended.AsSpan(OfHeader, SHA256.HashSizeInBytes));
        return mended;
    }

    private static void Write(string path) => Safetensors.Write(path, "F32",
        [new("linear1.weight", [4, 5], Bytes(Weights[..20])), new("linear1.bias", [20], Bytes(Weights[20..])), new("none", [0, 3], ReadOnlyMemory<byte>.Empty)],
        new Dictionary<string, string> { ["format"] = "hooke checkpoint 1", [Number] = Samples, [Note] = Text });

    private static string? Same(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        bool Has(string name, float[] values) => tensors.Any(tensor => tensor.Name == name && tensor.Data.Span.SequenceEqual(Bytes(values).Span));
        return tensors.Count == 3 && metadata[Number] == Samples && metadata[Note] == Text && Has("linear1.weight", Weights[..20]) && Has("linear1.bias", Weights[20..]) ? null
            : "it was read though it has changed";
    }

    private static string? JudgeTensors(string path, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        int count = 0;
        foreach (var entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
            {
                foreach (var pair in entry.Value.EnumerateObject())
                    if (metadata[pair.Name] != pair.Value.GetString()) return $"{pair.Name} is {metadata[pair.Name]}";
                continue;
            }
            count++;
            int[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(each => each.GetInt32())];
            var tensor = tensors.Single(tensor => tensor.Name == entry.Name);
            if (!tensor.Data.Span.SequenceEqual(file.AsSpan(8 + length + offsets[0], offsets[1] - offsets[0]))) return $"{entry.Name} has other bytes";
            if (!tensor.Shape.SequenceEqual(entry.Value.GetProperty("shape").EnumerateArray().Select(each => each.GetInt64()))) return $"{entry.Name} has another shape";
        }
        return count == tensors.Count ? null : $"{tensors.Count} tensors were read of {count}";
    }

    private static byte[] Unchecked(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        string header = Encoding.UTF8.GetString(file, 8, length);
        int from = header.IndexOf(",\"sha256\"", StringComparison.Ordinal), to = header.IndexOf('}', from);
        return [.. Header(length - (to - from), header[..from] + header[to..]), .. file[(8 + length)..]];
    }

    private static byte[] Header(long length, string text) => [.. BitConverter.GetBytes(length), .. Encoding.UTF8.GetBytes(text)];

    private static ReadOnlyMemory<byte> Bytes(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static byte[] Made(Action<string> write, string name)
    {
        string folder = Directory.CreateTempSubdirectory("hooke-fuzz-made-").FullName;
        try
        {
            string path = Path.Combine(folder, name);
            write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
