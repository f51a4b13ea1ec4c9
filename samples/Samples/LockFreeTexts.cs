using Hooke.Engine;
using Hooke.Models.Linear;

namespace Hooke.Samples;

/// <summary>Logistic regression without locks: two workers on one model, in floats and in low precision.</summary>
public static class LockFreeTexts
{
    public static (double Floats, double LowPrecision) Run(TextWriter output)
    {
        // 8,293 texts of some 50 words, as sparse rows.
        var data = LinearDataCatalog.Load("reuters-shaped", intercept: true, new(2, (pieces, perform) => Hogwild.Share(2, pieces, perform), _ => 0));

        double Train(LinearOptions options)
        {
            // Every worker has its own copy of the model, and merges the hottest coordinates every 32 steps.
            using var model = new LinearModel(data, options with { Hot = int.MaxValue, MergeEvery = 32 }, seed: 1);
            var outcome = Hogwild.Run(model, workers: 2, seed: 1, new(Samples: 5L * data.TrainCount, LearningRate: 0.5));
            return outcome.Run.Last!.TrainLoss;
        }

        double floats = Train(new()), low = Train(new() { Precision = new(DataBits: 8, ModelBits: 16), Range = 32 });
        output.WriteLine($"training loss without locks: {floats:f4} in floats, {low:f4} with 8-bit data and a 16-bit model");
        return (floats, low);
    }
}
