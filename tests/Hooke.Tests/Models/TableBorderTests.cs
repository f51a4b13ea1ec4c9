using System.Globalization;
using System.IO.Compression;
using System.Text;
using Hooke.Models.Data;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>What tables from the field hold, and what becomes of it: the right data set, or one line that says what is wrong and what to do.</summary>
public sealed class TableBorderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-border-").FullName;
    private readonly List<string> notices = [];

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(10)]
    [InlineData(2)]
    [InlineData(5)]
    public void Classes_that_take_turns_are_trained_and_tested(int classes)
    {
        var data = Load("cyclic.csv", "a,b,label\n" + Rows(2000, k => $"{k % classes}.5,{k},{k % classes}"));
        Assert.Equal((1800, 200, classes), (data.TrainCount, data.TestCount, data.Classes));
        Assert.Equal(classes, data.TrainLabels.ToArray().Distinct().Count());
        Assert.Equal(classes, data.TestLabels.ToArray().Distinct().Count());
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData("a,b,c,label", "b,a,c,label")]
    [InlineData("label,a,b,c", "c,label,b,a")]
    [InlineData("2001,2002,2003,label", "2003,2002,2001,label")]
    [InlineData("a,b,c,kind", "kind,c,b,a")]
    public void Columns_of_test_examples_are_found_by_name(string train, string test)
    {
        string[] names = train.Split(','), order = test.Split(',');
        string target = names.Contains("label") ? "label" : "kind";
        string Row(string[] columns, int k) => string.Join(',', columns.Select(column => column == target ? $"{k % 2}" : $"{10 * Array.IndexOf(names, column) + k % 7}"));
        Write("train.csv", train + "\n" + Rows(40, k => Row(names, k)));
        Write("test.csv", test + "\n" + Rows(20, k => Row(order, k)));
        var data = DataCatalog.Load(folder, notices.Add);
        Assert.Equal((40, 20), (data.TrainCount, data.TestCount));
        for (int k = 0; k < 20; k++)
        {
            Assert.Equal(DataSetTests.Read(data, Split.Training, k), DataSetTests.Read(data, Split.Test, k));
            Assert.Equal(k % 2, data.TestLabels[k]);
        }
        Assert.Equal(names.Where(name => name != target), data.Names.Features);
        Assert.Equal(target, data.Names.Target);
    }

    [Theory]
    [InlineData("b,a,d,label", "line 1: there is no column c; expected a, b, c, label, in any order, as in the file of training examples")]
    [InlineData("a,b,c,d,label", "line 1: the file of training examples has no column d; it has a, b, c, label")]
    [InlineData("a,c,label", "line 1: there is no column b; expected")]
    [InlineData("a,b,c", "line 1: there is no column label; expected")]
    [InlineData("a,b,b,c,label", "line 1: there are several columns b; columns are found by name")]
    [InlineData("x,y,z,w", "line 1: there is no column label; expected")]
    [InlineData("", "line 1: there are no names of columns; expected a, b, c, label")]
    public void Other_columns_of_test_examples_are_refused_by_name(string header, string part)
    {
        Write("train.csv", "a,b,c,label\n" + Rows(40, k => $"{k},{k % 3},1,{k % 2}"));
        int width = header.Length == 0 ? 4 : header.Split(',').Length;
        Write("test.csv", (header.Length > 0 ? header + "\n" : "") + Rows(20, k => string.Join(',', Enumerable.Range(0, width).Select(c => $"{(k + c) % 2}"))));
        Assert.StartsWith($"{At("test.csv")}, {part}", Message(folder));
    }

    [Theory]
    [InlineData("0,1,2,target")]
    [InlineData("2001,2002,2003,sales group")]
    [InlineData("0-10,10-20,20-30,kind")]
    [InlineData("x,y,z,1")]
    public void A_line_whose_label_is_none_or_whose_features_are_no_numbers_is_a_header(string header)
    {
        var data = Load("t.csv", header + "\n" + Rows(80, k => $"{k}.5,{k % 3},-1,{k % 2}"));
        Assert.Equal((80, 2), (data.TrainCount + data.TestCount, data.Classes));
        Assert.Equal(header.Split(',')[..3], data.Names.Features);
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData("0,1,2,3", 2)]
    [InlineData("1990,1995,2000,2005", 2)]
    [InlineData("1,10,100,1000", 3)]
    public void A_first_line_that_can_be_read_both_ways_is_asked_about(string first, int classes)
    {
        string path = Write("t.csv", first + "\n" + Rows(80, k => $"{k}.5,{k % 3},-1,{k % classes}"));
        Assert.Equal($"{path}, line 1: it can be read as names of columns and as a row (\"{first}\"); :header=true or :header=false behind the file's name says which it is", Message(path));
        Assert.Equal((80, classes), (Count(path + ":header=true"), DataCatalog.Load(path + ":header=true").Classes));
        Assert.Equal((81, classes + 1), (Count(path + ":header=false"), DataCatalog.Load(path + ":header=false").Classes));
    }

    [Fact]
    public void A_first_line_with_numbers_and_a_class_of_its_own_is_asked_about_and_one_with_a_known_class_is_a_row()
    {
        string path = Write("t.csv", "5.1,3.5,setosa\n" + Rows(40, k => $"{k},2,{(k % 2 == 0 ? "iris" : "rose")}"));
        Assert.Contains("line 1: it can be read as names of columns and as a row", Message(path));
        path = Write("t.csv", "0,1,2\n" + Rows(40, k => $"{k},2,{(k % 2 == 0 ? "iris" : "rose")}"));
        Assert.Contains("line 1: it can be read as names of columns and as a row", Message(path));
        path = Write("t.csv", "5.1,3.5,rose\n" + Rows(40, k => $"{k},2,{(k % 2 == 0 ? "iris" : "rose")}"));
        Assert.Equal(41, Count(path));
    }

    [Theory]
    [InlineData("?")]
    [InlineData("NA")]
    [InlineData("nan")]
    [InlineData("")]
    [InlineData("N/A")]
    [InlineData("null")]
    public void A_missing_value_is_named_in_the_first_row_as_in_any_other(string missing)
    {
        const string Hint = "(missing values must be filled in, or their rows left out)";
        string path = Write("t.csv", $"{missing},0.5,0.1,1\n" + Rows(79, k => $"{k},0.5,0.1,{k % 2}"));
        Assert.Equal($"{path}, line 1, column 1: found \"{missing}\"; expected a finite number {Hint}", Message(path));
        path = Write("t.csv", $"{missing},{missing},{missing},1\n" + Rows(79, k => $"{k},0.5,{missing},{k % 2}"));
        Assert.Equal($"{path}, line 1, column 1: found \"{missing}\"; expected a finite number {Hint}", Message(path));
        path = Write("t.csv", "a,b,c,label\n" + Rows(79, k => $"{(k == 40 ? missing : "1")},0.5,{k},{k % 2}"));
        Assert.Equal($"{path}, line 42, column 1 (a): found \"{missing}\"; expected a finite number {Hint}", Message(path));
        path = Write("t.csv", "a,b,c,label\n" + Rows(79, k => $"{k},0.5,{k},{(k == 40 ? missing : "yes")}"));
        Assert.Equal($"{path}, line 42, column 4 (label): found \"{missing}\"; expected a label {Hint}", Message(path));
    }

    [Theory]
    [InlineData("1", "1.0")]
    [InlineData("1", "01")]
    [InlineData("+1", "1e0")]
    [InlineData("1", " 1.000 ")]
    public void Labels_that_are_the_same_number_are_one_class(string one, string other)
    {
        var data = Load("labels.csv", "a,label\n" + Rows(80, k => $"{k % 2},{(k % 2 == 0 ? k < 40 ? "0" : "-0.0" : k < 40 ? one : other)}"));
        Assert.Equal(["0", "1"], data.Names.Classes);
        for (int k = 0; k < data.TrainCount; k++) Assert.Equal(DataSetTests.Read(data, Split.Training, k)[0] > 0 ? 1 : 0, data.TrainLabels[k]);
    }

    [Theory]
    [InlineData("rooms,area,price\n", "price", "price", "f2")]
    [InlineData("rooms,area,price\n", "price", "price", "f0")]
    [InlineData("", "column 3", "last", "f2")]
    public void Many_different_numbers_are_no_classes_unless_somebody_says_so(string header, string name, string option, string format)
    {
        string path = Write("prices.csv", header + Rows(1500, k => $"{k % 6},{20 + k % 180}.5,{(20_000 + 17.01 * k).ToString(format, CultureInfo.InvariantCulture)}"));
        Assert.StartsWith($"{path}: {name} has 1,500 different numbers in 1,500 rows; :target={option} predicts them, :label={option} takes each for a class", Message(path));
        var numbers = DataCatalog.Load($"{path}:target={option}", notices.Add);
        Assert.Equal(TargetKind.Values, numbers.Target);
        Assert.Empty(notices);
        Assert.Equal(1500, DataCatalog.Load($"{path}:label={option}", notices.Add).Classes);
        Assert.Contains(notices, notice => notice.EndsWith($"each is taken for a class; :target={option} predicts them", StringComparison.Ordinal));
    }

    [Fact]
    public void Ratings_with_halves_are_asked_about_with_the_line_of_the_first()
    {
        string path = Write("ratings.csv", "a,rating\n" + Rows(200, k => $"{k},{(k % 5 == 3 ? "3.5" : k % 5)}"));
        Assert.Equal($"{path}: rating has 5 different numbers in 200 rows; :target=rating predicts them, :label=rating takes each for a class (the first that is not whole is 3.5 in line 5)", Message(path));
        Assert.Equal(["0", "1", "2", "3.5", "4"], DataCatalog.Load(path + ":label=rating").Names.Classes);
    }

    [Fact]
    public void Numbers_to_be_predicted_that_look_like_classes_are_said()
    {
        string path = Write("t.csv", "a,label\n" + Rows(100, k => $"{k},{k % 2}"));
        DataCatalog.Load(path + ":target=label", notices.Add);
        Assert.Equal($"{path}: label has 2 different numbers in 100 rows, and they are predicted as numbers; :label=label takes each for a class", Assert.Single(notices));
    }

    [Theory]
    [InlineData("", "t: all 36 training examples are of class 3; there must be training examples of at least 2 classes")]
    [InlineData(":target=label", "label is 3 in every row; there must be at least 2 different numbers to predict")]
    public void A_label_column_that_is_constant_is_refused(string option, string end)
        => Assert.EndsWith(end, Message(Write("t.csv", "a,label\n" + Rows(40, k => $"{k},3")) + option));

    [Fact]
    public void What_training_or_test_lacks_is_said()
    {
        Write("train.csv", "a,label\n" + Rows(40, k => $"{k},{(k % 3 == 0 ? "cat" : k % 3 == 1 ? "dog" : "cow")}"));
        Write("test.csv", "a,label\n" + Rows(20, k => $"{k},{(k % 2 == 0 ? "cat" : "emu")}"));
        DataCatalog.Load(folder, notices.Add);
        string name = Path.GetFileName(folder);
        Assert.Equal([$"{name}: there are no training examples of class emu, so test examples of it will all be wrong", $"{name}: there are no test examples of classes cow, dog, so the test error says nothing of them"], notices);
        Write("train.csv", "a,label\n" + Rows(40, k => $"{k},cat"));
        Assert.Equal($"{name}: all 40 training examples are of class cat, and test examples of class emu; there must be training examples of at least 2 classes", Message(folder));
    }

    [Theory]
    [InlineData("a;b;label\n1,5;2;0\n2;3,25;1\n", "line 2, column 1 (a): found \"1,5\"; expected a finite number with a decimal point, 1.5")]
    [InlineData("a,label\n\"1,5\",0\n2,1\n", "line 2, column 1 (a): found \"1,5\"; expected a finite number with a decimal point, 1.5")]
    [InlineData("a,b,label\n1,5,2,0\n", "line 2: there are 4 columns; expected 3, divided by commas; decimal points must be points")]
    [InlineData("a;b;label\n1,2,0\n", "line 2: there is 1 column; expected 3, divided by semicolons")]
    [InlineData("a b label\n1 2\n", "line 2: there are 2 columns; expected 3, divided by spaces")]
    [InlineData("a,b,label\n\"1\"5,2,0\n", "line 2, column 1: found 5 behind a quote; expected commas between columns")]
    [InlineData("a,class,target\n1,0,2\n", "line 1: the columns class and target could all be the label; :label=NAME or :target=NAME behind the file's name says which")]
    [InlineData("a,b,a\n1,0,2\n", "line 1: there are several columns a; the target's name must be there once", ":label=a")]
    public void Decimal_commas_and_other_dividers_are_named(string text, string end, string option = "")
        => Assert.EndsWith(end, Message(Write("t.csv", text) + option));

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("table.data")]
    [InlineData("table")]
    public void Tables_are_known_by_what_they_hold_and_may_be_compressed(string name)
    {
        string text = "a,b,label\n" + Rows(500, k => $"{k},{k % 7},{k % 3}");
        string path = Path.Combine(folder, name);
        using (Stream file = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(File.Create(path), CompressionLevel.Fastest) : File.Create(path)) file.Write(Encoding.UTF8.GetBytes(text));
        var data = DataCatalog.Load(path, notices.Add);
        Assert.Equal((Path.GetFileNameWithoutExtension(name).Split('.')[0], 450, 3), (data.Name, data.TrainCount, data.Classes));
    }

    private DataSet Load(string name, string text) => DataCatalog.Load(Write(name, text), notices.Add);

    private static int Count(string path) => DataCatalog.Load(path) is var data ? data.TrainCount + data.TestCount : 0;

    private static string Message(string path) => Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load(path)).Message;

    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(k => row(k) + "\n"));

    private string At(string name) => Path.Combine(folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }
}
