namespace Hooke.Theory.ModifiedEquations;

/// <summary>How well a law fits observed staleness.</summary>
/// <param name="Law">The law.</param>
/// <param name="LogLikelihood">Mean log-likelihood of an observation.</param>
/// <param name="Distance">Total variation ½ Σ |observed − fitted|, from 0 to 1.</param>
public sealed record FittedLaw(StalenessLaw Law, double LogLikelihood, double Distance);

/// <summary>
/// Estimates the staleness law of a run, so that its modified equations can be drawn beside it: of largest likelihood, given a
/// histogram whose last bucket may hold all that is older.
/// </summary>
public static class StalenessFit
{
    /// <summary>Geometric: μ = mean/(1 + mean). [AnLuYing18, assumption 1]</summary>
    /// <param name="mean">Mean staleness.</param>
    /// <param name="histogram">Numbers of observations of staleness 0, 1, 2, ….</param>
    public static FittedLaw Geometric(double mean, IReadOnlyList<long> histogram)
        => Judge([new(1, Math.Min(Check.AtLeast0("mean staleness", mean) / (1 + mean), 1 - 1e-5))], histogram);

    /// <summary>A sum of exponentials, by expectation maximization from spread starting points. [AnLuYing18, sec. 2]</summary>
    /// <param name="mean">Mean staleness.</param>
    /// <param name="histogram">Numbers of observations of staleness 0, 1, 2, ….</param>
    /// <param name="exponentials">How many, from 1 to 8.</param>
    public static FittedLaw Mixture(double mean, IReadOnlyList<long> histogram, int exponentials)
    {
        if (exponentials is < 1 or > 8) throw new ArgumentException($"exponentials is {exponentials}; it must be from 1 to 8");
        var simple = Geometric(mean, histogram);
        if (exponentials == 1 || mean <= 0) return simple;
        double total = Total(histogram);
        var terms = new Exponential[exponentials];
        for (int j = 0; j < exponentials; j++)
        {
            // Means spread around the observed one, by factors of 3.
            double center = mean * Math.Pow(3, j - (exponentials - 1) / 2.0);
            terms[j] = new(1.0 / exponentials, center / (1 + center));
        }
        double last = double.NegativeInfinity;
        for (int round = 0; round < 5000; round++)
        {
            var (weight, age) = (new double[exponentials], new double[exponentials]);
            double likelihood = 0;
            for (int l = 0; l < histogram.Count; l++)
            {
                if (histogram[l] == 0) continue;
                bool open = IsOpen(histogram, l);
                double sum = terms.Sum(t => Probability(t, l, open)), part = histogram[l] / total;
                likelihood += part * Math.Log(sum);
                for (int j = 0; j < exponentials; j++)
                {
                    double share = part * Probability(terms[j], l, open) / sum;
                    weight[j] += share;
                    // Older than the last bucket by the term's own mean, for it is memoryless.
                    age[j] += share * (open ? l + terms[j].Staleness / (1 - terms[j].Staleness) : l);
                }
            }
            for (int j = 0; j < exponentials; j++)
            {
                double own = weight[j] > 1e-12 ? age[j] / weight[j] : 0;
                terms[j] = new(Math.Max(weight[j], 1e-12), Math.Min(own / (1 + own), 1 - 1e-5));
            }
            if (likelihood - last < 1e-12 * Math.Abs(likelihood)) break;
            last = likelihood;
        }
        // Terms that have met are one.
        var distinct = new List<Exponential>();
        foreach (var term in terms.Where(t => t.Weight > 1e-9).OrderByDescending(t => t.Weight))
        {
            int same = distinct.FindIndex(t => Math.Abs(t.Staleness - term.Staleness) < 1e-4);
            if (same < 0) distinct.Add(term);
            else distinct[same] = distinct[same] with { Weight = distinct[same].Weight + term.Weight };
        }
        if (distinct.Count == 1) return simple;
        double all = distinct.Sum(t => t.Weight);
        return Judge([.. distinct.Select(t => t with { Weight = t.Weight / all })], histogram);
    }

    private static FittedLaw Judge(Exponential[] terms, IReadOnlyList<long> histogram)
    {
        double sum = terms.Sum(t => t.Weight), total = Total(histogram), likelihood = 0, distance = 0, rest = 1;
        for (int l = 0; l < histogram.Count; l++)
        {
            bool open = IsOpen(histogram, l);
            double p = terms.Sum(t => Probability(t, l, open)) / sum, observed = histogram[l] / total;
            rest -= p;
            distance += Math.Abs(observed - p);
            if (histogram[l] > 0) likelihood += observed * Math.Log(p);
        }
        return new(StalenessLaw.Mixture([.. terms.Select(t => t with { Weight = t.Weight / sum })]), likelihood, (distance + Math.Max(0, rest)) / 2);
    }

    private static double Probability(Exponential term, int l, bool open) => term.Weight * Math.Pow(term.Staleness, l) * (open ? 1 : 1 - term.Staleness);

    /// <summary>A histogram of the full number of buckets holds in the last all that is older.</summary>
    private static bool IsOpen(IReadOnlyList<long> histogram, int l) => l == histogram.Count - 1 && histogram.Count == Runs.Staleness.Buckets;

    private static double Total(IReadOnlyList<long> histogram)
    {
        double total = histogram.Sum();
        return total > 0 ? total : throw new ArgumentException("the staleness histogram is empty; it must have at least 1 observation");
    }
}
