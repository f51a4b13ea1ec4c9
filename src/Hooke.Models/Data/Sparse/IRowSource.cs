namespace Hooke.Models.Data;

/// <summary>Takes sparse rows.</summary>
internal interface IRowSink
{
    /// <summary>Takes a row.</summary>
    /// <param name="label">Its label.</param>
    /// <param name="indices">Features that are not zero, from 0, rising.</param>
    /// <param name="values">Their values.</param>
    void Take(float label, ReadOnlySpan<int> indices, ReadOnlySpan<float> values);
}

/// <summary>Sparse rows in pieces that threads may read at once, each as often as needed.</summary>
internal interface IRowSource
{
    /// <summary>Number of pieces.</summary>
    int Pieces { get; }

    /// <summary>Reads a piece.</summary>
    /// <param name="piece">Which, from 0.</param>
    /// <param name="sink">Takes its rows, in order.</param>
    void Read<TSink>(int piece, TSink sink) where TSink : IRowSink;
}
