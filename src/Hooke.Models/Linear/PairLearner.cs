using System.Runtime.CompilerServices;
using Hooke.Problems;
using Hooke.Runs;

namespace Hooke.Models.Linear;

/// <summary>One worker's steps on long dense rows of floats, which it takes two by two; the last of an odd number alone.</summary>
internal sealed unsafe class PairLearner<TLoss>(LinearModel model, int worker, int workers)
    : LinearLearner<float, DenseKernel<float, float>, TLoss>(model, new(model.Rows), worker, workers) where TLoss : struct, ILinearLoss
{
    private readonly DensePairs pairs = new(model.Rows);
    private readonly PairScores[] scores = new PairScores[model.Outputs];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Steps(ReadOnlySpan<int> examples, ReadOnlySpan<float> rates, ReadOnlySpan<StepClock> clocks)
    {
        bool isScored = false; // whether the last pair's pass has taken this pair's scores
        int at = 0;
        for (; at + 2 <= examples.Length; at += 2)
        {
            bool more = at + 4 <= examples.Length;
            for (int output = 0; output < scores.Length; output++)
            {
                float* w = PlaceOf(output).Whole;
                if (!isScored) scores[output] = pairs.Score(examples[at], examples[at + 1], w);
                var (first, second, product) = scores[output];
                float a = -rates[at] * Slope(examples[at], first, output);
                float b = -rates[at + 1] * Slope(examples[at + 1], a == 0 ? second : second + a * product, output);
                // Where nothing is to be added nothing is written: it might undo what others add.
                if (more && a == 0 && b == 0) scores[output] = pairs.Score(examples[at + 2], examples[at + 3], w);
                else if (more) scores[output] = pairs.AddAndScore(examples[at], a, examples[at + 1], b, w, examples[at + 2], examples[at + 3]);
                else
                {
                    if (a != 0) Add(examples[at], a, output);
                    if (b != 0) Add(examples[at + 1], b, output);
                }
            }
            isScored = !(EndStep(rates[at], clocks) | EndStep(rates[at + 1], clocks));
        }
        base.Steps(examples[at..], rates[at..], clocks);
    }
}
