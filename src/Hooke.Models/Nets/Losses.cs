namespace Hooke.Models.Nets;

/// <summary>Losses and their derivatives by a network's outputs.</summary>
internal static unsafe class Losses
{
    /// <summary>Sums losses over rows and turns the outputs into derivatives.</summary>
    /// <param name="loss">Which loss.</param>
    /// <param name="kernels">Inner loops.</param>
    /// <param name="outputs">Outputs; overwritten with factor · ∂loss/∂output.</param>
    /// <param name="count">Outputs per row.</param>
    /// <param name="labels">The rows' labels.</param>
    /// <param name="targets">What to reconstruct, or the single target of each row; unused by classifiers.</param>
    /// <param name="factor">What to scale the derivatives by, one over the batch size.</param>
    /// <param name="wrong">Receives the number of rows whose greatest output (the first of them) is not at the label; 0 where there are no labels.</param>
    public static double Sum(Loss loss, IKernels kernels, Rows outputs, int count, ReadOnlySpan<int> labels, Rows targets, float factor, out int wrong)
    {
        wrong = 0;
        return loss switch
        {
            Loss.CrossEntropy => CrossEntropy(kernels, outputs, count, labels, factor, out wrong),
            Loss.SquaredError => SquaredError(outputs, count, labels, factor, out wrong),
            Loss.ReconstructionCrossEntropy => Bernoulli(kernels, outputs, count, labels.Length, targets, factor),
            Loss.ReconstructionSquaredError => Squares(outputs, count, labels.Length, targets, factor) / 2,
            _ => Squares(outputs, count, labels.Length, targets, 2 * factor),
        };
    }

    private static double Bernoulli(IKernels kernels, Rows outputs, int count, int rows, Rows targets, float factor)
    {
        const int Part = 256;
        float* losses = stackalloc float[Part];
        double sum = 0;
        for (int r = 0; r < rows; r++)
            for (int i = 0; i < count; i += Part)
            {
                int part = Math.Min(Part, count - i);
                kernels.Bernoulli(outputs.At(r) + i, targets.At(r) + i, losses, Panels.Padded(part), factor);
                float total = 0;
                for (int j = 0; j < part; j++) total += losses[j];
                sum += total;
            }
        return sum;
    }

    private static double Squares(Rows outputs, int count, int rows, Rows targets, float factor)
    {
        double sum = 0;
        for (int r = 0; r < rows; r++)
        {
            float* y = outputs.At(r), t = targets.At(r);
            for (int j = 0; j < count; j++)
            {
                float difference = y[j] - t[j];
                sum += (double)difference * difference;
                y[j] = factor * difference;
            }
        }
        return sum;
    }

    private static double CrossEntropy(IKernels kernels, Rows outputs, int classes, ReadOnlySpan<int> labels, float factor, out int wrong)
    {
        double sum = 0;
        wrong = 0;
        for (int r = 0; r < labels.Length; r++)
        {
            Span<float> y = new(outputs.At(r), classes);
            int best = Greatest(y);
            float greatest = y[best];
            for (int j = 0; j < y.Length; j++) y[j] -= greatest;
            sum -= y[labels[r]];
            if (best != labels[r]) wrong++;
        }
        kernels.Exponentiate(outputs.At(0), labels.Length * outputs.Stride);
        for (int r = 0; r < labels.Length; r++)
        {
            Span<float> y = new(outputs.At(r), classes);
            float total = 0;
            foreach (float e in y) total += e;
            sum += Math.Log(total);
            float scale = factor / total;
            // What can't matter is dropped before it becomes denormal, which would slow the products down a hundredfold.
            for (int j = 0; j < y.Length; j++) y[j] = y[j] * scale is < 1e-30f ? 0 : y[j] * scale;
            y[labels[r]] -= factor;
        }
        return sum;
    }

    private static double SquaredError(Rows outputs, int classes, ReadOnlySpan<int> labels, float factor, out int wrong)
    {
        double sum = 0;
        wrong = 0;
        for (int r = 0; r < labels.Length; r++)
        {
            Span<float> y = new(outputs.At(r), classes);
            if (Greatest(y) != labels[r]) wrong++;
            y[labels[r]] -= 1;
            double squares = 0;
            for (int j = 0; j < y.Length; j++)
            {
                squares += (double)y[j] * y[j];
                y[j] *= factor;
            }
            sum += squares / 2;
        }
        return sum;
    }

    /// <summary>The first of the greatest outputs; something wrong for rows that hold a NaN.</summary>
    private static int Greatest(ReadOnlySpan<float> y)
    {
        int best = 0;
        for (int j = 1; j < y.Length; j++)
            if (!(y[j] <= y[best])) best = j;
        return best;
    }
}
