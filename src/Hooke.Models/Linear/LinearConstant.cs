using Hooke.Runs;

namespace Hooke.Models.Linear;

/// <summary>Finds what the best scores are worth that are the same for every example.</summary>
internal static class LinearConstant
{
    /// <summary>The frequencies, or the mean, of the training rows, as the answer to every test row.</summary>
    public static ConstantAnswer Of(LinearData data, LinearModel model)
    {
        double[] means = new double[model.Outputs], counts = new double[Math.Max(2, data.Classes.Count)];
        for (int row = 0; row < data.TrainCount; row++)
        {
            for (int output = 0; output < means.Length; output++) means[output] += model.TargetOf(data.Rows.Target(row), output) / (double)data.TrainCount;
            if (model.CountsWrong) counts[(int)data.Rows.Target(row)]++;
        }
        int most = Array.IndexOf(counts, counts.Max());
        double loss = 0;
        long wrong = 0;
        for (int row = data.Rows.Count - data.TestCount; row < data.Rows.Count; row++)
        {
            float target = data.Rows.Target(row);
            for (int output = 0; output < means.Length; output++) loss += Loss(model.Options.Loss, means[output], model.TargetOf(target, output), data.TrainCount);
            if (model.CountsWrong && (int)target != most) wrong++;
        }
        double? error = model.CountsWrong ? Math.Min((double)wrong / data.TestCount, 1 - 1.0 / Math.Max(2, data.Classes.Count)) : null;
        return new(error, model.TargetScaling.Variance * loss / data.TestCount, data.TestCount);
    }

    // The best score where y = 1 with frequency (1 + m)/2: log-odds, the more frequent side of the margin, or the mean.
    private static double Loss(LinearLossKind kind, double mean, double y, int examples) => kind switch
    {
        LinearLossKind.Logistic => -Math.Log(Math.Max((1 + mean * y) / 2, 0.5 / examples)),
        LinearLossKind.Hinge => 1 - Math.Sign(y * mean),
        _ => (y - mean) * (y - mean) / 2,
    };
}
