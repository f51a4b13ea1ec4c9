using Hooke.Models.Data;
using Hooke.Problems;
using Xunit;

namespace Hooke.Tests.Models;

public sealed class ExampleStreamTests
{
    [Theory]
    [InlineData(100, 7)]
    [InlineData(64, 64)]
    [InlineData(10, 25)]
    public void A_partition_visits_each_example_once_per_epoch_whoever_claims_it(int examples, int batch)
    {
        int[] order = new int[3 * examples * batch];
        for (int step = 0; step < order.Length / batch; step++)
            new ExampleStream(new(), examples).Fill(new(9, step % 3, step, (long)step * batch, batch), order.AsSpan(step * batch, batch));
        for (int epoch = 0; epoch < 3; epoch++) Assert.Equal(Enumerable.Range(0, examples), order.AsSpan(epoch * examples, examples).ToArray().Order());
        Assert.NotEqual(order[..examples], order[examples..(2 * examples)]);
    }

    [Fact]
    public void A_draw_can_be_filled_in_parts()
    {
        foreach (var kind in Enum.GetValues<SamplingKind>())
            foreach (int batch in (int[])[90, Draw.Full])
            {
                ExampleStream stream = new(new(kind) { Chunk = 10 }, 100);
                Draw draw = new(1, 2, 3, 160, batch);
                int[] whole = new int[90], parts = new int[90];
                stream.Fill(draw, whole);
                stream.Fill(draw, 40, parts.AsSpan(40));
                stream.Fill(draw, parts.AsSpan(0, 40));
                Assert.Equal(whole, parts);
                if (batch == Draw.Full) Assert.Equal(Enumerable.Range(0, 90), whole);
            }
    }

    [Fact]
    public void A_pool_of_the_loaders_holds_one_chunk_of_each_in_the_claiming_workers_order()
    {
        Sampling sampling = new(SamplingKind.Loaders) { Loaders = 4, Chunk = 25, Batch = 30 };
        ExampleStream stream = new(sampling, 1000);
        Assert.Equal(100, stream.ClaimSize);
        for (int pool = 0; pool < 60; pool++)
        {
            int[] first = new int[100], second = new int[100];
            stream.Fill(new(5, 0, 17, pool * 100L, 100), first);
            new ExampleStream(sampling, 1000).Fill(new(5, 1, 99, pool * 100L, 100), second);
            Assert.Equal(first.Order(), second.Order());
            Assert.NotEqual(first, second);
            Assert.All(first, index => Assert.InRange(index, 0, 999));
        }
    }

    [Fact]
    public void Loaders_start_apart_and_cycle_through_all_examples_but_the_few_before_a_restart()
    {
        // One loader, a chunk of one example: the stream is its sequence.
        Sampling sampling = new(SamplingKind.Loaders) { Loaders = 1, Chunk = 1, Batch = 30 };
        ExampleStream stream = new(sampling, 1000);
        int[] sequence = [.. Enumerable.Range(0, 20_000).Select(q => At(stream, 5, q))];
        List<int> starts = [];
        for (int q = 1; q < sequence.Length; q++)
            if (sequence[q] != sequence[q - 1] + 1)
            {
                Assert.Equal(999, sequence[q - 1]);
                starts.Add(sequence[q]);
            }
        Assert.InRange(starts.Count, 19, 21);
        Assert.All(starts, start => Assert.InRange(start, 0, 1000 % 30));
        Assert.True(starts.Distinct().Count() > 3);
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => At(new(sampling, 1000), (ulong)seed, 0)).Distinct().Count());
        // Memory of where a loader was does not change the answer.
        Assert.Equal(sequence[3], At(stream, 5, 3));

        static int At(ExampleStream stream, ulong seed, long position)
        {
            Span<int> index = [0];
            stream.Fill(new(seed, 0, 0, position, 1), index);
            return index[0];
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(5000)]
    public void Loaders_shrink_to_the_data(int examples)
    {
        ExampleStream stream = new(new(SamplingKind.Loaders), examples);
        Assert.InRange(stream.ClaimSize, 1, Math.Min(examples, 4096));
        int[] indices = new int[300];
        for (int k = 0; k < 20; k++) stream.Fill(new(1, 0, 0, k * 300, 300), indices);
        Assert.All(indices, index => Assert.InRange(index, 0, examples - 1));
    }

    [Fact]
    public void Draws_with_replacement_are_uniform()
    {
        // 50 classes, 100,000 draws: chi-square with 49 degrees of freedom exceeds 85.4 with probability 0.001.
        ExampleStream stream = new(new(SamplingKind.Replacement), 50);
        int[] counts = new int[50], indices = new int[100];
        for (int step = 0; step < 1000; step++)
        {
            stream.Fill(new(1, 3, step, 0, 100), indices);
            foreach (int index in indices) counts[index]++;
        }
        Assert.InRange(counts.Sum(c => (c - 2000.0) * (c - 2000.0) / 2000), 0, 85.4);
    }
}
