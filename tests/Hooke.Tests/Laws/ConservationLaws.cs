using Hooke.Engine;
using Hooke.Methods;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Laws;

/// <summary>Law 4: symmetric elastic force conserves x̃ + Σxⁱ; no message is lost or counted twice.</summary>
public class ConservationLaws
{
    private const int Workers = 4;

    [Theory, MemberData(nameof(Variants.Symmetric), MemberType = typeof(Variants))]
    public void Elastic_exchange_conserves_the_sum_in_turns(string name)
        => Check(new(Variants.Find(name).For(Workers, period: 2), new Flat(7), Workers), star => Turns.Run(star, 40));

    [Theory, MemberData(nameof(Variants.Symmetric), MemberType = typeof(Variants))]
    public void Elastic_exchange_conserves_the_sum_on_threads(string name)
    {
        foreach (var (dimension, steps, fuse) in new[] { (7, 100, true), (7, 100, false), (65536 + 37, 6, true), (65536 + 37, 6, false) })
            Check(Threads.Prepare(Variants.Find(name).For(Workers, period: 2), new Flat(dimension), Workers, seed: 0), star => Play.Threads(star, steps * Workers, batch: 1, fuse));
    }

    private static void Check(Star<double> star, Action<Star<double>> run)
    {
        using (star)
        {
            foreach (var worker in star.Workers)
                for (int k = 0; k < worker.X.Length; k++) worker.X[k] = Math.PI * (worker.Index + 1) + 0.001 * (k % 1000);
            var before = Sum(star);
            run(star);
            Assert.InRange(Play.Distance(before, Sum(star)), 0, 1e-12);
            Assert.True(star.Center[0] > 1);
        }
    }

    /// <summary>x̃ + Σxⁱ, with what is still on its way to a worker whose exchange overlaps its steps.</summary>
    private static double[] Sum(Star<double> star)
    {
        var sum = star.Center.ToArray();
        var vectors = MemoryArchive<double>.Of(star).Vectors;
        foreach (var worker in star.Workers)
        {
            bool onItsWay = worker.Steps % star.Method.Schedule.Period != 0 && star.Method.Order == Order.Overlapped;
            for (int k = 0; k < sum.Length; k++)
            {
                sum[k] += worker.X[k];
                if (onItsWay) sum[k] += vectors[$"worker.{worker.Index}.visit"][k];
            }
        }
        return sum;
    }
}
