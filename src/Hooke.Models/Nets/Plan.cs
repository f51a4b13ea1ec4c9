using Hooke.Models.Data;

namespace Hooke.Models.Nets;

/// <summary>Makes layers that compute of a description's layers.</summary>
internal static class Plan
{
    // The floats of scratch memory that a chunk should need: 8 MB, so that what one layer writes is in a cache when the next reads it.
    private const int ScratchFloats = 2 << 20;

    private const int SmallestChunk = 8, LargestChunk = 256;

    /// <summary>The layers, with what can be done in one pass joined.</summary>
    public static IEnumerable<ILayer> Layers(NetworkSpec spec, Shape input, Shape answers)
    {
        var layers = spec.Layers(answers);
        var shapes = spec.Shapes(input, answers);
        int blocks = 0, allBlocks = layers.Select((layer, k) => layer is DropoutLayer ? Dropout.Blocks(shapes[k].Count) : 0).Sum();
        int convolutions = 0, denses = 0;
        bool first = true, single = layers.Count(layer => layer.Parameters(new(1, 1, 1)) > 0) == 1;
        for (int k = 0; k < layers.Count; k++)
        {
            Shape shape = shapes[k];
            var next = k + 1 < layers.Count ? layers[k + 1] : null;
            bool rectified = layers.Skip(k + 1).FirstOrDefault(layer => layer is ActivationLayer or DenseLayer or ConvolutionLayer) is ActivationLayer { Function: Activation.Relu };
            Start Begin(int inputs) => spec.InitialWeights == InitialWeights.Sparse ? new(spec.InitialScale, 15, spec.InitialBias)
                : new(single ? 0.01 : Math.Sqrt((rectified ? 2.0 : 1.0) / inputs), 0, spec.InitialBias);
            switch (layers[k])
            {
                case ConvolutionLayer convolution:
                    yield return new Convolution($"conv{++convolutions}", convolution, shape, Begin(convolution.Height * convolution.Width * shape.Channels), first);
                    first = false;
                    break;
                case DenseLayer dense:
                    yield return new Dense($"linear{++denses}", shape, dense.Units, Begin(shape.Count), first);
                    first = false;
                    break;
                case RecurrentLayer recurrent:
                    yield return new Recurrent("recurrent1", recurrent, shape, spec.InitialBias);
                    first = false;
                    break;
                case ActivationLayer { Function: Activation.Relu } when next is PoolingLayer pooling:
                    yield return new Pooling(pooling, shape, true);
                    k++;
                    break;
                case PoolingLayer pooling:
                    yield return new Pooling(pooling, shape, false);
                    break;
                case ActivationLayer activation:
                    bool drops = next is DropoutLayer;
                    yield return new Nonlinearity(shape.Count, shape.Channels, activation.Function, drops ? Drop((DropoutLayer)next!, shape) : null);
                    if (drops) k++;
                    break;
                case DropoutLayer dropout:
                    yield return new Nonlinearity(shape.Count, shape.Channels, null, Drop(dropout, shape));
                    break;
            }
        }

        Dropout Drop(DropoutLayer dropout, Shape shape)
        {
            Dropout made = new(dropout.Rate!.Value, blocks, allBlocks);
            blocks += Dropout.Blocks(shape.Count);
            return made;
        }
    }

    /// <summary>Floating-point operations of an example's products: outputs, derivatives by weights, and by inputs except the first layer's.</summary>
    public static long Flops(NetworkSpec spec, Shape input, Shape answers)
    {
        var layers = spec.Layers(answers);
        var shapes = spec.Shapes(input, answers);
        long products = 0;
        bool first = true;
        for (int k = 0; k < layers.Count; k++)
        {
            long own = layers[k].Products(shapes[k]);
            if (own == 0) continue;
            products += 3 * own;
            if (first) products -= layers[k] is RecurrentLayer recurrent ? own - (long)shapes[k].Height * recurrent.Units * recurrent.Units : own;
            first = false;
        }
        return 2 * products;
    }

    /// <summary>Examples in a chunk.</summary>
    public static int ChunkSize(IEnumerable<ILayer> layers)
        => Math.Clamp((int)(ScratchFloats / layers.Sum(layer => (long)layer.Scratch)) & ~7, SmallestChunk, LargestChunk);
}
