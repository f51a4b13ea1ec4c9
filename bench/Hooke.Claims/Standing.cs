namespace Hooke.Claims;

/// <summary>How a row stands.</summary>
/// <param name="Row">The row.</param>
/// <param name="Entry">Its last complete values, of whatever commit, or null.</param>
/// <param name="Failure">Why the last command gave no figure, if it did not; the values are older then.</param>
/// <param name="FailedOn">On which commit that was.</param>
internal sealed record Standing(Row Row, Entry? Entry, string? Failure, string? FailedOn)
{
    /// <summary>How a row stands by the ledger.</summary>
    public static Standing Of(Row row, Ledger ledger)
    {
        var failure = ledger.Failure(row);
        return new(row, ledger.Last(row), failure?.Failure, failure?.Commit);
    }

    /// <summary>The figure, or null.</summary>
    public double? Value => Entry is null ? null : Row.Of([.. Row.Seeds.Select(seed => Entry.Values[seed])]);

    /// <summary>Whether the figure keeps to its bound; null if there is none. A command that failed keeps to nothing.</summary>
    public bool? Holds => Failure is not null ? false : Value is { } value ? Row.Bound.Holds(value) : null;

    /// <summary>The figure, and the smallest and largest of its seeds.</summary>
    public string Figure
    {
        get
        {
            if (Value is not { } value) return "";
            double[] values = [.. Row.Seeds.Select(seed => Entry!.Values[seed])];
            return values.Length == 1 ? Bound.Text(value) : $"{Bound.Text(value)} ({Bound.Text(values.Min())} to {Bound.Text(values.Max())})";
        }
    }

    /// <summary>yes, no, failed or not run.</summary>
    public string Word => Failure is not null ? $"failed on {FailedOn}: {Failure}" : Holds switch { true => "yes", false => "**no**", null => "not run" };
}
