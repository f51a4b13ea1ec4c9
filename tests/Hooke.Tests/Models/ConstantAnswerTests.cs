using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Models.Nets;
using Hooke.Tests.LockFree;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>What a model scores that has learned nothing.</summary>
public class ConstantAnswerTests
{
    [Fact]
    public void Of_classes_it_is_the_most_frequent_one_and_the_frequencies_are_its_probabilities()
    {
        var data = DataSet.FromFloats("three", "", new(1, 1, 1), 3, new float[10], [0, 0, 0, 0, 0, 1, 1, 1, 2, 2], new float[4], [0, 0, 1, 2]);
        var answer = new Network(new("net"), data).Constant;
        Assert.Equal(0.5, answer.Error!.Value, 1e-12);
        Assert.Equal(-(2 * Math.Log(0.5) + Math.Log(0.3) + Math.Log(0.2)) / 4, answer.Loss, 1e-12);
        Assert.Equal(4, answer.Answers);
        // ½‖p − t‖²
        double squares = 0.25 + 0.09 + 0.04;
        Assert.Equal((4 + 4 * squares - 2 * (0.5 + 0.5 + 0.3 + 0.2)) / 8, new Network(new("net") { Loss = Loss.SquaredError }, data).Constant.Loss, 1e-12);
    }

    [Fact]
    public void A_test_set_without_the_most_frequent_class_does_not_make_chance_worse_than_guessing()
    {
        var data = DataSet.FromFloats("two", "", new(1, 1, 1), 2, new float[3], [0, 0, 1], new float[2], [1, 1]);
        Assert.Equal(0.5, new Network(new("net"), data).Constant.Error!.Value, 1e-12);
    }

    [Fact]
    public void Of_numbers_it_is_their_mean_and_of_autoencoders_the_mean_input()
    {
        var data = DataSet.FromFloats("numbers", "", new(1, 1, 2), new Shape(1, 1, 1), [0, 1, 2, 3], [10, 30], [1, 1, 5, 5], [20, 50]);
        var answer = new Network(new("net") { Loss = Loss.Regression }, data).Constant;
        Assert.Null(answer.Error);
        Assert.Equal((0 + 30 * 30) / 2.0, answer.Loss, 1e-3);
        answer = new Network(new("net", 2) { Loss = Loss.ReconstructionSquaredError }, data).Constant;
        Assert.Equal((0 + 1 + 16 + 9) / 2.0, answer.Loss, 1e-5); // the mean of (0, 1) and (2, 3) is (1, 2)
    }

    [Theory]
    [InlineData(LinearLossKind.Logistic)]
    [InlineData(LinearLossKind.Hinge)]
    [InlineData(LinearLossKind.LeastSquares)]
    public void Of_linear_models_it_is_the_best_score_for_all(LinearLossKind kind)
    {
        // Every tenth row is a test row: 9 of 36 training rows are of class 1, and half of the test rows.
        var data = LinearSets.Sparse([.. Enumerable.Range(0, 40).Select(k => ((k % 10 == 0 ? k % 20 == 0 : k % 4 == 1) ? 1f : -1f, new[] { (0, 1f) }))], 1);
        using var model = new LinearModel(data, new() { Loss = kind }, 1);
        double positive = 0;
        for (int row = 0; row < data.TrainCount; row++) positive += data.Rows.Target(row) / (double)data.TrainCount;
        int tests = data.TestCount, ones = Enumerable.Range(data.Rows.Count - tests, tests).Count(row => data.Rows.Target(row) == 1);
        double share = (double)ones / tests;
        Assert.True(positive < 0.5);
        Assert.Equal(Math.Min(share, 0.5), model.Constant.Error!.Value, 1e-12);
        double mean = 2 * positive - 1, expected = kind switch
        {
            LinearLossKind.Logistic => -share * Math.Log(positive) - (1 - share) * Math.Log(1 - positive),
            LinearLossKind.Hinge => 2 * share,
            _ => share * (1 - mean) * (1 - mean) / 2 + (1 - share) * (1 + mean) * (1 + mean) / 2,
        };
        Assert.Equal(expected, model.Constant.Loss, 1e-5);
    }
}
