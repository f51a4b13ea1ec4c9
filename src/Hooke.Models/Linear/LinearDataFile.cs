using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Hooke.Models.Data;

namespace Hooke.Models.Linear;

/// <summary>
/// Loads sparse text, and keeps what it has read in a file beside it, NAME.rows, that is mapped the next time, and the first
/// time too: text larger than memory is never in memory as a whole.
/// </summary>
/// <remarks>
/// All numbers are little-endian: 8 bytes "HookeRow"; SHA-256 of the names, lengths and times of the text files and of the
/// options; rows, training rows, coordinates and classes (32 bits each), the intercept's input (32-bit float), validation rows (32 bits); from byte 64 the
/// classes' labels (floats), the coordinates' features (32 bits), and from the next multiple of 64 the rows as
/// <see cref="Rows"/> has them.
/// </remarks>
internal static unsafe class LinearDataFile
{
    /// <summary>Ending of such files' names.</summary>
    public const string Extension = ".rows";

    private const int FieldsAt = 40, ArraysAt = 64;

    /// <summary>Text up to this length is read faster than a file is opened.</summary>
    private const long ShortText = 4 << 20;

    private static ReadOnlySpan<byte> Magic => "HookeRow"u8;

    /// <summary>Loads text.</summary>
    /// <param name="source">The file, and what was said of it.</param>
    /// <param name="intercept">Whether models have one.</param>
    /// <param name="needsClasses">Whether models tell classes apart.</param>
    /// <param name="validation">Fraction of the training examples that is held out to choose by; 0 for none.</param>
    /// <param name="surroundings">What the models have not.</param>
    public static LinearData Load(DataSource source, bool intercept, bool needsClasses, double validation, Surroundings surroundings)
    {
        var (path, testPath, name, options) = (source.Path, source.TestPath, source.Name, source.Options);
        foreach (string each in Both(path, testPath)) if (!File.Exists(each)) throw new InvalidDataSetException($"{each}: there is no such file");
        long length = Both(path, testPath).Sum(each => new FileInfo(each).Length);
        byte[] stamp = Stamp(source, intercept, needsClasses, validation, surroundings.TimeOf);
        string cache = path + Extension;
        if (length > ShortText && TryOpen(cache, name, stamp) is { } known) return known;
        using SvmFile train = new(path, options.Dimension, options.IndexBase ?? 1);
        using SvmFile? test = testPath is null ? null : new(testPath, options.Dimension, options.IndexBase ?? 1);
        LinearDataBuilder builder = new(train, test, surroundings, validation);
        if (length > ShortText) surroundings.Notice?.Invoke(string.Create(CultureInfo.InvariantCulture, $"reading {path} ({length / 1e6:f0} MB of text) into {cache}, once"));
        builder.Count(path, options.Dimension, intercept, options.Task, needsClasses);
        if (length <= ShortText) return builder.ToData(name);
        try
        {
            Write(cache, stamp, builder);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            surroundings.Notice?.Invoke($"{cache} can't be written ({cause.Message}); the rows stay in memory");
            return builder.ToData(name);
        }
        return TryOpen(cache, name, stamp) ?? throw new InvalidDataSetException($"{cache}: it can't be read back; delete it");
    }

    private static void Write(string cache, byte[] stamp, LinearDataBuilder builder)
    {
        string temporary = $"{cache}.{Environment.ProcessId}.part";
        try
        {
            long rowsAt = RowsAt(builder.Classes.Length, builder.Order.Length);
            Region.MapNew(temporary, rowsAt + builder.Size(), region =>
            {
                Magic.CopyTo(region.Writable<byte>(0, 8));
                stamp.CopyTo(region.Writable<byte>(8, 32));
                ((ReadOnlySpan<int>)[builder.RowCount, builder.TrainCount, builder.Order.Length, builder.Classes.Length, BitConverter.SingleToInt32Bits(builder.InterceptInput), builder.ValidationCount]).CopyTo(region.Writable<int>(FieldsAt, 6));
                builder.Classes.CopyTo(region.Writable<float>(ArraysAt, builder.Classes.Length));
                builder.Order.CopyTo(region.Writable<int>(ArraysAt + 4L * builder.Classes.Length, builder.Order.Length));
                builder.Write(region.Slice(rowsAt, region.Length - rowsAt));
            });
            File.Move(temporary, cache, true);
        }
        finally
        {
            if (File.Exists(temporary)) File.Delete(temporary);
        }
    }

    // Null if it is not there, or was made of other text.
    private static LinearData? TryOpen(string cache, string name, byte[] stamp)
    {
        if (!File.Exists(cache) || new FileInfo(cache).Length < ArraysAt) return null;
        Region all;
        try
        {
            all = Region.Map(cache);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (!all.Slice(0, 8).Span<byte>().SequenceEqual(Magic) || !all.Slice(8, 32).Span<byte>().SequenceEqual(stamp)) return null;
        var fields = all.Slice(FieldsAt, 24).Span<int>();
        int count = fields[0], trainCount = fields[1], coordinates = fields[2], classes = fields[3], held = fields[5];
        long rowsAt = RowsAt(classes, coordinates);
        if (count < 1 || trainCount < 1 || held < 0 || trainCount >= count - held || coordinates < 1 || classes < 0 || rowsAt + 8L * (count + 1) > all.Length) return null;
        var rows = Rows.Sparse(all.Slice(rowsAt, all.Length - rowsAt), count, coordinates, sizeof(float), Rows.IndexBytesFor(coordinates));
        if (rows.Starts[count] != rows.Data.Length) return null;
        return new(name, rows, trainCount, all.Slice(ArraysAt, 4L * classes).Span<float>().ToArray(), all.Slice(ArraysAt + 4L * classes, 4L * coordinates).Span<int>().ToArray(), BitConverter.Int32BitsToSingle(fields[4]), held);
    }

    private static byte[] Stamp(DataSource source, bool intercept, bool needsClasses, double validation, Func<string, long> timeOf)
    {
        var options = source.Options;
        StringBuilder text = new(string.Create(CultureInfo.InvariantCulture, $"2 {validation} {options.Dimension} {options.IndexBase ?? 1} {options.Task} {intercept} {needsClasses}"));
        foreach (string each in Both(source.Path, source.TestPath)) text.Append(CultureInfo.InvariantCulture, $"\n{Path.GetFullPath(each)} {new FileInfo(each).Length} {timeOf(each)}");
        return SHA256.HashData(MemoryMarshal.AsBytes<char>(text.ToString().ToCharArray()));
    }

    private static string[] Both(string path, string? testPath) => testPath is null ? [path] : [path, testPath];

    private static long RowsAt(int classes, int coordinates) => (ArraysAt + 4L * classes + 4L * coordinates + 63) / 64 * 64;
}
