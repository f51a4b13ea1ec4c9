using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>What a trace says about whether a run has learned.</summary>
public class DiagnosisTests
{
    private static readonly ConstantAnswer TenClasses = new(0.9, Math.Log(10), 10_000), Few = new(0.5, Math.Log(2), 100), Rare = new(0.05, 0.1985, 1000), Numbers = new(null, 4, 1000);

    [Fact]
    public void A_run_that_learns_and_keeps_what_it_learned_has_nothing_to_be_said()
    {
        Assert.Empty(Of(TenClasses, (2.4, 2.4, 0.9), (0.6, 0.62, 0.2), (0.3, 0.4, 0.12)));
        Assert.Empty(Of(TenClasses, (2.4, 2.4, 0.9), (0.3, 0.4, 0.12), (0.01, 0.9, 0.13))); // the loss of a sure answer that is wrong
        Assert.Empty(Of(Few, (0.7, 0.7, 0.5), (0.65, 0.66, 0.39)));
        Assert.Empty(Of(Rare, (0.7, 0.7, 0.5), (0.1, 0.12, 0.049))); // its loss says more than the errors of one class in twenty
        Assert.Empty(Of(Numbers, (5, 5, null), (1, 1.1, null), (0.5, 1.2, null)));
        Assert.Empty(Of(null, (5, 5, null), (4, 4, null)));
    }

    [Theory]
    [InlineData(2.3026, 2.3026, 0.9)]
    [InlineData(2.31, 2.32, 0.897)]
    [InlineData(2.4, 2.9, 0.91)]
    public void An_error_that_one_answer_to_all_has_is_chance(double trainLoss, double testLoss, double error)
    {
        string text = Assert.Single(Of(TenClasses, (2.35, 2.35, 0.88), (trainLoss, testLoss, error)));
        Assert.Contains($"the test error is {100 * error:f2} % at the end, no better than one answer to all (90.00 %)", text);
        Assert.Contains("--learning-rate", text);
    }

    [Fact]
    public void Chance_on_few_examples_is_a_matter_of_standard_errors()
    {
        Assert.Contains("no better", Assert.Single(Of(Few, (0.7, 0.7, 0.5), (0.69, 0.75, 0.42))));
        Assert.Empty(Of(Few, (0.7, 0.7, 0.5), (0.6, 0.7, 0.38)));
    }

    [Fact]
    public void What_is_learned_of_training_examples_only_is_said_so()
        => Assert.Contains("does not carry over", Assert.Single(Of(Few, (0.7, 0.7, 0.5), (0.01, 3, 0.49))));

    [Fact]
    public void Numbers_no_nearer_than_their_mean_are_chance()
    {
        Assert.Contains("the test loss is 3.99 at the end, no better than the mean of the training examples as the answer to all (4)", Assert.Single(Of(Numbers, (5, 5, null), (3.9, 3.99, null))));
        Assert.Empty(Of(Numbers, (5, 5, null), (3.8, 3.9, null)));
    }

    [Fact]
    public void A_final_loss_far_above_the_best_one_is_said_with_both()
    {
        string[] texts = Of(TenClasses, (2.4, 2.4, 0.9), (1.0, 1.1, 0.34), (2.3026, 2.3026, 0.9));
        Assert.Equal(2, texts.Length);
        Assert.Contains("the training loss is 2.303 at the end and was 1 at epoch 1.00: the run has lost what it had learned", texts[0]);
        Assert.Contains("smaller --learning-rate", texts[1]);
        Assert.Contains("test loss is 2.5 at the end and was 1 at epoch 1.00", Assert.Single(Of(Numbers, (5, 5, null), (0.9, 1, null), (0.1, 2.5, null))));
        Assert.Contains("test error is 35.00 % at the end and was 10.00 %", Assert.Single(Of(TenClasses, (2.4, 2.4, 0.9), (0.5, 0.5, 0.1), (0.4, 0.9, 0.2), (0.4, 0.9, 0.35))));
        Assert.Empty(Of(Few, (0.7, 0.7, 0.5), (0.5, 0.5, 0.20), (0.4, 0.5, 0.29))); // within what 100 examples say
    }

