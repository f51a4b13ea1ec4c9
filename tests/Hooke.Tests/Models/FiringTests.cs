using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>Which rectified units fire for some training example.</summary>
public class FiringTests
{
    [Fact]
    public void Of_a_dense_layer_each_unit_counts_that_fires_for_no_example_of_any_block()
    {
        const int Examples = 1200; // three blocks; in each another unit fires
        float[] inputs = new float[4 * Examples];
        for (int k = 0; k < Examples; k++) inputs[4 * k + k / 500] = 1;
        var data = DataSet.FromFloats("blocks", "", new(1, 1, 4), new Shape(1, 1, 1), inputs, [.. Enumerable.Range(0, Examples).Select(k => k % 2f)], new float[4], new float[1]);
        var network = new Network(new("net", 4) { Loss = Loss.Regression }, data);
        float[] x = new float[network.Dimension];
        using var oracle = network.Open();
        // Unit j fires where input j is 1; nothing is in the last input.
        foreach (int place in Ones(network, "linear1.weight", [0, 5, 10, 15])) x[place] = 1;
        Assert.Equal([0.75, 0.75, 0.75], Enumerable.Range(0, 3).Select(block => oracle.Evaluate(x, Split.Training, block).Firing!.Silent));
        Assert.Equal(0.25, Enumerable.Range(0, 3).Select(block => oracle.Evaluate(x, Split.Training, block)).Aggregate((a, b) => a + b).Firing!.Silent);
        Assert.Null(oracle.Evaluate(x, Split.Test, 0).Firing);
    }

    [Fact]
    public void Of_a_convolution_a_channel_counts_wherever_it_fires()
    {
        var data = new DataSet("dots", "", new(6, 6, 1), 2, [.. Enumerable.Range(0, 72).Select(k => (byte)(k % 36 == 35 ? 255 : 0))], [0, 1], new byte[36], [0]);
        var network = new Network(new NetworkSpec("net") { Front = [new ConvolutionLayer(4, 3, 3), new ActivationLayer(Activation.Relu)] }, data);
        float[] x = new float[network.Dimension];
        foreach (int place in Ones(network, "conv1.weight", [8, 17, 26])) x[place] = 1;
        using var oracle = network.Open();
        Assert.Equal(0.25, oracle.Evaluate(x, Split.Training, 0).Firing!.Silent);
    }

    [Fact]
    public void A_network_without_rectified_units_notes_none()
    {
        var data = DataSet.FromFloats("two", "", new(1, 1, 1), 2, new float[3], [0, 0, 1], new float[2], [1, 1]);
        var network = new Network(new("net", 4) { Activation = Activation.Tanh }, data);
        using var oracle = network.Open();
        Assert.Null(oracle.Evaluate(new float[network.Dimension], Split.Training, 0).Firing);
    }

    /// <summary>Places in the vector of parameters of elements of a tensor.</summary>
    private static int[] Ones(Network network, string tensor, int[] elements)
    {
        int index = network.Layout.Select(each => each.Name).ToList().IndexOf(tensor), length = network.Layout[index].Shape.Aggregate(1, (a, b) => a * b);
        float[] places = [.. Enumerable.Range(0, network.Dimension).Select(k => (float)k)], values = new float[length];
        network.Export(index, places, values);
        return [.. elements.Select(element => (int)values[element])];
    }
}
