using Hooke.Models.Data;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class TableTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-tables-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData("", "1.5,2,b\n-3e1,4,a\n5,6,b\n")]
    [InlineData("", "x,y,kind\n1.5,2,b\n-3e1,4,a\n\n5,6,b\n")]
    [InlineData("", "x;label;y\r\n1.5;b;2\r\n-30;a;4\r\n5;b;6\r\n")]
    [InlineData("", "x\ty\t\"the, kind\"\n1.5\t 2\tb\n-30\t4\ta\n5\t6\t\"b\"\n")]
    [InlineData("", "x|y|kind\n1.5|2|b\n-30|4|a\n5|6|b\n")]
    [InlineData("", "x y  kind\n1.5 2  b\n-30 4 a\n 5 6 b\n")]
    [InlineData(":label=first", "b,1.5,2\na,-30,4\nb,5,6\n")]
    [InlineData(":label=the kind", "x,the kind,y\n1.5,b,2\n-30,a,4\n5,b,6\n")]
    public void Tables_are_read_wherever_the_label_is(string option, string text)
    {
        var data = DataCatalog.Load(Write("some.csv", text) + option);
        Assert.Equal(("some", new Shape(1, 1, 2), 2, 2, 1), (data.Name, data.Shape, data.Classes, data.TrainCount, data.TestCount));
        // Of three rows the first is drawn for the test.
        Assert.Equal([0, 1], data.TrainLabels.ToArray());
        Assert.Equal([1], data.TestLabels.ToArray());
        Assert.Equal(["a", "b"], data.Names.Classes);
        Assert.Equal([-12.5, 5], data.ChannelMeans.ToArray());
        Assert.Equal([17.5, 1], data.ChannelDeviations.ToArray());
        Assert.Equal([-1, -1], DataSetTests.Read(data, Split.Training, 0));
        Assert.Equal([0.8f, -3], DataSetTests.Read(data, Split.Test, 0).Select(v => MathF.Round(v, 5)), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void A_tenth_of_the_rows_is_held_out_unless_there_is_a_file_of_test_rows()
    {
        var data = DataCatalog.Load(Write("t.csv", string.Concat(Enumerable.Range(0, 30).Select(k => $"{k},{k % 3}\n"))));
        Assert.Equal((27, 3, 3), (data.TrainCount, data.TestCount, data.Classes));
        Assert.Equal([1, 1, 2], data.TestLabels.ToArray()); // rows 1, 13 and 29
        Write("train.csv", "1,0\n2,1\n3,2\n");
        Write("test.csv", "4,2\n5,0\n");
        data = DataCatalog.Load(folder);
        Assert.Equal((3, 2, 3), (data.TrainCount, data.TestCount, data.Classes));
        Assert.Equal([2, 0], data.TestLabels.ToArray());
    }

    [Fact]
    public void Labels_that_are_numbers_are_classes_in_their_order()
    {
        var data = DataCatalog.Load(Write("t.csv", "1,10\n2,9\n3,-1\n4,10\n"));
        Assert.Equal([1, 0, 2], data.TrainLabels.ToArray());
    }

    [Fact]
    public unsafe void A_target_is_a_number_to_be_predicted_and_learned_in_deviations_from_the_mean_of_training_rows()
    {
        var data = DataCatalog.Load(Write("t.csv", "x,price,y\n1,2.5,3\n2,3.5,4\n3,-1,5\n") + ":target=price");
        Assert.Equal((TargetKind.Values, new Shape(1, 1, 1), 0), (data.Target, data.TargetShape, data.Classes));
        float[] target = new float[2];
        fixed (float* at = target) data.ReadTargets(Split.Training, [1, 0], at, 1);
        Assert.Equal(new TargetScaling(1.25, 2.25), data.TargetScaling); // rows 1 and 2
        Assert.Equal([-1f, 1f], target);
    }

    [Theory]
    [InlineData("1,2,0\n3,x,1\n4,5,1\n", "", ", line 2, column 2: found \"x\"; expected a finite number")]
    [InlineData("a,b,c\n1,2,0\n3,NaN,1\n", "", ", line 3, column 2 (b): found \"NaN\"; expected a finite number (missing values must be filled in, or their rows left out)")]
    [InlineData("1,2,0\n3,1\n", "", ", line 2: there are 2 columns; expected 3")]
    [InlineData("1,2,0\n3,4,\n", "", ", line 2, column 3: found \"\"; expected a label (missing values must be filled in, or their rows left out)")]
    [InlineData("1,2,0\n3,\"4,1\n", "", ", line 2, column 2: a quote is not closed; expected \" before the end of the line")]
    [InlineData("1\n2\n", "", ", line 1: there is 1 column; expected at least 2, features and a label, divided by commas, semicolons, tabs, bars or spaces")]
    [InlineData("\n\n", "", ": there are no rows; expected one for each example")]
    [InlineData("a,b\n1,2\n3,4\n", ":label=kind", ", line 1: there is no column kind; there are a, b")]
    [InlineData("a,b\n1,2\n3,yes\n", ":target=b", ", line 3, column 2 (b): found \"yes\"; expected a finite number")]
    [InlineData("a,b\n1,2\n3,4\n", ":lable=b", ": the option is lable; it must be label, target or header")]
    public void Bad_tables_are_refused_with_line_and_column(string text, string option, string end)
    {
        string path = Write("t.csv", text);
        Assert.Equal(path + end, Message(path + option));
    }

    [Fact]
    public void A_single_row_cannot_be_divided()
        => Assert.Equal("t: there are 1 training and 0 test rows; expected at least 1 of each", Message(Write("t.csv", "1,2\n")));

    [Theory]
    [InlineData("")]
    [InlineData(":dimension=5")]
    public void Sparse_rows_become_dense(string option)
    {
        var data = DataCatalog.Load(Write("t.svm", "+1 1:2 3:-0.5 # a comment\n-1 qid:7 2:4\n\n1\n-1 4:1e2\n") + option);
        int width = option.Length == 0 ? 4 : 5;
        Assert.Equal((new Shape(1, 1, width), 2, 3, 1), (data.Shape, data.Classes, data.TrainCount, data.TestCount));
        Assert.Equal([0, 1, 0], data.TrainLabels.ToArray());
        for (int k = 0; k < 3; k++)
        {
            float[] expected = (float[])[.. ((float[][])[[0, 4, 0, 0], [0, 0, 0, 0], [0, 0, 0, 100]])[k], .. new float[width - 4]], row = DataSetTests.Read(data, Split.Training, k);
            for (int c = 0; c < width; c++) Assert.Equal(expected[c], row[c] * data.ChannelDeviations[c] + data.ChannelMeans[c], 1e-5);
        }
    }

    [Fact]
    public void Labels_with_fractions_are_values()
    {
        var data = DataCatalog.Load(Write("t.libsvm", "0.5 1:1\n1.5 1:2\n2 1:3\n"));
        Assert.Equal(TargetKind.Values, data.Target);
    }

    [Theory]
    [InlineData("1 1:2\n1 2=3\n", "", ", line 2, column 3: found \"2=3\"; expected index:value with a whole and a finite number")]
    [InlineData("1 1:2\n1 2:\n", "", ", line 2, column 3: found \"2:\"; expected index:value with a whole and a finite number")]
    [InlineData("1 0:2\n1 2:3\n", "", ", line 1, column 3: found \"0:2\"; expected an index from 1 to 67108864; --index-base 0 (or :index-base=0 behind the file's name) reads indices that start with 0")]
    [InlineData("1 1:2 5:1\n1 2:3\n", ":dimension=4", ", line 1, column 7: found \"5:1\"; expected an index from 1 to 4")]
    [InlineData("1 3:2  2:1\n1 2:3\n", "", ", line 1, column 8: found \"2:1\"; expected an index above 3, the one before")]
    [InlineData("yes 1:2\n", "", ", line 1, column 1: found \"yes\"; expected a label that is a finite number")]
    [InlineData("1\n2\n", "", ": no row has a feature; expected index:value after a label")]
    [InlineData("# nothing\n", "", ": there are no rows; expected one for each example")]
    [InlineData("1 1:1\n", ":dimension=-4", ": the option is dimension=-4; it must be dimension and a number from 1 to 67108864")]
    public void Bad_sparse_rows_are_refused_with_line_and_column(string text, string option, string end)
    {
        string path = Write("t.svm", text);
        Assert.Equal(path + end, Message(path + option));
    }

    private static string Message(string path) => Assert.Throws<InvalidDataSetException>(() => DataCatalog.Load(path)).Message;

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
