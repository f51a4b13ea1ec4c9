using Hooke.Problems;
using Hooke.Theory.Stability;
using Xunit;

namespace Hooke.Tests.Theory;

/// <summary>The constants that the losses claim, by trying to break them.</summary>
public sealed class ExampleLossTests
{
    private const int Trials = 4000;

    private static readonly IExampleLoss[] Losses = [new LogisticRegression(3), new LogisticRegression(3, 0.2), new TanhNetwork(3, 1), new TanhNetwork(3, 4)];

    public static TheoryData<int> Rows => [0, 1, 2, 3];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Gradients_are_those_of_the_loss(int row)
    {
        var (loss, dice) = (Losses[row], new Dice(41));
        for (int trial = 0; trial < 100; trial++)
        {
            var (w, x, y) = Draw(loss, dice, 2);
            double[] gradient = Gradient(loss, w, x, y);
            for (int k = 0; k < w.Length; k++)
            {
                const double Step = 1e-5;
                double[] up = [.. w], down = [.. w];
                up[k] += Step;
                down[k] -= Step;
                Assert.Equal((loss.Loss(up, x, y) - loss.Loss(down, x, y)) / (2 * Step), gradient[k], 1e-8);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Slopes_and_curvatures_stay_within_the_constants_and_come_near_them(int row)
    {
        var (loss, dice) = (Losses[row], new Dice(42));
        double slope = 0, bend = 0, least = double.PositiveInfinity;
        for (int trial = 0; trial < Trials; trial++)
        {
            // Penalized weights stay within 1/γ.
            double radius = loss.StrongConvexity > 0 ? 1 / loss.StrongConvexity : dice.Magnitude(0.1, 10);
            var (w, x, y) = Draw(loss, dice, radius);
            double[] g = Gradient(loss, w, x, y), near = [.. w.Select(value => value + 1e-4 * dice.Gaussian())], h = Gradient(loss, near, x, y);
            slope = Math.Max(slope, Norm(g));
            double distance = Vectors.Distance(w, near);
            bend = Math.Max(bend, Vectors.Distance(g, h) / distance);
            least = Math.Min(least, g.Select((value, k) => (h[k] - value) * (near[k] - w[k])).Sum() / (distance * distance));
        }
        Assert.InRange(slope, 0.5 * loss.Lipschitz, loss.Lipschitz);
        Assert.InRange(bend, 0.35 * loss.Smoothness, loss.Smoothness * (1 + 1e-6));
        if (double.IsNaN(loss.StrongConvexity)) Assert.True(least < -0.01 * loss.Smoothness);
        else Assert.InRange(least, loss.StrongConvexity - 1e-6, loss.Smoothness);
    }

    [Fact]
    public void The_network_stays_within_0_and_1()
    {
        var (loss, dice) = (new TanhNetwork(3, 2), new Dice(43));
        for (int trial = 0; trial < Trials; trial++)
        {
            var (w, x, y) = Draw(loss, dice, 50);
            Assert.InRange(loss.Loss(w, x, y), 0, 1);
        }
    }

    [Fact]
    public void Penalized_weights_never_leave_their_ball()
    {
        var (loss, dice) = (new LogisticRegression(2, 0.2), new Dice(44));
        var w = new double[2];
        for (int step = 0; step < 2000; step++)
        {
            // Examples chosen to drive the weights out.
            double[] g = Gradient(loss, w, Norm(w) > 0 ? [.. w.Select(value => value / Norm(w))] : [1, 0], 1);
            double rate = dice.Between(0, 1 / loss.Smoothness);
            for (int k = 0; k < 2; k++) w[k] -= rate * g[k];
            Assert.InRange(Norm(w), 0, 1 / loss.StrongConvexity);
        }
        Assert.True(Norm(w) > 1);
    }

    [Fact]
    public void Twins_differ_in_one_example_which_the_first_has_not_seen()
    {
        var loss = new LogisticRegression(4);
        var samples = new TwinSamples(loss, 7, 20, 3, seed: 5, repetition: 2);
        ComponentSum<double> first = samples.Objective(new double[4], twin: false), second = samples.Objective(new double[4], twin: true);
        double[] w = [1, -2, 0.5, 3];
        int[] differing = [.. Enumerable.Range(0, 7).Where(i => first.Loss(i, w) != second.Loss(i, w))];
        Assert.Equal([3], differing);
        var others = new TwinSamples(loss, 7, 20, 3, seed: 5, repetition: 1).Objective(new double[4], twin: false);
        Assert.All(Enumerable.Range(0, 7), i => Assert.NotEqual(first.Loss(i, w), others.Loss(i, w)));
        // ½(ℓ(w′; z) − ℓ(w; z) + ℓ(w; z′) − ℓ(w′; z′)).
        double[] twin = [0, 1, 0, 0];
        Assert.Equal((first.Loss(3, twin) - first.Loss(3, w) + second.Loss(3, w) - second.Loss(3, twin)) / 2, samples.Replacement(w, twin), 1e-12);
    }

    private static (double[] W, double[] X, double Y) Draw(IExampleLoss loss, Dice dice, double radius)
    {
        double[] w = [.. Enumerable.Range(0, loss.Parameters).Select(_ => dice.Gaussian())], x = [.. Enumerable.Range(0, loss.Inputs).Select(_ => dice.Gaussian())];
        double scale = dice.Between(0, radius) / Norm(w), norm = Norm(x);
        return ([.. w.Select(value => value * scale)], [.. x.Select(value => value / norm)], dice.Below(2) == 0 ? 1 : -1);
    }

    private static double[] Gradient(IExampleLoss loss, double[] w, double[] x, double y)
    {
        var sum = new double[w.Length];
        loss.AddGradient(w, x, y, sum);
        return sum;
    }

    private static double Norm(double[] a) => Math.Sqrt(a.Sum(value => value * value));
}
