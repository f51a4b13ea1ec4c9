using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hooke.Problems;

namespace Hooke.Models.Data;

/// <summary>
/// Hooke's own file of examples, which is mapped rather than read, so that data may exceed memory: pages come in when they are
/// touched. All numbers are little-endian.
/// </summary>
/// <remarks>
/// <list type="table">
/// <item><term>0</term><description>8 bytes "HookeSet", then the version (32 bits, 1) and the header's length h (32 bits)</description></item>
/// <item><term>16</term><description>SHA-256 of the header from byte 48 to h</description></item>
/// <item><term>48</term><description>SHA-256 of everything from h on</description></item>
/// <item><term>80</term><description>13 integers of 32 bits: bytes in an element (1: pixels, 4: floats), kind of target (0: label,
/// 1: values, 2: the input), standardized (0 or 1), classes, the input's height, width and channels, the target's, training
/// examples, test examples, and whether names follow (0 or 1); a mean and a deviation for each channel (64-bit floats); name and
/// description, each as its length (32 bits) and UTF-8; then, if they follow, the names of classes, of features and of the target,
/// each as their number (32 bits; 0 for none) and texts, and the index of a sparse text's first feature (32 bits; -1 for none)</description></item>
/// <item><term>h</term><description>training inputs, training targets, test inputs, test targets, each one behind the other and
/// starting at a multiple of 64 bytes; labels have 32 bits</description></item>
/// </list>
/// </remarks>
internal static unsafe class MappedFile
{
    /// <summary>Ending of such files' names.</summary>
    public const string Extension = ".hooke";

    /// <summary>Files up to this size are checked against the checksum of their data when they are opened, which takes seconds; of larger ones a notice says that they are not.</summary>
    public const long CheckedSize = 4L << 30;

    private const int Version = 1, HashAt = 16, DataHashAt = 48, FieldsAt = 80, Alignment = 64;

    private static ReadOnlySpan<byte> Magic => "HookeSet"u8;

