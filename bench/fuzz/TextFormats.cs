using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Problems;

namespace Hooke.Fuzz;

/// <summary>Tables and sparse text.</summary>
internal static class TextFormats
{
    private const string Header = "a,b,c,label";
    private const int Shown = 40; // rows

    private static readonly Surroundings Alone = new(1, (pieces, perform) =>
    {
        for (int piece = 0; piece < pieces; piece++) perform(0, piece);
    }, path => System.IO.File.GetLastWriteTimeUtc(path).Ticks, null);

    /// <summary>A table of numbers with names of columns.</summary>
    public static InputFormat Table()
    {
        string text = Header + "\n" + Lines(Shown, k => FormattableString.Invariant($"{k * 0.5},{-k},{Math.Sin(k):g6},{(k % 3 == 0 ? "cat" : "dog")}"));
        return new("csv", "x.csv", Utf8(text), path => PlainText.Table(System.IO.File.ReadAllBytes(path), Header) is var expected ? Judge(expected, path) : null)
        {
            Mutate = Mutations.Words,
            Named = ["x.csv", "x: "], // the set is called x
            Special =
            [
                Utf8("1,2\n"), Utf8("1,2\0\n1,2\n3,1\n"), [0xEF, 0xBB, 0xBF, .. Utf8("1,2\n3,4\n1,2\n")], Encoding.Unicode.GetBytes("1,2\n3,4\n1,2\n"), Utf8("\"a,1\n2,3\n"),
                Utf8(new string('\n', 100_000)), Utf8(new string('1', 8 << 20)), Utf8(string.Concat(Enumerable.Repeat(string.Join(',', Enumerable.Repeat("1", 300_000)) + "\n", 2))),
                Utf8(Lines(200_000, k => $"1,x{k}")), Utf8("NaN,1\n1,2\n2,1\n1,1\n"), Utf8("1,1\n1e999,2\n2,1\n"), [],
            ],
        };
    }

    /// <summary>Sparse text for models that take dense rows.</summary>
    public static InputFormat SparseAsDense() => new("svm", "x.svm", Utf8(Sparse(Shown)), path => Judge(PlainText.Sparse(System.IO.File.ReadAllBytes(path)), path))
    {
        Mutate = Mutations.Words,
        Named = ["x.svm", "x: "],
        Special =
        [
            Utf8(Lines(12, k => $"{k % 2} 67108864:1")), Utf8("1 2147483648:1\n-1 1:1\n"), Utf8("1 67108865:1\n-1 1:1\n"), Utf8("1 0:1\n-1 1:2\n"), Utf8("nan 1:1\n1 1:2\n"),
            Utf8("1 1:1e39\n-1 1:1\n1 1:2\n"), Utf8("1e30 1:1\n-1 1:1\n1 1:2\n"), Utf8("1\n-1\n1\n"), [], Utf8("1:1 1\n"),
        ],
    };

    /// <summary>Sparse text for linear models.</summary>
    public static InputFormat SparseAsSparse() => new("svm-linear", "x.svm", Utf8(Sparse(Shown)), path =>
    {
        var data = LinearDataFile(path);
        return PlainText.Sparse(System.IO.File.ReadAllBytes(path)) is { } expected ? PlainText.Compare(expected, RowsOf(data)) : null;
    })
    {
        Mutate = Mutations.Words,
        Named = ["x.svm", "x: "],
        Special = [Utf8(Lines(12, k => $"{k % 2} 67108864:1")), Utf8("1\n-1\n1\n"), Utf8("1 1:1\n1 1:2\n1 1:3\n"), []],
    };

    /// <summary>The file of rows that long sparse text is kept in: a damaged one is made anew.</summary>
    public static InputFormat Rows()
    {
        const int Long = 160_000; // rows of some 30 bytes: text from 4 MB on is kept
        byte[] text = Utf8(Sparse(Long));
        string folder = Directory.CreateTempSubdirectory("hooke-fuzz-rows-").FullName;
        try
        {
            string path = Path.Combine(folder, "x.svm");
            Write(path);
            string expected = Digest(LinearDataFile(path));
            return new("rows", "x.svm.rows", System.IO.File.ReadAllBytes(path + ".rows"), rows => Digest(LinearDataFile(rows[..^".rows".Length])) == expected ? null : "other rows were read")
            {
                Prepare = into => Write(Path.Combine(into, "x.svm")),
            };
        }
        finally
        {
            Directory.Delete(folder, true);
        }

        // The file of rows knows its text by its length and time.
        void Write(string path)
        {
            if (!System.IO.File.Exists(path)) System.IO.File.WriteAllBytes(path, text);
            System.IO.File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        }
    }

    private static string Sparse(int rows)
        => Lines(rows, k => FormattableString.Invariant($"{(k % 2 == 0 ? "+1" : "-1")} 1:{k * 0.5} 7:{-k}.25e-1 30:{1 + k}{(k % 5 == 0 ? " # note" : "")}"));

    private static string? Judge(List<PlainRow>? expected, string path)
    {
        var reader = DataCatalog.Open(path, null);
        List<(string, float[])> found = [];
        byte[] input = new byte[reader.Layout.InputBytes], target = new byte[reader.Layout.TargetBytes];
        foreach (var split in (Split[])[Split.Training, Split.Test])
            for (int k = 0; k < reader.Count(split); k++)
            {
                reader.ReadInput(split, k, input);
                reader.ReadTarget(split, k, target);
                float[] numbers = MemoryMarshal.Cast<byte, float>(input).ToArray();
                if (numbers.Any(number => !float.IsFinite(number))) return "a feature is not finite";
                found.Add((Convert.ToHexString(target), numbers));
            }
        return expected is null ? null : PlainText.Compare(expected, found);
    }

    private static LinearData LinearDataFile(string path) => LinearDataCatalog.Load(path, intercept: false, surroundings: Alone);

    private static unsafe IReadOnlyList<(string, float[])> RowsOf(LinearData data)
    {
        List<(string, float[])> found = [];
        for (int row = 0; row < data.Rows.Count; row++)
        {
            float[] numbers = new float[data.Features];
            for (int k = 0; k < data.Rows.Length(row); k++)
                if (data.Order[data.Rows.Index(row, k)] is >= 0 and var feature) numbers[feature] = ((float*)data.Rows.Values(row))[k];
            found.Add((data.Rows.Target(row).ToString("R", CultureInfo.InvariantCulture), numbers));
        }
        return found;
    }

    private static unsafe string Digest(LinearData data)
    {
        HashCode hash = new();
        hash.Add(data.TrainCount);
        foreach (float label in data.Classes) hash.Add(label);
        for (int row = 0; row < data.Rows.Count; row++)
        {
            hash.Add(data.Rows.Target(row));
            for (int k = 0; k < data.Rows.Length(row); k++)
            {
                hash.Add(data.Order[data.Rows.Index(row, k)]);
                hash.Add(((float*)data.Rows.Values(row))[k]);
            }
        }
        return $"{data.Rows.Count} {hash.ToHashCode()}";
    }

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(k => line(k) + "\n"));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
