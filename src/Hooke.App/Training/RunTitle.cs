using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>What views and run folders need to know of a run, whatever runs.</summary>
/// <param name="File">The resolved run file.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Model">Name of the model.</param>
/// <param name="Parameters">How many the model has.</param>
/// <param name="Data">Name of the data set.</param>
/// <param name="Examples">Examples in an epoch.</param>
/// <param name="Workers">p.</param>
/// <param name="Seed">Seed of the run.</param>
internal sealed record RunTitle(RunFile File, string Method, string Model, long Parameters, string Data, long Examples, int Workers, ulong Seed)
{
    /// <summary>What the losses measure.</summary>
    public required string Loss { get; init; }

    /// <summary>What the data are told apart by; it takes a pass over them.</summary>
    public required Func<DataMark> Mark { get; init; }

    /// <summary>Examples that the run uses in all.</summary>
    public required long Samples { get; init; }

    /// <summary>What a model scores that has learned nothing.</summary>
    public required Func<ConstantAnswer> Constant { get; init; }

    /// <summary>Bytes of a checkpoint; 0 if none are written.</summary>
    public Func<long> CheckpointBytes { get; init; } = () => 0;
}
