using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>Nothing that shrinks or saturates ends among the subnormal numbers, with which a step takes many times as long.</summary>
public sealed class SubnormalTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 100, 3)]
    [InlineData(2, 0, 1)]
    [InlineData(2, int.MaxValue, 1)]
    public void Weights_that_l2_shrinks_come_to_rest_at_zero(int workers, int hot, int batch)
    {
        var data = LinearSets.Texts();
        float[] weights = LinearSets.Weights(data, new() { L2 = 0.5, Hot = hot, MergeEvery = 4 }, workers, new(2 * data.TrainCount, 0.5) { Batch = batch });
        Assert.DoesNotContain(weights, float.IsSubnormal);
        Assert.Contains(weights, weight => weight != 0);
    }

    [Fact]
    public void Slopes_of_the_logistic_loss_are_zero_before_they_are_subnormal()
    {
        for (float score = 60; score < 110; score += 0.25f)
            foreach (float target in (float[])[-1, 1])
            {
                float slope = LogisticLoss.Slope(score * target, target);
                Assert.True(slope == 0 || MathF.Abs(slope) >= 1e-30f, $"the slope at {score} is {slope}");
                Assert.Equal(-target, LogisticLoss.Slope(-score * target, target));
            }
        Assert.True(float.IsNaN(LogisticLoss.Slope(float.NaN, 1)));
    }
}
