using Hooke.Models.Data;
using Hooke.Models.Nets;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>Networks that give several answers to an example.</summary>
public sealed class AnswersTests
{
    private static readonly Dictionary<string, NetworkSpec> Nets = new()
    {
        ["recurrent"] = new("net") { Front = [new RecurrentLayer(7)] },
        ["recurrent with full panels"] = new("net") { Front = [new RecurrentLayer(37) { InputScale = 1 }], L2 = 0.01 },
        ["recurrent with hidden layers"] = new("net", 9, 17) { Front = [new RecurrentLayer(20) { InputScale = 0.5 }], Activation = Activation.Tanh, Dropout = 0.25 },
        ["recurrent, squared error"] = new("net") { Front = [new RecurrentLayer(7)], Loss = Loss.SquaredError },
        ["recurrent, regression"] = new("net") { Front = [new RecurrentLayer(5)], Loss = Loss.Regression },
        ["dense"] = new("net", 11) { Activation = Activation.Sigmoid },
    };

    public static TheoryData<string> Names => [.. Nets.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_equal_central_differences(string name)
    {
        var data = Sequences.Memory(3, 5, 11, 300, 20);
        Draw draw = new(3, 2, 11, 280, 13);
        int[] examples = new int[13];
        new ExampleStream(new(), 300).Fill(draw, examples);
        GradientCheck.Passes(Nets[name], data, draw, examples, 20);
    }

    [Fact]
    public void Every_symbol_that_is_wrong_counts_and_losses_add_up_over_the_symbols()
    {
        // Without weights all outputs are equal: the first symbol is the answer to everything, at a loss of log k.
        var data = Sequences.Memory(4, 3, 20, 30, 50);
        Network network = new(ModelCatalog.Find("rnn").Spec with { Loss = Loss.CrossEntropy }, data);
        using var oracle = network.Open();
        Score score = oracle.Evaluate(new float[network.Dimension], Split.Test, 0);
        Assert.Equal((50, 200), (score.Count, score.Answers));
        Assert.Equal(4 * Math.Log(3), score.Loss, 1e-5);
        Assert.Equal(Wrong(data), score.Wrong);

        static unsafe int Wrong(DataSet data)
        {
            float[] target = new float[12];
            int wrong = 0;
            fixed (float* to = target)
                for (int k = 0; k < 50; k++)
                {
                    data.ReadTargets(Split.Test, [k], to, 12);
                    for (int i = 0; i < 4; i++) wrong += target[3 * i] == 1 ? 0 : 1;
                }
            return wrong;
        }
    }

    [Fact]
    public void A_number_is_wrong_if_it_is_off_by_more_than_the_tolerance()
    {
        var data = DataSet.FromFloats("numbers", "test", new(1, 1, 1), new(1, 1, 1), [1, 2], [0, 0], [0, 0, 0, 0], [0.5f, 0.53f, 0.47f, 0.55f]);
        Network network = new(new("net") { Loss = Loss.Regression, Tolerance = 0.04 }, data);
        float[] x = new float[network.Dimension];
        network.Import([new("linear1.weight", [1, 1], [0]), new("linear1.bias", [1], [0.5f])], x);
        using var oracle = network.Open();
        Score score = oracle.Evaluate(x, Split.Test, 0);
        Assert.True(network.CountsWrong);
        Assert.Equal(0.25, score.Error);
        Assert.Equal((0.03 * 0.03 * 2 + 0.05 * 0.05) / 4, score.Loss, 1e-6);
    }

    [Theory]
    [InlineData(Loss.ReconstructionCrossEntropy)]
    [InlineData(Loss.ReconstructionSquaredError)]
    public void The_squared_error_of_a_reconstruction_is_reported_whatever_is_minimized(Loss loss)
    {
        // Without weights the sigmoid reconstructs ½ everywhere, and the linear output 0.
        var data = ReferenceNetwork.RandomData(3, 5, 2, 20, 30);
        Network network = new(new("net", 2) { Loss = loss }, data);
        using var oracle = network.Open();
        Score score = oracle.Evaluate(new float[network.Dimension], Split.Test, 0);
        double off = loss == Loss.ReconstructionCrossEntropy ? 0.5 : 0;
        Assert.Equal(data.TestPixels.ToArray().Sum(p => Math.Pow(p / 255.0 - off, 2)) / 30, score.Loss, 1e-4);
        Assert.False(network.CountsWrong);
    }

    [Fact]
    public void The_memory_problem_of_five_bits_is_learned_when_the_wait_is_short()
    {
        var data = Sequences.Memory(5, 2, 12, 32, 32);
        Network network = new(new("net") { Front = [new RecurrentLayer(30) { InputScale = 0.5 }], MaximumGradientNorm = 1 }, data, new() { Batch = 32 });
        float[] x = NetworkTests.Start(network), gradient = new float[x.Length], velocity = new float[x.Length];
        using var oracle = network.Open();
        for (int step = 0; step < 600; step++)
        {
            oracle.Gradient(x, gradient, new(1, 0, step, step * 32, 32));
            for (int k = 0; k < x.Length; k++) x[k] += velocity[k] = 0.9f * velocity[k] - 0.02f * gradient[k];
        }
        Assert.Equal(0, oracle.Evaluate(x, Split.Test, 0).Error);
    }
}
