using Hooke.App.Training;
using Hooke.Engine.Checkpoints;
using Hooke.Models.Data;

namespace Hooke.Fuzz;

/// <summary>What became of a changed input.</summary>
internal enum Verdict
{
    /// <summary>It was refused as bad input, by name.</summary>
    Refused,

    /// <summary>It was read, and as a plain reader reads it, or as what it was before.</summary>
    Right,

    /// <summary>It was read as something else, refused without its name, or met an error that is none of bad input.</summary>
    Wrong,
}

/// <summary>How one input was taken.</summary>
/// <param name="Verdict">What became of it.</param>
/// <param name="Text">What was said of it.</param>
internal sealed record Outcome(Verdict Verdict, string Text);

/// <summary>A format that is read, and how what was read of it is checked.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="File">Name of the input's file in a folder of its own.</param>
/// <param name="Valid">A valid input.</param>
/// <param name="Read">
/// Reads the file at a path, and compares what was read with what a plain reader of a few lines makes of its bytes: null if it is
/// right, else what is wrong. Throws what the reader throws.
/// </param>
internal sealed record InputFormat(string Name, string File, byte[] Valid, Func<string, string?> Read)
{
    private const int ShortestReason = 20;

    /// <summary>How it is changed.</summary>
    public Func<byte[], Dice, byte[]> Mutate { get; init; } = Mutations.Bytes;

    /// <summary>Mends checksums of a changed input, so that what they guard is attacked as well.</summary>
    public Func<byte[], byte[]> Mend { get; init; } = bytes => bytes;

    /// <summary>Puts what belongs beside the file into the folder, before every input.</summary>
    public Action<string> Prepare { get; init; } = _ => { };

    /// <summary>What a refusal must name one of: the file if nothing is said; none if options are what is refused.</summary>
    public IReadOnlyList<string>? Named { get; init; }

    /// <summary>Inputs made by hand.</summary>
    public IReadOnlyList<byte[]> Special { get; init; } = [];

    /// <summary>The changed input of a number, where that is no change of the valid one; null for changes.</summary>
    public Func<long, byte[]>? Numbered { get; init; }

    /// <summary>Seconds of processor time that an input may take; where it waits, six times as many.</summary>
    public double Patience { get; init; } = 5;

    /// <summary>The input of a number: the valid one for −1, those made by hand for less, else a changed one.</summary>
    public byte[] Input(ulong seed, long number)
    {
        if (number == -1) return Valid;
        if (number < -1) return Special[(int)(-2 - number)];
        return Numbered is not null ? Numbered(number) : Mend(Mutate(Valid, Dice.Of(seed, Name, number)));
    }

    /// <summary>Tries an input in a folder.</summary>
    public Outcome Try(string folder, byte[] input)
    {
        Prepare(folder);
        string path = Path.Combine(folder, File);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, input);
        try
        {
            return Read(path) is { } wrong ? new(Verdict.Wrong, wrong) : new(Verdict.Right, "");
        }
        catch (Exception refused) when (refused is BadInputException or InvalidFileException or InvalidDataSetException)
        {
            var names = Named ?? [Path.GetFileName(File)];
            string message = refused.Message.ReplaceLineEndings(" ").Trim();
            return names.Count > 0 && !names.Any(name => message.Contains(name, StringComparison.Ordinal)) ? new(Verdict.Wrong, $"refused without naming {names[0]}: {message}")
                : message.Length < ShortestReason ? new(Verdict.Wrong, $"refused without a reason: {message}")
                : new(Verdict.Refused, message);
        }
        catch (Exception failure)
        {
            string? where = failure.StackTrace?.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.StartsWith("at Hooke.", StringComparison.Ordinal));
            return new(Verdict.Wrong, $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")} {where}");
        }
    }
}
