using System.Security.Cryptography;
using System.Text;

namespace Hooke.Claims;

/// <summary>How the values of several seeds become one.</summary>
internal enum Take
{
    /// <summary>The middle one, the larger of the middle two if there are two.</summary>
    Median,

    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The smallest.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>A figure that is stated somewhere, what it is measured by, and what it must keep to.</summary>
internal sealed record Row
{
    /// <summary>Its name, which pages that state the figure give.</summary>
    public required string Id { get; init; }

    /// <summary>accuracy, speed, failures or papers.</summary>
    public required string Part { get; init; }

    /// <summary>Whether the part quick has it as well.</summary>
    public bool Quick { get; init; }

    /// <summary>What is claimed, in words, with the unit.</summary>
    public required string Claim { get; init; }

    /// <summary>The page that states it.</summary>
    public required string Stated { get; init; }

    /// <summary>The command, words divided by spaces; {seed} stands for the seed, {scratch} for a folder that outlives the command.</summary>
    public required string Run { get; init; }

    /// <summary>The figure as an <see cref="Expression"/> of the JSON document that the command prints.</summary>
    public required string Value { get; init; }

    /// <summary>What it must keep to.</summary>
    public required Bound Bound { get; init; }

    /// <summary>The seeds, or just the numbers of the repetitions.</summary>
    public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>How their values become one.</summary>
    public Take Take { get; init; }

    /// <summary>What one repetition takes on two idle cores, by estimate.</summary>
    public required double Minutes { get; init; }

    /// <summary>What must be installed, by the names of <c>needs.json</c>.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>How many processes keep the machine busy meanwhile.</summary>
    public int Busy { get; init; }

    /// <summary>What the value is a value of: rows whose command or formula was changed have none. Bounds, words and the number of seeds don't matter.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Run}\n{Value}\n{Busy}")))[..12];

    /// <summary>The command of a seed.</summary>
    public Job Job(int seed, string scratch)
        => new([.. Run.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace("{seed}", $"{seed}").Replace("{scratch}", scratch))], Minutes, Busy);

    /// <summary>One value of those of all seeds.</summary>
    public double Of(IReadOnlyCollection<double> values) => Take switch
    {
        Take.Mean => values.Average(),
        Take.Min => values.Min(),
        Take.Max => values.Max(),
        _ => values.Order().ElementAt(values.Count / 2),
    };
}
