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
/// The file's stamp is the SHA-256 of the names, lengths and times of the text files and of the options. One that is damaged, or of other
/// text, is built again with a notice; one that finds no room leaves the rows in memory, with a notice too.
/// </remarks>
internal static class LinearDataFile
{
    /// <summary>Ending of such files' names.</summary>
    public const string Extension = ".rows";

    /// <summary>Text up to this length is read faster than a file is opened.</summary>
    private const long ShortText = 4 << 20;

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
        if (length > ShortText)
        {
            if (RowsFile.TryOpen(cache, name, stamp, surroundings, out string? damage) is { } known) return known;
            if (damage is not null) surroundings.Notice?.Invoke($"{cache} is not used, and is built again: {damage}");
        }
        using SvmFile train = new(path, options.Dimension, options.IndexBase ?? 1);
        using SvmFile? test = testPath is null ? null : new(testPath, options.Dimension, options.IndexBase ?? 1);
        LinearDataBuilder builder = new(train, test, surroundings, validation);
        if (length > ShortText) surroundings.Notice?.Invoke(string.Create(CultureInfo.InvariantCulture, $"reading {path} ({length / 1e6:f0} MB of text) into {cache}, once"));
        builder.Count(path, options.Dimension, intercept, options.Task, needsClasses);
        if (length <= ShortText) return builder.ToData(name);
        try
        {
            RowsFile.Write(cache, stamp, builder, surroundings);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            surroundings.Notice?.Invoke($"{cache} can't be written ({cause.Message}); the rows stay in memory");
            return builder.ToData(name);
        }
        return RowsFile.TryOpen(cache, name, stamp, surroundings, out string? fault) ?? throw new InvalidDataSetException($"{cache}: it can't be read back{(fault is null ? "" : $", for {fault}")}; delete it");
    }

    private static byte[] Stamp(DataSource source, bool intercept, bool needsClasses, double validation, Func<string, long> timeOf)
    {
        var options = source.Options;
        StringBuilder text = new(string.Create(CultureInfo.InvariantCulture, $"4 {validation} {options.Dimension} {options.IndexBase ?? 1} {options.Task} {intercept} {needsClasses}"));
        foreach (string each in Both(source.Path, source.TestPath)) text.Append(CultureInfo.InvariantCulture, $"\n{Path.GetFullPath(each)} {new FileInfo(each).Length} {timeOf(each)}");
        return SHA256.HashData(MemoryMarshal.AsBytes<char>(text.ToString().ToCharArray()));
    }

    private static string[] Both(string path, string? testPath) => testPath is null ? [path] : [path, testPath];
}