    [Fact]
    public void A_loss_that_never_fell_is_said_where_no_constant_answer_is_known()
    {
        Assert.Contains("no lower than before the first step", Assert.Single(Of(null, (5, 5, null), (5, 5, null))));
        Assert.Contains("smaller", Assert.Single(Of(null, (5, 5, null), (9, 9, null))));
    }

    [Fact]
    public void Units_that_fire_for_no_example_are_said_when_they_are_most()
    {
        Assert.Contains("75.00 % of the rectified units fire for no training example at the end (0.00 % before the first step)", Assert.Single(With(point => point with { SilentUnits = point.Samples == 0 ? 0 : 0.75 })));
        Assert.Empty(With(point => point with { SilentUnits = 0.4 }));
    }

    [Fact]
    public void A_worker_far_from_the_others_or_all_far_from_the_center_is_said()
    {
        Assert.Contains("worker 3 is 60 from the center at the end, the others 2, where the center's own length is 100", Assert.Single(With(point => point with { Norm = 100, Farthest = new(3, 60, 2) })));
        Assert.Contains("the workers are 70 from the center at the end, whose own length is 100", Assert.Single(With(point => point with { Norm = 100, Farthest = new(0, 90, 70) })));
        Assert.Empty(With(point => point with { Norm = 100, Farthest = new(0, 40, 0.1) }));
        Assert.Empty(With(point => point with { Norm = 100, Farthest = new(0, 60, 30) }));
    }

    [Fact]
    public void The_others_of_the_farthest_worker_are_judged_by_their_median()
    {
        Assert.Null(FarthestWorker.Of([(0, 9)]));
        Assert.Equal(new(1, 5, 2), FarthestWorker.Of([(0, 1), (1, 25), (2, 4), (3, 9)]));
    }

    private static string[] With(Func<TracePoint, TracePoint> change)
        => [.. Diagnosis.Of([.. Points((2.4, 2.4, 0.9), (0.5, 0.5, 0.1)).Select(change)], TenClasses, 1000).Select(finding => finding.Text)];

    [Fact]
    public void Early_in_a_run_chance_is_no_finding_but_a_loss_that_has_been_lost_is()
    {
        Assert.Empty(Diagnosis.Of(Points((2.4, 2.4, 0.9), (2.39, 2.39, 0.89)), TenClasses, 10_000));
        Assert.Contains("at epoch 2.00", Assert.Single(Diagnosis.Of(Points((2.4, 2.4, 0.9), (0.5, 0.5, 0.2), (2.4, 2.4, 0.9)), TenClasses, 20_000)).Text);
        Assert.Contains("at epoch 1.00", Assert.Single(Diagnosis.Of(Points((2.4, 2.4, 0.9), (2.39, 2.39, 0.897)), TenClasses, 4000)).Text);
    }

    private static string[] Of(ConstantAnswer? constant, params (double, double, double?)[] scores)
        => [.. Diagnosis.Of(Points(scores), constant, 1000 * (scores.Length - 1)).Select(finding => finding.Text)];

    /// <summary>Points an epoch of 1000 examples apart.</summary>
    private static TracePoint[] Points(params (double Train, double Test, double? Error)[] scores) => [.. scores.Select((score, k) => new TracePoint
    {
        Seconds = k, WallSeconds = k, Samples = 1000 * k, Epochs = k, Updates = k, TrainLoss = score.Train, TestLoss = score.Test, TestError = score.Error,
        Consensus = 0, Exchanges = 0, Dropped = 0, Bytes = 0, StalenessMean = 0, StalenessMax = 0, Workers = [],
    })];
}
