using Hooke.Problems;

namespace Hooke.Models.Data;

/// <summary>Gives stored examples one by one, so that data larger than memory can be imported.</summary>
internal abstract class ExampleReader
{
    /// <summary>What the examples have in common.</summary>
    public abstract Layout Layout { get; }

    /// <summary>Statistics of the training inputs; null if nobody has measured them, which is allowed for bytes only.</summary>
    public virtual Channels? Statistics => null;

    /// <summary>Number of examples.</summary>
    public abstract int Count(Split split);

    /// <summary>Reads an input as it is stored.</summary>
    public abstract void ReadInput(Split split, int index, Span<byte> input);

    /// <summary>Reads a target as it is stored.</summary>
    public abstract void ReadTarget(Split split, int index, Span<byte> target);

    /// <summary>The data set; what is neither in memory nor mapped is read into memory.</summary>
    public virtual DataSet ToDataSet() => new(Layout, ToMemory(Split.Training), ToMemory(Split.Test), Statistics);

    /// <summary>Examples that are in memory or mapped.</summary>
    public static ExampleReader Of(DataSet data) => new Stored(data);

    private Examples ToMemory(Split split)
    {
        int count = Count(split);
        Region inputs = Region.Allocate(count * Layout.InputBytes), targets = Region.Allocate(count * Layout.TargetBytes);
        for (int k = 0; k < count; k++)
        {
            ReadInput(split, k, inputs.Writable<byte>(k * Layout.InputBytes, (int)Layout.InputBytes));
            ReadTarget(split, k, targets.Writable<byte>(k * Layout.TargetBytes, (int)Layout.TargetBytes));
        }
        return new(count, inputs, targets);
    }

    private sealed unsafe class Stored(DataSet data) : ExampleReader
    {
        public override Layout Layout => data.Layout;

        public override Channels Statistics => data.Statistics;

        public override DataSet ToDataSet() => data;

        public override int Count(Split split) => data.Of(split).Count;

        public override void ReadInput(Split split, int index, Span<byte> input) => Copy(data.Of(split).Inputs, index, input);

        public override void ReadTarget(Split split, int index, Span<byte> target) => Copy(data.Of(split).Targets, index, target);

        private void Copy(Region from, int index, Span<byte> to)
        {
            new ReadOnlySpan<byte>(from.Pointer + (long)index * to.Length, to.Length).CopyTo(to);
            GC.KeepAlive(data);
        }
    }
}
