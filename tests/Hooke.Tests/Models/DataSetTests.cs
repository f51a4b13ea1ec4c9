using Hooke.Models.Data;
using Hooke.Numerics;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed unsafe class DataSetTests
{
    [Theory]
    [InlineData(1, 4, 1)]
    [InlineData(3, 5, 1)]
    [InlineData(7, 9, 3)]
    [InlineData(1, 1, 50)]
    [InlineData(28, 28, 4)]
    [InlineData(2, 3, 33)]
    public void Every_channel_is_standardized_by_its_mean_and_deviation_over_the_training_set(int height, int width, int channels)
    {
        var bytes = Images(height, width, channels);
        Shape shape = bytes.Shape;
        byte[] pixels = bytes.TrainPixels.ToArray();
        var floats = DataSet.FromFloats("floats", "floats", shape, 3, Array.ConvertAll(pixels, p => p / 255f), bytes.TrainLabels.ToArray(), Array.ConvertAll(bytes.TestPixels.ToArray(), p => p / 255f), bytes.TestLabels.ToArray());
        for (int c = 0; c < channels; c++)
        {
            double[] values = [.. pixels.Where((_, i) => i % channels == c).Select(p => p / 255.0)];
            double mean = values.Average(), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            Assert.Equal(mean, bytes.ChannelMeans[c], 1e-12);
            Assert.Equal(deviation, bytes.ChannelDeviations[c], 1e-10);
            Assert.Equal(deviation, floats.ChannelDeviations[c], 1e-7);
            for (int i = c; i < shape.Count; i += channels)
                foreach (int example in (int[])[0, 9])
                {
                    float expected = MathF.FusedMultiplyAdd(pixels[example * shape.Count + i], (float)(1 / (255 * bytes.ChannelDeviations[c])), (float)(-bytes.ChannelMeans[c] / bytes.ChannelDeviations[c]));
                    Assert.Equal(expected, Read(bytes, Split.Training, example)[i]);
                    Assert.Equal(expected, Read(floats, Split.Training, example)[i], 1e-4);
                }
        }
        double all = pixels.Average(p => p / 255.0);
        Assert.Equal(all, bytes.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(pixels.Average(p => (p / 255.0 - all) * (p / 255.0 - all))), bytes.Deviation, 1e-9);
        if (channels == 1) Assert.Equal((bytes.ChannelMeans[0], bytes.ChannelDeviations[0]), (bytes.Mean, bytes.Deviation));
    }

    [Fact]
    public void Constant_channels_become_zero()
    {
        DataSet data = new("x", "x", new(1, 1, 2), 1, [7, 1, 7, 3], [0, 0], [9, 2], [0]);
        Assert.Equal(0, Read(data, Split.Training, 0)[0], 1e-7);
        Assert.Equal((-1.0, 1.0), (Math.Round(Read(data, Split.Training, 0)[1], 6), Math.Round(Read(data, Split.Training, 1)[1], 6)));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [InlineData(20, true)]
    public void In_training_a_crop_is_some_window_perhaps_mirrored_and_in_evaluation_the_center(int channels, bool flips)
    {
        DataSet data = Images(9, 8, channels), cropped = data.Cropped(6, 5, flips);
        Assert.Equal((new Shape(6, 5, channels), new Shape(9, 8, channels), 30 * channels), (cropped.Shape, cropped.StoredShape, cropped.PixelCount));
        Assert.Equal(Window(data, Split.Training, 4, 6, 5, 1, 1, false), Read(cropped, Split.Training, 4));
        Assert.Equal(Window(data, Split.Test, 2, 6, 5, 1, 1, false), Read(cropped, Split.Test, 2));
        HashSet<(int, int, bool)> seen = [];
        int mirrored = 0;
        for (int step = 0; step < 400; step++)
        {
            float[] row = Read(cropped, 3, new(1, 0, step, 0, 1), 0);
            int matches = 0;
            for (int top = 0; top < 4; top++)
                for (int left = 0; left < 4; left++)
                    foreach (bool mirror in (bool[])[false, true])
                        if (row.AsSpan().SequenceEqual(Window(data, Split.Training, 3, 6, 5, top, left, mirror)))
                        {
                            matches++;
                            seen.Add((top, left, mirror));
                            if (mirror) mirrored++;
                        }
            Assert.Equal(1, matches);
        }
        Assert.Equal(flips ? 32 : 16, seen.Count);
        // Binomial with 400 draws: 5 standard deviations.
        if (flips) Assert.InRange(mirrored, 150, 250);
        else Assert.Equal(0, mirrored);
    }

    [Fact]
    public void Crops_depend_on_the_draw_and_the_place_in_the_batch_only_and_not_on_how_a_batch_is_divided()
    {
        var data = Images(12, 12, 3).Cropped(8, 8, true);
        int[] indices = [1, 5, 5, 9, 0, 3, 5];
        Draw draw = new(4, 1, 17, 0, 7);
        float[] all = Batch(0, 7), parts = [.. Batch(0, 3), .. Batch(3, 7)];
        Assert.Equal(all, parts);
        Assert.Equal(all, Batch(0, 7));
        Assert.NotEqual(all[192..384], all[384..576]); // the same example in two places
        Assert.NotEqual(all, Batch(0, 7, draw with { Step = 18 }));
        Assert.NotEqual(all, Batch(0, 7, draw with { Worker = 0 }));
        // A full gradient has no sampling noise.
        Assert.Equal(Read(data, Split.Training, 1), Batch(0, 1, draw with { Count = Draw.Full }));

        float[] Batch(int from, int to, Draw? other = null)
        {
            float[] rows = new float[(to - from) * 192];
            fixed (float* at = rows) data.ReadInputs(indices.AsSpan(from..to), other ?? draw, from, at, 192);
            return rows;
        }
    }

    [Fact]
    public void Rows_keep_their_padding()
    {
        var data = Images(5, 7, 3).Cropped(4, 3, true);
        float[] rows = new float[3 * 40];
        Array.Fill(rows, float.NaN);
        fixed (float* at = rows) data.ReadInputs([0, 1, 2], new(1, 0, 0, 0, 3), 0, at, 40);
        Assert.All(Enumerable.Range(0, 120), i => Assert.Equal(i % 40 >= 36, float.IsNaN(rows[i])));
    }

    [Fact]
    public void An_autoencoder_sees_pixels_between_zero_and_one_and_has_no_labels()
    {
        DataSet images = Images(4, 5, 3), data = images.AsAutoencoder();
        Assert.Equal((TargetKind.Input, 0, data.Shape), (data.Target, data.Classes, data.TargetShape));
        byte[] pixels = images.TrainPixels.ToArray();
        Assert.Equal(pixels[60..120].Select(p => p * (float)(1 / 255.0)), Read(data, Split.Training, 1));
        Assert.Throws<InvalidOperationException>(() => data.ReadLabels(Split.Test, [0], new int[1]));
        Assert.Equal(TargetKind.Label, images.Target);
    }

    [Fact]
    public void Targets_of_floats_are_read_by_index()
    {
        var data = DataSet.FromFloats("x", "x", new(2, 1, 1), new Shape(1, 1, 3), [1, 2, 3, 4], [.1f, .2f, .3f, .4f, .5f, .6f], [5, 6], [7, 8, 9]);
        Assert.Equal([3, 4], Read(data, Split.Training, 1));
        Assert.Equal("x: 2 training and 1 test examples of 2x1x1 with targets of 1x1x3", data.ToString());
        float[] targets = new float[8];
        fixed (float* at = targets) data.ReadTargets(Split.Training, [1, 0], at, 4);
        Assert.Equal([.4f, .5f, .6f, 0, .1f, .2f, .3f, 0], targets);
        fixed (float* at = targets) data.ReadTargets(Split.Test, [0], at, 4);
        Assert.Equal([7, 8, 9], targets[..3]);
    }

    [Fact]
    public void Examples_that_are_not_there_are_refused()
    {
        var data = Images(3, 3, 1);
        Assert.Contains("it must be from 0 to 9", Assert.Throws<ArgumentOutOfRangeException>(() => Read(data, Split.Training, 10)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Read(data, Split.Test, -1));
        Assert.Throws<IndexOutOfRangeException>(() => data.ReadLabels(Split.Test, [4], new int[1]));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(5, 3)]
    [InlineData(3, 6)]
    public void Crops_larger_than_the_image_are_refused(int height, int width)
        => Assert.Equal($"crop is {height}x{width}; it must be from 1x1 to the size of images's examples, 4x5", Assert.Throws<ArgumentException>(() => Images(4, 5, 1).Cropped(height, width, true)).Message);

    [Fact]
    public void Parts_that_do_not_fit_each_other_are_refused()
    {
        Assert.Equal("x: 2 training labels need 8 pixels of 2x2x1 examples, but there are 7", Message(() => new("x", "x", new(2, 2, 1), 2, new byte[7], [0, 1], new byte[4], [0])));
        Assert.Equal("x: there are no test examples", Message(() => new("x", "x", new(2, 2, 1), 2, new byte[4], [0], [], [])));
        Assert.Equal("x: test label 0 is -1; it must be below the number of classes, 2", Message(() => DataSet.FromFloats("x", "x", new(1, 1, 1), 2, [1f], [0], [1f], [-1])));
        Assert.Equal("x: 1 training targets need 2 numbers of 2x1x1 examples, but there are 3", Message(() => DataSet.FromFloats("x", "x", new(2, 1, 1), new Shape(1, 1, 2), [1, 2, 3], [1, 2], [1, 2], [1, 2])));
        Assert.StartsWith("x: an example's shape is 70000x70000x1; each dimension", Message(() => new("x", "x", new(70000, 70000, 1), 2, [], [0], [], [0])));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Reading_allocates_nothing(bool cropped, bool floats)
    {
        var data = Images(9, 9, 3);
        if (floats) data = DataSet.FromFloats("x", "x", data.Shape, 3, Array.ConvertAll(data.TrainPixels.ToArray(), p => (float)p), data.TrainLabels.ToArray(), Array.ConvertAll(data.TestPixels.ToArray(), p => (float)p), data.TestLabels.ToArray());
        if (cropped) data = data.Cropped(7, 6, true);
        int[] indices = [1, 2, 3, 4], labels = new int[4];
        float[] rows = new float[4 * 243];
        void Step(int step)
        {
            fixed (float* at = rows)
            {
                data.ReadInputs(indices, new(1, 2, step, 0, 4), 0, at, 243);
                data.ReadInputs(Split.Training, indices, at, 243);
            }
            data.ReadLabels(Split.Training, indices, labels);
        }
        for (int step = 0; step < 3; step++) Step(step);
        Allocation.AssertNone(() => { for (int step = 0; step < 20; step++) Step(step); });
    }

    [Fact]
    public void Wrapped_arrays_stay_where_they_are_while_others_are_collected()
    {
        List<DataSet> sets = [.. Enumerable.Range(0, 50).Select(_ => Images(3, 3, 3))];
        float[] first = Read(sets[0], Split.Training, 5);
        GC.Collect(2, GCCollectionMode.Forced, true, true);
        Assert.All(sets, data => Assert.Equal(first, Read(data, Split.Training, 5)));
    }

    internal static float[] Read(DataSet data, Split split, int index)
    {
        float[] row = new float[data.PixelCount];
        fixed (float* at = row) data.ReadInputs(split, [index], at, row.Length);
        return row;
    }

    internal static float[] Read(DataSet data, int index, Draw draw, int firstInBatch)
    {
        float[] row = new float[data.PixelCount];
        fixed (float* at = row) data.ReadInputs([index], draw, firstInBatch, at, row.Length);
        return row;
    }

    internal static DataSet Images(int height, int width, int channels, int train = 10, int test = 4)
    {
        byte[] Bytes(int count, int stream, int bound)
        {
            Noise noise = new(5, stream, 0, NoiseStream.Generation);
            byte[] bytes = new byte[count];
            for (int k = 0; k < count; k++) bytes[k] = (byte)noise.Integer(k, bound);
            return bytes;
        }
        int pixels = height * width * channels;
        return new("images", "random images", new(height, width, channels), 3, Bytes(train * pixels, 0, 256), Bytes(train, 1, 3), Bytes(test * pixels, 2, 256), Bytes(test, 3, 3));
    }

    private static float[] Window(DataSet whole, Split split, int index, int height, int width, int top, int left, bool mirror)
    {
        float[] image = Read(whole, split, index), part = new float[height * width * whole.Shape.Channels];
        int channels = whole.Shape.Channels;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int c = 0; c < channels; c++)
                    part[(y * width + x) * channels + c] = image[((top + y) * whole.Shape.Width + left + (mirror ? width - 1 - x : x)) * channels + c];
        return part;
    }

    private static string Message(Func<DataSet> make) => Assert.Throws<InvalidDataSetException>(make).Message;
}