    /// <summary>Writes a file. It appears under its name when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">What to write.</param>
    /// <param name="notice">Told about progress, if not null.</param>
    /// <exception cref="InvalidDataSetException">It cannot be written, or an example cannot be read.</exception>
    public static void Write(string path, ExampleReader reader, Action<string>? notice = null)
    {
        using PartFile part = new(path);
        try
        {
            using (FileStream file = new(part.Path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20)) Write(file, reader, notice);
            part.Keep();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value" }) // the last is .NET's of a file system's limit
        {
            throw new InvalidDataSetException($"{path}: it cannot be written: {cause.Message}", cause);
        }
    }

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Whether to compare the data with their checksum, which reads all of them; null for files up to a size.</param>
    /// <exception cref="InvalidDataSetException">The file is missing, truncated, corrupt, or of another kind.</exception>
    /// <param name="notice">Told that nobody has looked whether the data are whole, if not null.</param>
    /// <param name="checkedSize">Up to which size they are compared if nothing is said.</param>
    public static DataSet Open(string path, bool? check = null, Action<string>? notice = null, long checkedSize = CheckedSize)
    {
        if (!File.Exists(path)) throw new InvalidDataSetException($"{path}: there is no such file");
        try
        {
            long length = new FileInfo(path).Length;
            if (length < FieldsAt) throw new InvalidDataSetException($"{path}: the file has {length} bytes; the header of a mapped data set has more");
            Region all = Region.Map(path);
            if (!all.Slice(0, 8).Span<byte>().SequenceEqual(Magic)) throw new InvalidDataSetException($"{path}: the file starts with 0x{Convert.ToHexString(all.Slice(0, 8).Span<byte>())}; expected 0x{Convert.ToHexString(Magic)}, a mapped data set of Hooke");
            int version = BinaryPrimitives.ReadInt32LittleEndian(all.Slice(8, 4).Span<byte>()), header = BinaryPrimitives.ReadInt32LittleEndian(all.Slice(12, 4).Span<byte>());
            if (version != Version) throw new InvalidDataSetException($"{path}: the format's version is {version}; expected {Version}");
            if (header < FieldsAt || header > length) throw new InvalidDataSetException($"{path}: the file is truncated or corrupt: it has {length} bytes, and its header announces {(uint)header} bytes for itself");
            if (!SHA256.HashData(all.Slice(DataHashAt, header - DataHashAt).Span<byte>()).AsSpan().SequenceEqual(all.Slice(HashAt, 32).Span<byte>()))
                throw new InvalidDataSetException($"{path}: the header is corrupt: its checksum is not the one that it announces");
            DataSet data = Read(path, all, header);
            if (check is null && length > checkedSize) notice?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{path}: its {length / 1e9:0.#} GB are not compared with their checksum; hooke data check compares them"));
            if ((check ?? length <= checkedSize) && !Hash(all, header).AsSpan().SequenceEqual(all.Slice(DataHashAt, 32).Span<byte>()))
                throw new InvalidDataSetException($"{path}: the data are corrupt: their checksum is not the one that the header announces");
            return data;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
    }

    private static DataSet Read(string path, Region all, int header)
    {
        using BinaryReader fields = new(new UnmanagedMemoryStream(all.Pointer + FieldsAt, header - FieldsAt), Encoding.UTF8);
        int element = fields.ReadInt32(), target = fields.ReadInt32(), standardized = fields.ReadInt32(), classes = fields.ReadInt32();
        Shape shape = new(fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt32()), targetShape = new(fields.ReadInt32(), fields.ReadInt32(), fields.ReadInt32());
        int train = fields.ReadInt32(), test = fields.ReadInt32();
        bool isNamed = fields.ReadInt32() != 0;
        if (element is not (1 or 4) || !Enum.IsDefined((TargetKind)target) || !shape.IsValid || !targetShape.IsValid || train < 1 || test < 1 || header - FieldsAt < 16L * shape.Channels)
            throw new InvalidDataSetException($"{path}: the header announces {train} and {test} examples of {shape} with {element} bytes an element and targets of kind {target} and shape {targetShape}; this is no data set");
        Channels statistics = new(new double[shape.Channels], new double[shape.Channels]);
        for (int c = 0; c < shape.Channels; c++) (statistics.Means[c], statistics.Deviations[c]) = (fields.ReadDouble(), fields.ReadDouble());
        statistics.Check(path);
        Layout layout = new()
        {
            Name = Text(path, fields), Description = Text(path, fields), Shape = shape, Element = (Element)element, Target = (TargetKind)target, TargetShape = targetShape,
            Classes = classes, Standardized = standardized != 0, Names = isNamed ? ReadNames(path, fields) : Names.None,
        };
        long at = header;
        Region Section(int count, long bytes)
        {
            long start = at = Aligned(at);
            at += count * bytes;
            if (at > all.Length) throw new InvalidDataSetException($"{path}: the file is truncated: it has {all.Length} bytes; its header ({train} and {test} examples of {shape}) announces more");
            return all.Slice(start, count * bytes);
        }
        Examples training = new(train, Section(train, layout.InputBytes), Section(train, layout.TargetBytes));
        Examples held = new(test, Section(test, layout.InputBytes), Section(test, layout.TargetBytes));
        if (at != all.Length) throw new InvalidDataSetException($"{path}: the file has {all.Length} bytes; its header announces {at}");
        try
        {
            return new(layout, training, held, statistics, fingerprint: Convert.ToHexStringLower(all.Slice(HashAt, 32).Span<byte>()));
        }
        catch (InvalidDataSetException cause)
        {
            throw new InvalidDataSetException($"{path}: {cause.Message}", cause);
        }
    }

    private static void Write(FileStream file, ExampleReader reader, Action<string>? notice)
    {
        Layout layout = reader.Layout;
        int header = Header(reader, reader.Statistics ?? new(new double[layout.Shape.Channels], new double[layout.Shape.Channels])).Length;
        file.Position = header;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        PixelCounts? counts = reader.Statistics is null ? new(layout.Shape.Channels) : null;
        byte[] input = new byte[layout.InputBytes], target = new byte[layout.TargetBytes];
        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            file.Write(bytes);
        }
        foreach (var split in (Split[])[Split.Training, Split.Test])
        {
            Put(new byte[Aligned(file.Position) - file.Position]);
            for (int k = 0, total = reader.Count(split); k < total; k++)
            {
                reader.ReadInput(split, k, input);
                Put(input);
                if (split == Split.Training && counts is not null)
                    fixed (byte* at = input) counts.Add(at, (long)layout.Shape.Height * layout.Shape.Width);
                if ((k + 1) % 10_000 == 0) notice?.Invoke($"{k + 1} of {total} {(split == Split.Training ? "training" : "test")} examples written");
            }
            Put(new byte[Aligned(file.Position) - file.Position]);
            for (int k = 0; k < reader.Count(split); k++)
            {
                reader.ReadTarget(split, k, target);
                Put(target);
            }
        }
        var statistics = reader.Statistics ?? counts!.Statistics();
        statistics.Check(layout.Name);
        byte[] bytes = Header(reader, statistics);
        hash.GetHashAndReset(bytes.AsSpan(DataHashAt));
        SHA256.HashData(bytes.AsSpan(DataHashAt), bytes.AsSpan(HashAt));
        file.Position = 0;
        file.Write(bytes);
    }

    private static byte[] Header(ExampleReader reader, Channels statistics)
    {
        Layout layout = reader.Layout;
        using MemoryStream stream = new();
        using BinaryWriter fields = new(stream, Encoding.UTF8);
        fields.Write(Magic);
        fields.Write(Version);
        stream.Position = FieldsAt;
        foreach (int field in (int[])[(int)layout.Element, (int)layout.Target, layout.Standardized ? 1 : 0, layout.Classes,
            layout.Shape.Height, layout.Shape.Width, layout.Shape.Channels, layout.TargetShape.Height, layout.TargetShape.Width, layout.TargetShape.Channels,
            reader.Count(Split.Training), reader.Count(Split.Test), layout.Names == Names.None ? 0 : 1]) fields.Write(field);
        for (int c = 0; c < statistics.Means.Length; c++)
        {
            fields.Write(statistics.Means[c]);
            fields.Write(statistics.Deviations[c]);
        }
        Write(fields, [layout.Name, layout.Description]);
        if (layout.Names != Names.None)
        {
            foreach (var texts in (IReadOnlyList<string>[])[layout.Names.Classes, layout.Names.Features, layout.Names.Target is { } name ? [name] : []])
            {
                fields.Write(texts.Count);
                Write(fields, texts);
            }
            fields.Write(layout.Names.IndexBase ?? -1);
        }
        stream.SetLength(Aligned(stream.Length));
        stream.Position = 12;
        fields.Write((int)stream.Length);
        return stream.ToArray();
    }

    private static void Write(BinaryWriter fields, IReadOnlyList<string> texts)
    {
        foreach (string text in texts)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            fields.Write(utf8.Length);
            fields.Write(utf8);
        }
    }

    private static Names ReadNames(string path, BinaryReader fields)
    {
        string[] classes = Texts(path, fields), features = Texts(path, fields), target = Texts(path, fields);
        int first = fields.ReadInt32();
        return new() { Classes = classes, Features = features, Target = target.FirstOrDefault(), IndexBase = first < 0 ? null : first };
    }

    private static string[] Texts(string path, BinaryReader fields)
    {
        int count = fields.ReadInt32();
        if (count < 0 || count > (fields.BaseStream.Length - fields.BaseStream.Position) / sizeof(int)) throw new InvalidDataSetException($"{path}: the header announces {count} names, which it does not have");
        string[] texts = new string[count];
        for (int k = 0; k < count; k++) texts[k] = Text(path, fields);
        return texts;
    }

    private static string Text(string path, BinaryReader fields)
    {
        int length = fields.ReadInt32();
        if (length < 0 || length > fields.BaseStream.Length - fields.BaseStream.Position) throw new InvalidDataSetException($"{path}: the header announces a text of {length} bytes, which it does not have");
        return Encoding.UTF8.GetString(fields.ReadBytes(length));
    }

    private static byte[] Hash(Region all, long from)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (; from < all.Length; from += 1 << 20) hash.AppendData(all.Slice(from, Math.Min(1 << 20, all.Length - from)).Span<byte>());
        return hash.GetHashAndReset();
    }

    private static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
}
