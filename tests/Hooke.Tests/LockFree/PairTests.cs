using Hooke.Engine;
using Hooke.Models.Linear;
using Hooke.Numerics;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>Long dense rows of floats, which are taken two by two.</summary>
public sealed unsafe class PairTests
{
    private const int Features = DensePairs.FewestFeatures + 17, Examples = 300;

    [Fact]
    public void A_pass_for_two_rows_moves_as_two_passes_do_to_the_bit_and_scores_as_written_out()
    {
        var rows = LinearDataCatalog.Random(Examples, Features).Rows;
        DensePairs pairs = new(rows);
        DenseKernel<float, float> single = new(rows);
        using NativeVector<float> two = new(Features + 64), one = new(Features + 64);
        new Noise(3, 0, 0, NoiseStream.Generation).FillGaussian(two.Span[..Features], 1);
        two.Span.CopyTo(one.Span);

        Check(pairs.Score(4, 5, two.Pointer), 4, 5);
        var scores = pairs.AddAndScore(4, 0.3f, 5, -0.2f, two.Pointer, 7, 6);
        single.Add(4, 0.3f, new(one.Pointer, null, 0, 1), default);
        single.Add(5, -0.2f, new(one.Pointer, null, 0, 1), default);
        Assert.Equal(one.Span, two.Span);
        Check(scores, 7, 6);

        void Check(PairScores scores, int x, int y)
        {
            float* p = (float*)rows.Values(x), q = (float*)rows.Values(y);
            double first = 0, second = 0, product = 0;
            for (int j = 0; j < Features; j++)
            {
                first += (double)p[j] * one.Pointer[j];
                second += (double)q[j] * one.Pointer[j];
                product += (double)p[j] * q[j];
            }
            Assert.Equal(first, scores.First, 1e-3);
            Assert.Equal(second, scores.Second, 1e-3);
            Assert.Equal(product, scores.Product, 1e-3);
        }
    }

    // An odd number of examples, so that some steps are alone.
    [Theory]
    [InlineData(LinearLossKind.Logistic, 0)]
    [InlineData(LinearLossKind.Hinge, 0)]
    [InlineData(LinearLossKind.LeastSquares, 0)]
    [InlineData(LinearLossKind.Logistic, 0.01)]
    public void One_worker_is_sequential_SGD_but_for_rounding(LinearLossKind loss, double l2)
    {
        var data = LinearDataCatalog.Random(Examples, Features);
        LockFreePlan plan = new(2 * data.TrainCount + 1, 3e-3) { EvaluateEvery = 101 };
        using LinearModel model = new(data, new() { Loss = loss, L2 = l2 }, 1);
        var outcome = Hogwild.Run(model, 1, 5, plan);
        Assert.Equal(plan.Samples, outcome.Run.Last!.Updates);
        float[] weights = new float[Features];
        model.Export(0, weights);

        double[] expected = ByHand(data, loss, l2, plan, 5);
        double scale = expected.Max(Math.Abs);
        Assert.InRange(scale, 1e-3, 1);
        // Shrinking is saved up, to 1 % of the weights at most.
        double allowed = l2 > 0 ? 0.02 * scale : 1e-4 * scale;
        for (int j = 0; j < Features; j++) Assert.InRange(weights[j], expected[j] - allowed, expected[j] + allowed);
    }

    [Theory]
    [InlineData(LinearLossKind.Logistic)]
    [InlineData(LinearLossKind.Hinge)]
    public void A_worker_that_is_alone_makes_the_same_run_however_it_would_share(LinearLossKind loss)
    {
        var data = LinearDataCatalog.Random(Examples, Features);
        float[][] all = [.. Enum.GetValues<Sharing>().Select(sharing => LinearSets.Weights(data, new() { Loss = loss }, 1, new(2 * data.TrainCount + 1, 3e-3) { Sharing = sharing }))];
        Assert.Equal(all[0], all[1]);
        Assert.Equal(all[0], all[2]);
    }

    [Fact]
    public void Copies_of_all_coordinates_merge_between_pairs_and_lose_nothing()
    {
        var data = LinearDataCatalog.Random(Examples, Features);
        int[] examples = [.. Enumerable.Range(0, 101)];
        float[] rates = [.. examples.Select(_ => 3e-3f)];
        float[] apart = Of(new() { Hot = int.MaxValue, MergeEvery = 3 }, 2), alone = Of(new(), 1);
        for (int j = 0; j < Features; j++) Assert.Equal(alone[j], apart[j], 1e-5);

        float[] Of(LinearOptions options, int workers)
        {
            using LinearModel model = new(data, options, 1);
            using var learner = model.Open(0, workers);
            StepClock[] clocks = [.. Enumerable.Range(0, workers).Select(_ => new StepClock())];
            learner.Run(examples, rates, 1, clocks);
            learner.Merge(clocks);
            Assert.Equal(101u, clocks[0].Steps);
            model.Publish();
            float[] weights = new float[Features];
            model.Export(0, weights);
            return weights;
        }
    }

    private static double[] ByHand(LinearData data, LinearLossKind loss, double l2, LockFreePlan plan, ulong seed)
    {
        double[] w = new double[Features];
        foreach (int example in LinearSets.Order(new(data.TrainCount, seed, false, inOrder: true), plan.Samples).Take((int)plan.Samples))
        {
            float* x = (float*)data.Rows.Values(example);
            double score = 0, y = 2 * data.Rows.Target(example) - 1;
            for (int j = 0; j < Features; j++) score += w[j] * x[j];
            double slope = loss switch { LinearLossKind.Logistic => -y / (1 + Math.Exp(y * score)), LinearLossKind.Hinge => y * score >= 1 ? 0 : -y, _ => score - y };
            for (int j = 0; j < Features; j++) w[j] = (w[j] - plan.LearningRate * slope * x[j]) * (1 - plan.LearningRate * l2);
        }
        return w;
    }
}
