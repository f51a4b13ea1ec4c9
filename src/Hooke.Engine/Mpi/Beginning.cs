namespace Hooke.Engine.Mpi;

/// <summary>How a worker that joins begins.</summary>
internal enum Beginning
{
    /// <summary>At its start.</summary>
    Fresh,
    /// <summary>From its state in a checkpoint.</summary>
    Restore,
    /// <summary>From its clocks in a checkpoint and the center's parameters.</summary>
    RestoreNumbers,
    /// <summary>From the center's parameters, in the place of a worker that is gone.</summary>
    FromCenter,
}
