using Hooke.Models.Data;
using Hooke.Models.Linear;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>Sparse text: numbers, pieces, errors, and the file that keeps what has been read.</summary>
public sealed class SparseTextTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-svm-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("1")]
    [InlineData("-0.08634204773686649")]
    [InlineData("+1e-3")]
    [InlineData("3.4028235e38")]
    [InlineData("1.17549435E-38")]
    [InlineData("1e-45")]
    [InlineData("123456789012345678901234567890e-20")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("0.000000000000000000000000000001")]
    public void A_number_is_read_as_the_nearest_float(string number)
    {
        var rows = Rows($"1 1:{number}\n");
        Assert.Equal(float.Parse(number, System.Globalization.CultureInfo.InvariantCulture), rows[0].Values[0]);
    }

    [Fact]
    public void Pieces_of_any_size_make_the_same_rows_and_name_the_right_line()
    {
        string text = string.Concat(Enumerable.Range(0, 200).Select(k => $"{k % 3} {k + 1}:0.5 {2 * k + 3}:{k}e-1{(k % 7 == 0 ? " # note" : "")}\n"));
        var whole = Rows(text);
        Assert.Equal(200, whole.Count);
        string path = Write("t.svm", text), bad = Write("bad.svm", text + "1 5:nan\n");
        foreach (int size in (int[])[1, 50, 1000])
        {
            using SvmFile file = new(path, 0, pieceSize: size);
            Assert.True(size == 1000 ? file.Pieces < 10 : file.Pieces > 40);
            Kept kept = new();
            for (int piece = 0; piece < file.Pieces; piece++) file.Read(piece, kept);
            Assert.Equal(whole.Select(row => (row.Label, string.Join(' ', row.Indices), string.Join(' ', row.Values))), kept.Rows.Select(row => (row.Label, string.Join(' ', row.Indices), string.Join(' ', row.Values))));
            using SvmFile broken = new(bad, 0, pieceSize: size);
            var error = Assert.Throws<InvalidDataSetException>(() => { for (int piece = 0; piece < broken.Pieces; piece++) broken.Read(piece, new Kept()); });
            Assert.Equal($"{bad}, line 201, column 3: found \"5:nan\"; expected index:value with a whole and a finite number", error.Message);
        }
    }

    [Theory]
    [InlineData("1 1:1 2:inf\n", "line 1, column 7: found \"2:inf\"")]
    [InlineData("1 1:1\n1 99999999:1\n", "line 2, column 3: found \"99999999:1\"; expected an index from 1 to 67108864")]
    [InlineData("1 1:1 garbage\n", "line 1, column 7: found \"garbage\"")]
    [InlineData("1 1:1x\n", "line 1, column 3: found \"1:1x\"")]
    [InlineData("1 2:1 2:1\n", "line 1, column 7: found \"2:1\"; expected an index above 2, the one before")]
    [InlineData("nan 1:1\n", "line 1, column 1: found \"nan\"; expected a label that is a finite number")]
    [InlineData("1 -1:1\n", "line 1, column 3: found \"-1:1\"")]
    [InlineData("1 0:1\n", "line 1, column 3: found \"0:1\"; expected an index from 1")]
    [InlineData("1 1:1\n-1 3:1 2:1\n", "line 2, column 8: found \"2:1\"; expected an index above 3")]
    [InlineData("1 1:1\r\n1 2:x\r\n", "line 2, column 3: found \"2:x\"")]
    [InlineData("1 1:1\n\n1 1:\n", "line 3, column 3: found \"1:\"")]
    [InlineData("1 1:1\n1:1\n", "line 2, column 1: found \"1:1\"; expected a label that is a finite number")]
    [InlineData("1 1:1e999\n", "line 1, column 3: found \"1:1e999\"")]
    [InlineData("inf 1:1\n", "line 1, column 1: found \"inf\"; expected a label that is a finite number")]
    public void Bad_rows_are_refused_with_line_and_column(string text, string part)
    {
        string path = Write("t.svm", text);
        Assert.StartsWith($"{path}, {part}", Assert.Throws<InvalidDataSetException>(() => LinearDataCatalog.Load(path, true, LinearSets.Alone)).Message);
    }

    [Fact]
    public void Rows_keep_their_numbers_whatever_the_order_of_coordinates()
    {
        string path = Write("t.svm", "1 2:0.25 7:0.5\n-1 7:2\n1 1:4 7:1\n"), test = Write("test.svm", "-1 3:8\n");
        var data = LinearDataCatalog.Load(path + ":dimension=9", true, LinearSets.Alone, new() { TestPath = test });
        Assert.Equal((3, 1, 9, "-1 1"), (data.TrainCount, data.TestCount, data.Features, string.Join(' ', data.Classes)));
        Assert.Equal([-1, 6], data.Order[..2]); // the intercept, then the most frequent feature
        Assert.Equal("6:0.5 1:0.25 -1:1", Show(data, 0));
        Assert.Equal("6:2 -1:1", Show(data, 1));
        Assert.Equal("2:8 -1:1", Show(data, 3));
        Assert.Equal(0, data.Rows.Target(1));
    }

    [Fact]
    public void What_has_been_read_is_mapped_the_next_time_until_the_text_changes()
    {
        string path = Write("big.svm", string.Concat(Enumerable.Range(0, 130_000).Select(k => $"{k % 2} {k % 1000 + 1}:0.5 {k % 1000 + 1001}:0.123456789 70001:1 70002:2\n")));
        var notices = new List<string>();
        long time = 0;
        LinearData Load() => LinearDataCatalog.Load(path, true, LinearSets.Alone with { TimeOf = _ => time, Notice = notices.Add });
        var first = Load();
        Assert.Single(notices);
        var second = Load();
        Assert.Single(notices);
        Assert.Equal(first.Order, second.Order);
        foreach (int row in (int[])[0, 4711, 89_999]) Assert.Equal(Show(first, row), Show(second, row));
        Assert.True(second.Rows.Data.IsMapped);
        time = 1;
        Load();
        Assert.Equal(2, notices.Count);
    }

    private static unsafe string Show(LinearData data, int row)
        => string.Join(' ', Enumerable.Range(0, data.Rows.Length(row)).Select(k => (data.Order[data.Rows.Index(row, k)], ((float*)data.Rows.Values(row))[k])).OrderByDescending(pair => pair.Item1).Select(pair => $"{pair.Item1}:{pair.Item2}"));

    private List<(float Label, int[] Indices, float[] Values)> Rows(string text)
    {
        using SvmFile file = new(Write("rows.svm", text), 0);
        Kept kept = new();
        for (int piece = 0; piece < file.Pieces; piece++) file.Read(piece, kept);
        return kept.Rows;
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private sealed class Kept : IRowSink
    {
        public List<(float Label, int[] Indices, float[] Values)> Rows { get; } = [];

        public void Take(float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values) => Rows.Add((label, indices.ToArray(), values.ToArray()));
    }
}
