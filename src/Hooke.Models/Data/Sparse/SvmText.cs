using System.Globalization;
using System.Text;

namespace Hooke.Models.Data;

/// <summary>What is wrong with a line of text.</summary>
/// <param name="line">Which, from 1.</param>
/// <param name="what">Column, what was found and what was expected.</param>
internal sealed class BadLineException(long line, string what) : Exception(what)
{
    /// <summary>Which line, from 1.</summary>
    public long Line { get; } = line;
}

/// <summary>A label that a sink does not take.</summary>
/// <param name="expected">What it takes.</param>
internal sealed class UnfitLabelException(string expected) : Exception(expected);

/// <summary>
/// Reads LIBSVM's (SVMlight's) text: a label, then index:value for features that are not zero, indices rising from 1, or from 0 where
/// that is said; "qid:" words and what follows "#" are skipped. [Chang, Lin, "LIBSVM", 2011]
/// </summary>
internal static class SvmText
{
    /// <summary>Greatest index of a feature.</summary>
    public const int MaximumDimension = Shape.MaximumCount;

    /// <summary>Digits that fit into 64 bits.</summary>
    private const int MostDigits = 19;

    private static readonly double[] Powers = [.. Enumerable.Range(0, 23).Select(k => double.Parse($"1e{k}", CultureInfo.InvariantCulture))];

    /// <summary>Reads whole lines.</summary>
    /// <param name="text">The lines, in UTF-8.</param>
    /// <param name="dimension">Greatest index that is allowed; 0 for <see cref="MaximumDimension"/>.</param>
    /// <param name="indexBase">Index of the first feature, 0 or 1.</param>
    /// <param name="sink">Takes the rows.</param>
    /// <returns>Number of lines.</returns>
    /// <exception cref="BadLineException">A line is damaged, or the sink does not take its label.</exception>
    public static long Read<TSink>(ReadOnlySpan<byte> text, int dimension, int indexBase, TSink sink) where TSink : IRowSink
    {
        int[] indices = new int[256];
        float[] values = new float[256];
        int limit = (dimension > 0 ? dimension : MaximumDimension) - 1 + indexBase;
        long line = 0;
        for (int at = 0; at < text.Length;)
        {
            line++;
            int start = at, count = 0, last = indexBase - 1;
            float label = 0;
            bool hasLabel = false;
            while (true)
            {
                while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r') at++;
                if (at == text.Length) break;
                if (text[at] == '\n') { at++; break; }
                if (text[at] == '#')
                {
                    int end = text[at..].IndexOf((byte)'\n');
                    at = end < 0 ? text.Length : at + end + 1;
                    break;
                }
                int word = at;
                if (!hasLabel)
                {
                    if (!Number(text, ref at, out label)) throw Bad(text, line, start, word, "a label that is a finite number");
                    hasLabel = true;
                    continue;
                }
                int index = 0;
                while (at < text.Length && (uint)(text[at] - '0') <= 9 && index <= MaximumDimension) index = 10 * index + (text[at++] - '0');
                if (at == word || at == text.Length || text[at] != ':')
                {
                    if (text[word..].StartsWith("qid:"u8)) { at = word + Word(text[word..]); continue; }
                    if (index > MaximumDimension) throw Bad(text, line, start, word, $"an index from {indexBase} to {limit}");
                    throw Bad(text, line, start, word, "index:value with a whole and a finite number");
                }
                at++;
                if (!Number(text, ref at, out float value)) throw Bad(text, line, start, word, "index:value with a whole and a finite number");
                if (index < indexBase || index > limit)
                    throw Bad(text, line, start, word, $"an index from {indexBase} to {limit}{(index == 0 ? "; --index-base 0 (or :index-base=0 behind the file's name) reads indices that start with 0" : "")}");
                if (index <= last) throw Bad(text, line, start, word, $"an index above {last}, the one before");
                last = index;
                if (count == indices.Length)
                {
                    Array.Resize(ref indices, 2 * count);
                    Array.Resize(ref values, 2 * count);
                }
                (indices[count], values[count++]) = (index - indexBase, value);
            }
            if (hasLabel) Give(sink, label, indices.AsSpan(0, count), values.AsSpan(0, count), line);
        }
        return line;
    }

    // Which line a label is in, nobody else knows.
    private static void Give<TSink>(TSink sink, float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, long line) where TSink : IRowSink
    {
        try
        {
            sink.Take(label, indices, values);
        }
        catch (UnfitLabelException unfit)
        {
            throw new BadLineException(line, string.Create(CultureInfo.InvariantCulture, $"column 1: found label {label:R}; expected {unfit.Message}"));
        }
    }

    /// <summary>Reads a number that ends its word.</summary>
    private static bool Number(ReadOnlySpan<byte> text, ref int at, out float value)
    {
        // Digits that fit into 64 bits, times or divided by an exact power of ten, are right to two units in the last place of a double,
        // so far beyond what a float keeps; everything else goes the long way.
        int start = at, k = at, scale = 0, digits = 0;
        bool negative = k < text.Length && text[k] == '-';
        if (k < text.Length && text[k] is (byte)'-' or (byte)'+') k++;
        ulong mantissa = 0;
        for (; k < text.Length && (uint)(text[k] - '0') <= 9; k++, digits++) mantissa = 10 * mantissa + (uint)(text[k] - '0');
        if (k < text.Length && text[k] == '.')
            for (k++; k < text.Length && (uint)(text[k] - '0') <= 9; k++, digits++, scale--) mantissa = 10 * mantissa + (uint)(text[k] - '0');
        if (digits is > 0 and <= MostDigits && k < text.Length && text[k] is (byte)'e' or (byte)'E')
        {
            int e = k + 1, exponent = 0, exponentDigits = 0;
            bool down = e < text.Length && text[e] == '-';
            if (e < text.Length && text[e] is (byte)'-' or (byte)'+') e++;
            for (; e < text.Length && (uint)(text[e] - '0') <= 9 && exponentDigits < 4; e++, exponentDigits++) exponent = 10 * exponent + (text[e] - '0');
            if (exponentDigits > 0) (k, scale) = (e, scale + (down ? -exponent : exponent));
        }
        if (digits is > 0 and <= MostDigits && scale is >= -22 and <= 22 && (k == text.Length || IsSpace(text[k])))
        {
            double exact = scale < 0 ? mantissa / Powers[-scale] : mantissa * Powers[scale];
            value = (float)(negative ? -exact : exact);
            at = k;
            return float.IsFinite(value);
        }
        int length = Word(text[start..]);
        at = start + length;
        return float.TryParse(text.Slice(start, length), NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
    }

    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r' or (byte)'#';

    private static int Word(ReadOnlySpan<byte> text) => text.IndexOfAny(" \n\t\r#"u8) is >= 0 and var end ? end : text.Length;

    private static BadLineException Bad(ReadOnlySpan<byte> text, long line, int lineStart, int word, string expected)
    {
        string found = Encoding.UTF8.GetString(text.Slice(word, Math.Min(80, Word(text[word..]))));
        int column = Encoding.UTF8.GetCharCount(text[lineStart..word]) + 1;
        return new(line, $"column {column}: found \"{found}\"; expected {expected}");
    }
}
