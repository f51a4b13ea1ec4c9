using System.Security.Cryptography;
using Hooke.Models.Data;

namespace Hooke.Models.Linear;

/// <summary>A file of rows that is mapped instead of read. Nothing in it is believed that has not been checked, in one pass when it is opened.</summary>
/// <remarks>
/// All numbers are little-endian: 8 bytes "HookeRow"; a stamp of what it was made of (32 bytes); rows, training rows, coordinates and
/// classes (32 bits each), the intercept's input (32-bit float), validation rows (32 bits); from byte 64 a checksum (32 bytes) of all but itself and the stamp; from
/// byte 96 the classes' labels (floats), the coordinates' features (32 bits), and from the next multiple of 64 the rows as
/// <see cref="Rows"/> has them. The checksum is the SHA-256 of the fields and all up to the first row, and of the SHA-256 of every
/// piece of rows: pieces have equal numbers of rows, and 4 MiB on average.
/// </remarks>
internal static unsafe class RowsFile
{
    private const int StampAt = 8, FieldsAt = 40, FieldsEnd = 64, ChecksumAt = 64, ArraysAt = 96, Digest = 32, MostHashedAtOnce = 1 << 20;
    private const long PieceBytes = 4 << 20;

    private static ReadOnlySpan<byte> Magic => "HookeRow"u8;

    /// <summary>Writes a file. It appears under its name when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stamp">What it is made of.</param>
    /// <param name="builder">Has counted the rows, and writes them.</param>
    /// <param name="surroundings">Who shares the work.</param>
    /// <exception cref="IOException">It can't be written, or there is no room.</exception>
    public static void Write(string path, ReadOnlySpan<byte> stamp, LinearDataBuilder builder, Surroundings surroundings)
    {
        byte[] made = stamp.ToArray();
        using PartFile part = new(path);
        long rowsAt = RowsAt(builder.Classes.Length, builder.Order.Length);
        Region.MapNew(part.Path, rowsAt + builder.Size(), region =>
        {
            Magic.CopyTo(region.Writable<byte>(0, Magic.Length));
            made.CopyTo(region.Writable<byte>(StampAt, Digest));
            ((ReadOnlySpan<int>)[builder.RowCount, builder.TrainCount, builder.Order.Length, builder.Classes.Length, BitConverter.SingleToInt32Bits(builder.InterceptInput), builder.ValidationCount]).CopyTo(region.Writable<int>(FieldsAt, 6));
            builder.Classes.CopyTo(region.Writable<float>(ArraysAt, builder.Classes.Length));
            builder.Order.CopyTo(region.Writable<int>(ArraysAt + 4L * builder.Classes.Length, builder.Order.Length));
            var rows = builder.Write(region.Slice(rowsAt, region.Length - rowsAt));
            Checksum(region, rowsAt, rows, builder.Classes.Length, surroundings, out _).CopyTo(region.Writable<byte>(ChecksumAt, Digest));
        });
        part.Keep();
    }

