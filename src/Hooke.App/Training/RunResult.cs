using System.Text.Json.Serialization;
using Hooke.App.LockFree;
using Hooke.App.Simulation;
using Hooke.Engine.Mpi;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>Mean seconds per worker, by what they went to.</summary>
internal sealed record TimeBreakdown(double Compute, double Data, double Communication, double Waiting);

/// <summary>Ages of messages when absorbed.</summary>
internal sealed record StalenessSummary(double Mean, long Max, long[] Histogram);

/// <summary>Where a run's numbers stopped being finite; the worker is null for the center, and the step then counts its updates.</summary>
internal sealed record DivergedAt(int? Worker, long Step, string What)
{
    public override string ToString() => Worker is { } worker ? $"worker {worker}, step {Step}: {What}" : $"the center, update {Step}: {What}";
}

/// <summary>How a run came out: the result of <c>train</c> for programs.</summary>
internal sealed record RunResult
{
    public required string Method { get; init; }
    public required string Model { get; init; }
    public required string Data { get; init; }
    public required int Workers { get; init; }
    public required ulong Seed { get; init; }
    public required double Epochs { get; init; }
    public required long Samples { get; init; }
    public double? TestError { get; init; }
    public double? BestTestError { get; init; }
    public double? TestLoss { get; init; }
    public double? BestTestLoss { get; init; }
    public double? TrainLoss { get; init; }

    /// <summary>On the validation examples, if there are any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationError { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BestValidationError { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationLoss { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BestValidationLoss { get; init; }

    /// <summary>What a best run, or point of a run, is chosen by: the validation examples if there are any, else the test examples.</summary>
    public string ChosenBy { get; init; } = Yardstick.Test;

    /// <summary>The test error, or loss where no answer is right or wrong, of the point that is best by what is chosen by.</summary>
    public double? ChosenTestError { get; init; }

    public double? ChosenTestLoss { get; init; }

    /// <summary>What the losses measure.</summary>
    public string Loss { get; init; } = "";
    public required double Seconds { get; init; }
    public required double WallSeconds { get; init; }
    public required TimeBreakdown Time { get; init; }
    public required long Exchanges { get; init; }
    public required long Dropped { get; init; }
    public required long Bytes { get; init; }
    public required StalenessSummary Staleness { get; init; }
    public double? Consensus { get; init; }
    public string? Run { get; init; }
    public required bool Stopped { get; init; }
    public DivergedAt? Diverged { get; init; }

    /// <summary>What a simulated cluster did; null for a run in real time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ClusterResult? Cluster { get; init; }

    /// <summary>What a run on a shared model adds; null for others.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SharedResult? Shared { get; init; }

    /// <summary>The processes of a run on MPI; null for any other.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<RankAccount>? Ranks { get; init; }

    /// <summary>Workers that such a run lost, and those that took their place.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MembershipChange>? Changes { get; init; }

    /// <summary>How often it was started again after its center was lost.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Restarts { get; init; }

    /// <summary>What was warned of: nothing that ended the run, but what a reader of the result should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The command that goes on with the run if it was stopped; null where none does.</summary>
    [JsonIgnore]
    public string? Continuation { get; init; }

    /// <summary>Whether neither the run folder nor any other place could take the result.</summary>
    [JsonIgnore]
    public bool Lost { get; init; }

    /// <summary>Sums a run up.</summary>
    public static RunResult Of(RunTitle run, string? folder, RunOutcome outcome, IReadOnlyList<TracePoint> points)
    {
        var last = outcome.Last ?? (points.Count > 0 ? points[^1] : null);
        // What the last finite point said is not what a diverged run reports.
        var reported = outcome.Divergence is null ? last : null;
        double Mean(Func<WorkerAccount, double> part) => last?.Workers.Average(part) ?? 0;
        return new()
        {
            Method = run.Method,
            Model = run.Model,
            Data = run.Data,
            Workers = run.Workers,
            Seed = run.Seed,
            Epochs = last?.Epochs ?? 0,
            Samples = last?.Samples ?? 0,
            TestError = reported?.TestError,
            BestTestError = points.Min(point => point.TestError),
            TestLoss = reported?.TestLoss,
            BestTestLoss = points.Min(point => (double?)point.TestLoss),
            Loss = run.Loss,
            TrainLoss = reported?.TrainLoss,
            ValidationError = reported?.ValidationError,
            BestValidationError = points.Min(point => point.ValidationError),
            ValidationLoss = reported?.ValidationLoss,
            BestValidationLoss = points.Min(point => point.ValidationLoss),
            ChosenBy = points.Any(point => point.ValidationLoss is not null) ? Yardstick.Validation : Yardstick.Test,
            ChosenTestError = Yardstick.Chosen(points)?.TestError,
            ChosenTestLoss = Yardstick.Chosen(points)?.TestLoss,
            Seconds = last?.Seconds ?? 0,
            WallSeconds = last?.WallSeconds ?? 0,
            Time = new(Mean(worker => worker.Compute), Mean(worker => worker.Data), Mean(worker => worker.Communication), Mean(worker => worker.Waiting)),
            Exchanges = last?.Exchanges ?? 0,
            Dropped = last?.Dropped ?? 0,
            Bytes = last?.Bytes ?? 0,
            Staleness = new(outcome.Staleness.Mean, outcome.Staleness.Maximum, outcome.Staleness.Histogram.ToArray()),
            Consensus = last?.Consensus,
            Run = folder,
            Stopped = outcome.Stopped,
            Diverged = outcome.Divergence is { } found ? new(found.Worker < 0 ? null : found.Worker, found.Step, found.What) : null,
        };
    }
}
