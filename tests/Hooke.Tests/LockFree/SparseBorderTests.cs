using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>What sparse text from the field holds, and what becomes of it, for linear models and for nets.</summary>
public sealed class SparseBorderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-sparse-").FullName;
    private readonly List<string> notices = [];

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("zero.svm")]
    [InlineData("zero.svm.gz")]
    [InlineData("zero")]
    [InlineData("zero.scale")]
    [InlineData("zero.t.gz")]
    public void Indices_may_start_with_zero_and_files_may_be_compressed_or_have_any_ending(string name)
    {
        string path = Write(name, Rows(100, k => $"{k % 2} 0:{k % 2} 3:{k}"));
        const string Hint = "line 1, column 3: found \"0:0\"; expected an index from 1 to 67108864; --index-base 0 (or :index-base=0 behind the file's name) reads indices that start with 0";
        Assert.Equal($"{path}, {Hint}", Refused(() => Linear(path)));
        Assert.Equal($"{path}, {Hint}", Refused(() => DataCatalog.Load(path)));
        var linear = Linear(path, new() { IndexBase = 0 });
        Assert.Equal((90, 10, 4), (linear.TrainCount, linear.TestCount, linear.Features));
        Assert.Equal(4, Linear(path + ":index-base=0").Features);
        var dense = DataCatalog.Load(path, null, new() { IndexBase = 0 });
        Assert.Equal((90, 4, 0), (dense.TrainCount, dense.PixelCount, dense.Names.IndexBase));
        Assert.Equal(100 / 2.0 - 0.5, dense.ChannelMeans[3], 2.0);
        Assert.Equal(0, dense.ChannelMeans[1]);
    }

    [Fact]
    public void Compressed_text_gives_the_rows_that_plain_text_gives()
    {
        string text = Rows(3000, k => $"{k % 3} {k % 50 + 1}:0.{k} 60:{k}") + "1 5:1";
        LinearData plain = Linear(Write("a.svm", text)), zipped = Linear(Write("b.svm.gz", text));
        Assert.Equal((plain.TrainCount, plain.TestCount), (zipped.TrainCount, zipped.TestCount));
        Assert.Equal(plain.Rows.Data.Span<byte>().ToArray(), zipped.Rows.Data.Span<byte>().ToArray());
        Assert.Equal($"{Write("c.svm.gz", text + " 4:x\n")}, line 3001, column 7: found \"4:x\"; expected index:value with a whole and a finite number", Refused(() => Linear(Path.Combine(folder, "c.svm.gz"))));
    }

    [Theory]
    [InlineData("rows.svm.bz2")]
    [InlineData("rows.binary.bz2")]
    public void Text_that_bzip2_has_packed_is_read(string name)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, Convert.FromBase64String(Models.Bzip2Tests.Rows));
        Assert.Equal((180, 20, 9), (Linear(path).TrainCount, Linear(path).TestCount, Linear(path).Features));
        Assert.Equal(9, DataCatalog.Load(path).PixelCount);
        File.WriteAllBytes(path, Convert.FromBase64String(Models.Bzip2Tests.Rows)[..^6]);
        Assert.StartsWith($"{path}: the bzip2 data are corrupt; expected an intact bzip2 file (the file is truncated)", Refused(() => Linear(path)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-1")]
    public void One_class_is_refused_for_linear_models_and_nets(string label)
    {
        string path = Write("one-class.svm", Rows(30, k => $"{label} 1:{k + 1}"));
        string expected = $"one-class: all 27 training examples are of class {label}; there must be training examples of at least 2 classes";
        Assert.Equal(expected, Refused(() => Linear(path)));
        Assert.Equal(expected, Refused(() => DataCatalog.Load(path)));
        Assert.Equal($"{path}: the label is {label} in every row; there must be at least 2 different numbers to predict", Refused(() => Linear(path, new() { Task = TargetTask.NumbersUnlessTwo })));
    }

    [Fact]
    public void What_training_or_test_lacks_is_said()
    {
        string path = Write("t.svm", Rows(30, k => $"{k % 3} 1:{k}")), test = Write("test.svm", Rows(10, k => $"{k % 2 * 7} 1:{k}"));
        Linear(path, new() { TestPath = test });
        Assert.Equal(["t: there are no training examples of class 7, so test examples of it will all be wrong", "t: there are no test examples of classes 1, 2, so the test error says nothing of them"], notices);
    }

    [Theory]
    [InlineData("0.5", 61)]
    [InlineData("3.5", 64)]
    public void A_label_that_is_no_class_is_refused_with_its_line(string label, int line)
    {
        string path = Write("half.svm", Rows(60, k => $"{k % 2} 1:{k}") + new string('\n', line - 61) + $"{label} 1:0.3\n" + Rows(9, k => $"{k}.25 1:1"));
        Assert.Equal($"{path}, line {line}, column 1: found label {label}; expected a class, which is a whole number (--model least-squares predicts numbers; :label=first behind the file's name takes each different one for a class)", Refused(() => Linear(path)));
        Assert.Empty(LinearDataCatalog.Load(path, true, LinearSets.Alone, new() { Task = TargetTask.NumbersUnlessTwo }).Classes);
        Assert.Equal(12, Linear(path + ":label=first").Classes.Count);
    }

    [Fact]
    public void Many_whole_numbers_are_no_classes_unless_somebody_says_so()
    {
        string path = Write("prices.svm", Rows(1500, k => $"{1000 + k} 1:{k}")), question = $"{path}: the label has 1,500 different numbers in 1,500 rows; :target=first predicts them, :label=first takes each for a class";
        Assert.Equal(question, Refused(() => Linear(path)));
        Assert.Equal(question, Refused(() => DataCatalog.Load(path)));
        Assert.Equal(1500, Linear(path + ":label=first").Classes.Count);
        Assert.Equal(TargetKind.Values, DataCatalog.Load(path + ":target=first").Target);
        var data = Linear(path, new() { Task = TargetTask.NumbersUnlessTwo });
        Assert.Empty(data.Classes);
        Assert.Equal(1000, data.Rows.Target(0)); // the number, not its rank: row 1 is drawn for the test
    }

    [Fact]
    public void A_table_gives_a_squared_loss_its_numbers_and_two_labels_as_classes()
    {
        string path = Write("prices.csv", "rooms,price\n" + Rows(1500, k => $"{k % 6},{(20_000 + 17.5 * k).ToString(CultureInfo.InvariantCulture)}"));
        Assert.Contains("price has 1,500 different numbers in 1,500 rows; :target=price predicts them", Refused(() => Linear(path)));
        Assert.Empty(Linear(path, new() { Task = TargetTask.NumbersUnlessTwo }).Classes);
        path = Write("two.csv", "rooms,label\n" + Rows(100, k => $"{k % 6},{k % 2}"));
        Assert.Equal(2, Linear(path, new() { Task = TargetTask.NumbersUnlessTwo }).Classes.Count);
        path = Write("three.csv", "rooms,label\n" + Rows(100, k => $"{k % 6},{(char)('a' + k % 3)}"));
        Assert.Equal($"{path}: label has 3 different labels that are not all numbers (the first is \"a\"); a squared loss takes numbers, or two classes", Refused(() => Linear(path, new() { Task = TargetTask.NumbersUnlessTwo })));
    }

    [Fact]
    public void Text_that_is_too_sparse_for_dense_rows_is_refused_with_the_figure()
    {
        string path = Write("wide.svm", "1 1:1 60000000:1\n0 2:1\n" + Rows(10, k => $"{k % 2} 1:{k}"));
        Assert.Equal($"{path}: its 12 rows of 60,000,000 features would be 2.88 GB as dense rows, of which 1.8e-06 % are stored; --model logistic (or hinge, or least-squares) takes sparse rows as they are", Refused(() => DataCatalog.Load(path)));
        Assert.Equal($"{path}: there are 60,000,000 features, but only 13 numbers in all rows; if that is meant, :dimension=60000000 behind the file's name says so", Refused(() => Linear(path)));
        path = Write("long.svm", "1 70000:1\n" + Rows(10, k => $"{k % 2} 1:{k}"));
        Assert.Contains("11 rows of 70,000 features would be 0.00308 GB as dense rows", Refused(() => DataCatalog.Load(path)));
        Assert.Equal(70_000, Linear(path).Features);
    }

    [Theory]
    [InlineData(":index-base=2", "index-base is 2; it must be 0 or 1")]
    [InlineData(":label=last", "label is last; it must be first, the place of the label in sparse text")]
    [InlineData(":header=true", "the option is header; it must be label, target, dimension or index-base")]
    [InlineData(":dimension=3:dimension=4", "dimension is given twice")]
    [InlineData(":label=first:target=first", "label and target are both given")]
    public void Options_of_other_files_are_refused(string options, string part)
        => Assert.Contains(part, Refused(() => Linear(Write("t.svm", Rows(30, k => $"{k % 2} 1:{k}")) + options)));

    private LinearData Linear(string path, TextOptions? options = null) => LinearDataCatalog.Load(path, true, LinearSets.Alone with { Notice = notices.Add }, options, needsClasses: options?.Task != TargetTask.NumbersUnlessTwo);

    private static string Refused(Func<object> load) => Assert.Throws<InvalidDataSetException>(load).Message;

    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(k => row(k) + "\n"));

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        using Stream file = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path);
        file.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }
}