    /// <summary>Maps a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="stamp">What it must be made of.</param>
    /// <param name="surroundings">Who shares the work.</param>
    /// <param name="damage">What is wrong with it if it is damaged; null if it is not there, can't be read, or was made of something else.</param>
    /// <returns>The rows, or null.</returns>
    public static LinearData? TryOpen(string path, string name, ReadOnlySpan<byte> stamp, Surroundings surroundings, out string? damage)
    {
        damage = null;
        if (!File.Exists(path)) return null;
        Region all;
        try
        {
            if (new FileInfo(path).Length is < ArraysAt and var length)
            {
                damage = $"it has {length} bytes";
                return null;
            }
            all = Region.Map(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        LinearData? data = Read(all, name, stamp, surroundings, out damage);
        GC.KeepAlive(all);
        return data;
    }

    private static LinearData? Read(Region all, string name, ReadOnlySpan<byte> stamp, Surroundings surroundings, out string? damage)
    {
        damage = all.Slice(0, Magic.Length).Span<byte>().SequenceEqual(Magic) ? null : "it does not begin as such a file does";
        if (damage is not null || !all.Slice(StampAt, Digest).Span<byte>().SequenceEqual(stamp)) return null;
        damage = "its counts can't be those of its length";
        var fields = all.Slice(FieldsAt, FieldsEnd - FieldsAt).Span<int>();
        int count = fields[0], training = fields[1], coordinates = fields[2], classes = fields[3], held = fields[5];
        float intercept = BitConverter.Int32BitsToSingle(fields[4]);
        if (count < 2 || training < 1 || held < 0 || training >= (long)count - held || coordinates < 1 || classes is < 0 or > LinearData.MaximumClasses || !float.IsFinite(intercept)) return null;
        long rowsAt = RowsAt(classes, coordinates);
        if (rowsAt + sizeof(long) * (count + 1L) > all.Length) return null;
        var rows = Rows.Sparse(all.Slice(rowsAt, all.Length - rowsAt), count, coordinates, sizeof(float), Rows.IndexBytesFor(coordinates));
        if (!rows.HasSoundStarts()) return null;
        byte[] found = Checksum(all, rowsAt, rows, classes, surroundings, out string? wrong);
        damage = !all.Slice(ChecksumAt, Digest).Span<byte>().SequenceEqual(found) ? "its contents do not have its checksum" : wrong;
        if (damage is not null) return null;
        float[] labels = all.Slice(ArraysAt, sizeof(float) * (long)classes).Span<float>().ToArray();
        int[] order = all.Slice(ArraysAt + sizeof(float) * (long)classes, sizeof(int) * (long)coordinates).Span<int>().ToArray();
        damage = IsOrder(order) ? null : "its features are not numbered once each";
        return damage is null ? new(name, rows, training, labels, order, intercept, held) : null;
    }

    /// <summary>Computes the checksum, and in the same pass looks whether every row is sound.</summary>
    private static byte[] Checksum(Region all, long rowsAt, Rows rows, int classes, Surroundings surroundings, out string? wrong)
    {
        int pieces = (int)Math.Clamp(rows.Data.Length / PieceBytes, 1, rows.Count);
        byte[][] digests = new byte[pieces][];
        string?[] problems = new string?[pieces];
        surroundings.Share(pieces, (_, piece) =>
        {
            int first = (int)((long)rows.Count * piece / pieces), end = (int)((long)rows.Count * (piece + 1) / pieces);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Append(hash, rows.Data, rows.Starts[first], rows.Starts[end]);
            digests[piece] = hash.GetHashAndReset();
            for (int row = first; row < end && problems[piece] is null; row++)
                if (!rows.IsSound(row, classes)) problems[piece] = $"row {row} holds what no row can";
        });
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(sum, all, FieldsAt, FieldsEnd);
        Append(sum, all, ArraysAt, rowsAt + rows.Starts[0]);
        foreach (byte[] digest in digests) sum.AppendData(digest);
        wrong = problems.FirstOrDefault(problem => problem is not null);
        return sum.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, Region from, long start, long end)
    {
        for (; start < end; start += MostHashedAtOnce) hash.AppendData(from.Slice(start, Math.Min(MostHashedAtOnce, end - start)).Span<byte>());
    }

    /// <summary>Whether coordinates stand for all features, each for one, and at most one for the intercept.</summary>
    private static bool IsOrder(int[] order)
    {
        int[] sorted = [.. order.Order()];
        int first = sorted[0] == -1 ? 1 : 0;
        for (int k = first; k < sorted.Length; k++)
            if (sorted[k] != k - first) return false;
        return sorted.Length > first;
    }

    private static long RowsAt(int classes, int coordinates) => (ArraysAt + sizeof(float) * (long)classes + sizeof(int) * (long)coordinates + 63) / 64 * 64;
}
