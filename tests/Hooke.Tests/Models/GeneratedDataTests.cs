using Hooke.Models.Data;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed unsafe class GeneratedDataTests
{
    public static TheoryData<string> Kinds => ["glyphs", "color-glyphs", "large-glyphs", "curves", "drawn-faces", "adding", "multiplication", "memory"];

    [Theory, MemberData(nameof(Kinds))]
    public void Examples_depend_on_seed_and_index_only(string kind)
    {
        DataSet one = Make(kind, 12, 5, 1), two = Make(kind, 9, 5, 1), three = Make(kind, 12, 5, 2);
        bool differs = false;
        for (int k = 0; k < 9; k++)
        {
            Assert.Equal(Raw(one, Split.Training, k), Raw(two, Split.Training, k));
            differs |= !Raw(one, Split.Training, k).AsSpan().SequenceEqual(Raw(three, Split.Training, k));
        }
        for (int k = 0; k < 5; k++)
        {
            Assert.Equal(Raw(one, Split.Test, k), Raw(two, Split.Test, k));
            Assert.NotEqual(Raw(one, Split.Training, k), Raw(one, Split.Test, k));
        }
        Assert.True(differs);
        Assert.Contains(" must be from 1 to 1000000", Assert.Throws<ArgumentException>(() => Make(kind, 0, 5, 1)).Message);
    }

    [Fact]
    public void A_curve_is_a_parabola_of_ink_on_white_and_its_own_target()
    {
        DataSet data = Curves.Generate(300, 10);
        Assert.Equal((new Shape(28, 28, 1), TargetKind.Input, false), (data.Shape, data.Target, data.Standardized));
        for (int k = 0; k < 300; k++)
        {
            float[] image = DataSetTests.Read(data, Split.Training, k);
            Assert.All(image, v => Assert.InRange(v, 0, 1.0001f));
            Assert.True(image.Max() > 0.8, "ink");
            Assert.InRange(image.Count(v => v > 0), 4, 300);
        }
        Assert.InRange(data.Mean, 0.04, 0.12);
    }

    [Fact]
    public void The_adding_problem_marks_two_numbers_and_asks_for_their_mean()
    {
        DataSet data = Sequences.Adding(train: 20_000, test: 100);
        Assert.Equal((new Shape(80, 1, 2), TargetKind.Values, new Shape(1, 1, 1)), (data.Shape, data.Target, data.TargetShape));
        double sum = 0, squares = 0, inputs = 0;
        HashSet<int> firsts = [], seconds = [];
        for (int k = 0; k < data.TrainCount; k++)
        {
            float[] row = Raw(data, Split.Training, k);
            int[] marks = [.. Enumerable.Range(0, 80).Where(t => row[2 * t + 1] != 0)];
            Assert.Equal(2, marks.Length);
            Assert.All(marks, t => Assert.Equal(1, row[2 * t + 1]));
            firsts.Add(marks[0]);
            seconds.Add(marks[1]);
            float target = Target(data, Split.Training, k)[0];
            Assert.Equal((row[2 * marks[0]] + row[2 * marks[1]]) / 2 + 0.5f, target, 1e-6);
            sum += target;
            squares += target * target;
            inputs += row[0];
        }
        Assert.Equal(Enumerable.Range(0, 8), firsts.Order());
        Assert.Equal(Enumerable.Range(8, 32), seconds.Order());
        // Five standard errors of the mean (1/24 is the target's variance), of the variance, and of the input.
        double mean = sum / 20_000;
        Assert.Equal(0.5, mean, 5 * Math.Sqrt(1.0 / 24 / 20_000));
        Assert.Equal(1.0 / 24, squares / 20_000 - mean * mean, 5 * 0.05 / Math.Sqrt(20_000));
        Assert.Equal(0, inputs / 20_000, 5 * Math.Sqrt(1.0 / 12 / 20_000));
    }

    [Fact]
    public void The_multiplication_problem_asks_for_the_product()
    {
        DataSet data = Sequences.Multiplication(30, 500, 5);
        for (int k = 0; k < 500; k++)
        {
            float[] row = Raw(data, Split.Training, k);
            float product = 1;
            for (int t = 0; t < 30; t++)
                if (row[2 * t + 1] == 1) product *= row[2 * t] + 0.5f;
            Assert.Equal(product, Target(data, Split.Training, k)[0], 1e-6);
        }
    }

    [Theory]
    [InlineData("memory-5bit", 5, 2, 200)]
    [InlineData("memory-20bit", 10, 5, 80)]
    public void The_memory_problems_show_symbols_a_wait_and_a_cue_and_ask_for_the_symbols(string name, int symbols, int kinds, int length)
    {
        DataSet data = Sequences.Memory(symbols, kinds, length, 64, 32);
        Assert.Equal((name, new Shape(length, 1, kinds + 2), new Shape(symbols, 1, kinds)), (data.Name, data.Shape, data.TargetShape));
        HashSet<string> seen = [];
        for (int k = 0; k < 64; k++)
        {
            float[] row = Raw(data, Split.Training, k), target = Target(data, Split.Training, k);
            int[] shown = [.. Enumerable.Range(0, length).Select(t => row.AsSpan(t * (kinds + 2), kinds + 2).IndexOf(1f))];
            Assert.Equal(length, row.Count(v => v == 1));
            Assert.Equal(row.Length - length, row.Count(v => v == 0));
            Assert.All(shown[..symbols], s => Assert.InRange(s, 0, kinds - 1));
            Assert.Equal(kinds, shown[length - symbols - 1]);
            Assert.Equal(length - symbols - 1, shown.Count(s => s == kinds + 1));
            Assert.Equal(shown[..symbols], Enumerable.Range(0, symbols).Select(s => target.AsSpan(s * kinds, kinds).IndexOf(1f)));
            Assert.Equal(symbols, target.Sum());
            seen.Add(string.Concat(shown[..symbols]));
        }
        Assert.Equal(symbols == 5 ? 32 : 64, seen.Count);
    }

    [Fact]
    public void Lengths_out_of_range_are_refused()
    {
        Assert.Equal("length is 9; it must be from 10 to 10000", Assert.Throws<ArgumentException>(() => Sequences.Adding(9)).Message);
        Assert.Equal("length is 10; it must be from 11 to 10000", Assert.Throws<ArgumentException>(() => Sequences.Memory(5, 2, 10, 10, 10)).Message);
        Assert.Equal("classes is 100; it must be 10 or 1000", Assert.Throws<ArgumentException>(() => ColorGlyphs.Generate(classes: 100)).Message);
    }

    [Fact]
    public void Color_glyphs_have_the_shapes_of_cifar_and_imagenet_and_all_classes()
    {
        DataSet small = ColorGlyphs.Generate(train: 300, test: 10), large = ColorGlyphs.Generate(40, 1000, 300, 10);
        Assert.Equal((new Shape(32, 32, 3), 10, "color-glyphs"), (small.Shape, small.Classes, small.Name));
        Assert.Equal((new Shape(40, 40, 3), 1000, "large-glyphs"), (large.Shape, large.Classes, large.Name));
        Assert.Equal(10, small.TrainLabels.ToArray().Distinct().Count());
        Assert.True(large.TrainLabels.ToArray().Distinct().Count() > 200);
    }

    private static float[] Raw(DataSet data, Split split, int index) => DataSetTests.Read(data, split, index);

    private static float[] Target(DataSet data, Split split, int index)
    {
        float[] row = new float[data.TargetShape.Count];
        fixed (float* at = row) data.ReadTargets(split, [index], at, row.Length);
        return row;
    }

    private static DataSet Make(string kind, int train, int test, ulong seed) => kind switch
    {
        "glyphs" => Whole(Glyphs.Generate(train, test, seed)),
        "color-glyphs" => Whole(ColorGlyphs.Generate(train: train, test: test, seed: seed)),
        "large-glyphs" => Whole(ColorGlyphs.Generate(64, 1000, train, test, seed)),
        "curves" => Curves.Generate(train, test, seed),
        "drawn-faces" => DrawnFaces.Generate(train, test, seed),
        "adding" => Sequences.Adding(20, train, test, seed),
        "multiplication" => Sequences.Multiplication(20, train, test, seed),
        _ => Sequences.Memory(10, 5, 40, train, test, seed),
    };

    // Without standardization, which depends on the number of examples.
    private static DataSet Whole(DataSet data) => data.AsAutoencoder();
}
