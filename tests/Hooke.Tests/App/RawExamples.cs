using System.Globalization;
using System.Text;

namespace Hooke.Tests.App;

/// <summary>An example as it is in a file of the user's: its numbers in the order that a saved model names, and its label.</summary>
internal sealed record RawExample(double[] Stored, string Label);

/// <summary>
/// Small sets in every format, and readers of their own that take the examples of a test file from its bytes, knowing nothing but the
/// format and what a saved model says.
/// </summary>
internal static class RawExamples
{
    private const int Side = 5;

    /// <summary>Writes training and test examples in a format.</summary>
    /// <param name="format">Which.</param>
    /// <param name="folder">An empty folder for them.</param>
    /// <returns>The options that name them.</returns>
    public static string[] Write(string format, string folder)
    {
        switch (format)
        {
            case "csv" or "text.csv" or "plain.csv" or "price.csv" or "tsv":
                string ending = format == "tsv" ? "tsv" : "csv";
                WriteTable(Path.Combine(folder, "train." + ending), format, 120, 1);
                WriteTable(Path.Combine(folder, "test." + ending), format, 40, 2);
                break;
            case "svm" or "numbers.svm" or "classes.svm" or "zero.svm":
                WriteSparse(Path.Combine(folder, "train.svm"), format, 120, 1);
                WriteSparse(Path.Combine(folder, "test.svm"), format, 40, 2);
                break;
            case "pgm" or "ppm":
                WriteImages(Path.Combine(folder, "train"), format, 90, 1);
                WriteImages(Path.Combine(folder, "test"), format, 30, 2);
                break;
            case "idx":
                WriteIdx(folder, "train", 90, 1);
                WriteIdx(folder, "t10k", 30, 2);
                break;
            case "cifar":
                for (int batch = 1; batch <= 5; batch++) WriteRecords(Path.Combine(folder, $"data_batch_{batch}.bin"), 12, (uint)batch);
                WriteRecords(Path.Combine(folder, "test_batch.bin"), 20, 6);
                break;
        }
        return format switch
        {
            "price.csv" => ["--data", Path.Combine(folder, "train.csv") + ":target=price", "--test-data", Path.Combine(folder, "test.csv")],
            "zero.svm" => ["--index-base", "0", "--data", Path.Combine(folder, "train.svm"), "--test-data", Path.Combine(folder, "test.svm")],
            _ when format.EndsWith("svm") => ["--data", Path.Combine(folder, "train.svm"), "--test-data", Path.Combine(folder, "test.svm")],
            _ => ["--data", folder],
        };
    }

    /// <summary>Reads the test examples.</summary>
    public static IReadOnlyList<RawExample> Read(string format, string folder, SavedModel saved) => format switch
    {
        "csv" or "text.csv" or "plain.csv" or "price.csv" or "tsv" => ReadTable(Path.Combine(folder, format == "tsv" ? "test.tsv" : "test.csv"), saved),
        "svm" or "numbers.svm" or "classes.svm" or "zero.svm" => ReadSparse(Path.Combine(folder, "test.svm"), saved),
        "pgm" or "ppm" => ReadImages(Path.Combine(folder, "test")),
        "idx" => ReadIdx(folder),
        _ => ReadRecords(Path.Combine(folder, "test_batch.bin")),
    };

    // Columns of very different size: an income, a rate, and one that hardly varies around a large number.
    private static void WriteTable(string path, string format, int count, uint seed)
    {
        StringBuilder text = new();
        char divider = format == "tsv" ? '\t' : ',';
        void Line(params string[] fields) => text.AppendJoin(divider, fields).Append('\n');
        if (format != "plain.csv") Line("income", format switch { "tsv" => "Class", "price.csv" => "price", _ => "label" }, "rate", "year");
        var next = Random(seed);
        for (int k = 0; k < count; k++)
        {
            int label = (int)(3 * next());
            string income = Text(1000 + 300 * label + 200 * next()), rate = Text(0.005 + 0.001 * next()), year = Text(1990 + Math.Floor(30 * next()));
            string name = format switch { "text.csv" => ((string[])["warm", "cold", "dry"])[label], "plain.csv" => Text(2.5 * label), "price.csv" => Text(250_000 + 90_000 * label + 10_000 * next()), _ => Text(label % 2 == 0 ? 3 : 7) };
            if (format == "plain.csv") Line(income, rate, year, name);
            else Line(income, name, rate, year);
        }
        File.WriteAllText(path, text.ToString());
    }

    private static List<RawExample> ReadTable(string path, SavedModel saved)
    {
        char divider = path.EndsWith("tsv") ? '\t' : ',';
        string[][] lines = [.. File.ReadLines(path).Select(line => line.Split(divider))];
        string label = saved.Metadata.GetProperty("labelColumn").GetString()!;
        if (!saved.Metadata.TryGetProperty("features", out _)) return [.. lines.Select(line => new RawExample([.. line[..^1].Select(Number)], label == "last" ? line[^1] : throw new InvalidDataException(label)))];
        int[] columns = [.. saved.Names("features").Select(name => Array.IndexOf(lines[0], name))];
        return [.. lines[1..].Select(line => new RawExample([.. columns.Select(column => Number(line[column]))], line[Array.IndexOf(lines[0], label)]))];
    }

