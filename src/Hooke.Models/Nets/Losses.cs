using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>Losses and their derivatives by a network's outputs.</summary>
internal static unsafe class Losses
{
    /// <summary>Sums losses over rows and turns the outputs into derivatives.</summary>
    /// <param name="loss">Which loss.</param>
    /// <param name="kernels">Inner loops.</param>
    /// <param name="outputs">Outputs; overwritten with factor · ∂loss/∂output.</param>
    /// <param name="rows">How many of them.</param>
    /// <param name="answers">Shape of a row: (answers, 1, numbers in an answer).</param>
    /// <param name="labels">Where there are classes, a label for each answer of each row.</param>
    /// <param name="targets">What to reconstruct, or the numbers to predict; unused by classifiers.</param>
    /// <param name="factor">What to scale the derivatives by, one over the batch size.</param>
    public static double Sum(Loss loss, IKernels kernels, Rows outputs, int rows, Shape answers, ReadOnlySpan<int> labels, Rows targets, float factor) => loss switch
    {
        Loss.CrossEntropy => CrossEntropy(kernels, outputs, rows, answers, labels, factor),
        Loss.SquaredError => SquaredError(outputs, rows, answers, labels, factor),
        Loss.ReconstructionCrossEntropy => Bernoulli(kernels, outputs, answers.Count, rows, targets, factor),
        Loss.ReconstructionSquaredError => Squares(outputs, answers.Count, rows, targets, factor) / 2,
        _ => Squares(outputs, answers.Count, rows, targets, 2 * factor),
    };

    /// <summary>
    /// The loss that is reported, summed over rows: of autoencoders the squared error of a reconstruction, which the Survey's
    /// table 1 compares whatever is minimized; of others the loss itself. The outputs are lost.
    /// </summary>
    public static double Report(Loss loss, IKernels kernels, Rows outputs, int rows, Shape answers, ReadOnlySpan<int> labels, Rows targets)
    {
        for (int r = 0; r < rows && loss == Loss.ReconstructionCrossEntropy; r++) kernels.Activate(Activation.Sigmoid, outputs.At(r), Panels.Padded(answers.Count));
        return loss is Loss.ReconstructionCrossEntropy or Loss.ReconstructionSquaredError ? Squares(outputs, answers.Count, rows, targets, 1)
            : Sum(loss, kernels, outputs, rows, answers, labels, targets, 1);
    }

    /// <summary>Counts answers whose greatest output (the first of them) is not at the label.</summary>
    public static int Wrong(Rows outputs, int rows, Shape answers, ReadOnlySpan<int> labels)
    {
        int wrong = 0;
        for (int k = 0; k < rows * answers.Height; k++)
            if (Greatest(Answer(outputs, answers, k)) != labels[k]) wrong++;
        return wrong;
    }

    /// <summary>Counts answers of which a number is off by more than a tolerance, or is no number.</summary>
    public static int Wrong(Rows outputs, int rows, Shape answers, Rows targets, double tolerance)
    {
        int wrong = 0;
        for (int k = 0; k < rows * answers.Height; k++)
        {
            var y = Answer(outputs, answers, k);
            var t = Answer(targets, answers, k);
            bool right = true;
            for (int j = 0; j < y.Length; j++) right &= Math.Abs((double)y[j] - t[j]) <= tolerance;
            if (!right) wrong++;
        }
        return wrong;
    }

    /// <summary>The first of the greatest numbers; something wrong for rows that hold a NaN.</summary>
    public static int Greatest(ReadOnlySpan<float> y)
    {
        int best = 0;
        for (int j = 1; j < y.Length; j++)
            if (!(y[j] <= y[best])) best = j;
        return best;
    }

    /// <summary>The numbers of an answer, counted through all rows.</summary>
    private static Span<float> Answer(Rows rows, Shape answers, int index)
    {
        int size = answers.Width * answers.Channels;
        return new(rows.At(index / answers.Height) + index % answers.Height * size, size);
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

    private static double CrossEntropy(IKernels kernels, Rows outputs, int rows, Shape answers, ReadOnlySpan<int> labels, float factor)
    {
        double sum = 0;
        for (int k = 0; k < rows * answers.Height; k++)
        {
            var y = Answer(outputs, answers, k);
            float greatest = y[Greatest(y)];
            for (int j = 0; j < y.Length; j++) y[j] -= greatest;
            sum -= y[labels[k]];
        }
        kernels.Exponentiate(outputs.At(0), rows * outputs.Stride);
        for (int k = 0; k < rows * answers.Height; k++)
        {
            var y = Answer(outputs, answers, k);
            float total = 0;
            foreach (float e in y) total += e;
            sum += Math.Log(total);
            float scale = factor / total;
            for (int j = 0; j < y.Length; j++) y[j] = y[j] * scale is < Kernels.Least ? 0 : y[j] * scale;
            y[labels[k]] -= factor;
        }
        return sum;
    }

    private static double SquaredError(Rows outputs, int rows, Shape answers, ReadOnlySpan<int> labels, float factor)
    {
        double sum = 0;
        for (int k = 0; k < rows * answers.Height; k++)
        {
            var y = Answer(outputs, answers, k);
            y[labels[k]] -= 1;
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
}