    private static void WriteSparse(string path, string format, int count, uint seed)
    {
        StringBuilder text = new();
        var next = Random(seed);
        for (int k = 0; k < count; k++)
        {
            int label = (int)(3 * next());
            string name = format switch { "numbers.svm" => Text(52_000.5 + 1000 * label + 100 * next()), "classes.svm" => $"{((int[])[4, 9, 5])[label]}", _ => label == 0 ? "-1" : "+1" };
            int first = format == "zero.svm" ? 0 : 1;
            text.Append(CultureInfo.InvariantCulture, $"{name} {label + first}:{Text(1 + next())} {3 + first}:{Text(next() - 0.5)} {5 + first + k % 3}:0.25\n");
        }
        File.WriteAllText(path, text.ToString());
    }

    private static List<RawExample> ReadSparse(string path, SavedModel saved)
    {
        int first = int.Parse(saved.Metadata.GetProperty("indexBase").GetString()!);
        return [.. File.ReadLines(path).Select(line =>
        {
            string[] words = line.Split(' ');
            double[] x = new double[(int)saved.Numbers("storedShape")[2]];
            foreach (string[] pair in words[1..].Select(word => word.Split(':'))) x[int.Parse(pair[0]) - first] = Number(pair[1]);
            return new RawExample(x, words[0].TrimStart('+'));
        })];
    }

    private static void WriteImages(string folder, string format, int count, uint seed)
    {
        var next = Random(seed);
        string[] classes = ["cat, black", "dog", "an \"owl\""];
        int channels = format == "ppm" ? 3 : 1;
        for (int k = 0; k < count; k++)
        {
            string sub = Directory.CreateDirectory(Path.Combine(folder, classes[k % 3])).FullName;
            byte[] pixels = [.. Enumerable.Range(0, Side * Side * channels).Select(i => (byte)(100 * next() + (i % 3 == k % 3 ? 120 : 20)))];
            File.WriteAllBytes(Path.Combine(sub, $"{k:000}.{format}"), [.. Encoding.ASCII.GetBytes($"P{(channels == 3 ? 6 : 5)}\n{Side} {Side}\n255\n"), .. pixels]);
        }
    }

    private static List<RawExample> ReadImages(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path =>
        new RawExample([.. File.ReadAllBytes(path).Skip($"P5\n{Side} {Side}\n255\n".Length).Select(b => (double)b)], Path.GetFileName(Path.GetDirectoryName(path)!)))];

    private static void WriteIdx(string folder, string set, int count, uint seed)
    {
        var next = Random(seed);
        byte[] labels = [.. Enumerable.Range(0, count).Select(k => (byte)(k % 4))];
        byte[] pixels = [.. Enumerable.Range(0, count * Side * Side).Select(i => (byte)(90 * next() + (i % 4 == labels[i / (Side * Side)] ? 130 : 0)))];
        File.WriteAllBytes(Path.Combine(folder, set + "-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, Side, 0, 0, 0, Side, .. pixels]);
        File.WriteAllBytes(Path.Combine(folder, set + "-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, (byte)count, .. labels]);
    }

    private static List<RawExample> ReadIdx(string folder)
    {
        byte[] pixels = File.ReadAllBytes(Path.Combine(folder, "t10k-images-idx3-ubyte"))[16..], labels = File.ReadAllBytes(Path.Combine(folder, "t10k-labels-idx1-ubyte"))[8..];
        return [.. labels.Select((label, k) => new RawExample([.. pixels[(k * Side * Side)..((k + 1) * Side * Side)].Select(b => (double)b)], $"{label}"))];
    }

    private static void WriteRecords(string path, int count, uint seed)
    {
        var next = Random(seed);
        List<byte> bytes = [];
        for (int k = 0; k < count; k++)
        {
            bytes.Add((byte)(k % 10));
            for (int i = 0; i < 3072; i++) bytes.Add((byte)(80 * next() + (i % 10 == k % 10 ? 150 : 10)));
        }
        File.WriteAllBytes(path, [.. bytes]);
    }

    // A record's samples are all of red, then of green, then of blue; a stored example's are pixel by pixel.
    private static List<RawExample> ReadRecords(string path) => [.. File.ReadAllBytes(path).Chunk(3073).Select(record =>
        new RawExample([.. Enumerable.Range(0, 3072).Select(i => (double)record[1 + i % 3 * 1024 + i / 3])], $"{record[0]}"))];

    private static Func<double> Random(uint seed)
    {
        uint state = 7 * seed + 1;
        return () => ((state = state * 1664525 + 1013904223) >> 8) / (double)(1 << 24);
    }

    private static string Text(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
