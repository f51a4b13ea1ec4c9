using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Hooke.Fuzz;

/// <summary>What was found at an input.</summary>
/// <param name="Format">The format.</param>
/// <param name="Number">The input's number.</param>
/// <param name="Text">What was wrong.</param>
internal sealed record Finding(string Format, long Number, string Text);

/// <summary>How the inputs of a format were taken.</summary>
internal sealed class Tally(string format)
{
    public string Format { get; } = format;

    public int Tried { get; private set; }

    public int Refused { get; private set; }

    public int Right { get; private set; }

    public double Slowest { get; private set; }

    public double MostMegabytes { get; private set; }

    public List<Finding> Findings { get; } = [];

    public void Count(long number, Verdict verdict, double seconds, double megabytes, string text)
    {
        Tried++;
        if (verdict == Verdict.Refused) Refused++;
        if (verdict == Verdict.Right) Right++;
        (Slowest, MostMegabytes) = (Math.Max(Slowest, seconds), Math.Max(MostMegabytes, megabytes));
        if (verdict == Verdict.Wrong) Findings.Add(new(Format, number, text));
    }
}

/// <summary>
/// Tries inputs of a format in child processes, which may not end by a signal, hang, or take much memory: a child that does is
/// ended, and another goes on with the next input.
/// </summary>
/// <param name="Seed">Seed of all changes.</param>
/// <param name="Count">Changed inputs.</param>
internal sealed record Campaign(ulong Seed, int Count)
{
    /// <summary>Greatest resident memory of an input, in bytes.</summary>
    public const long MostBytes = 1_000_000_000;

    // A child that takes twice as much is ended at once.
    private const long LimitBytes = 2 * MostBytes;
    private const double StartSeconds = 120, LookSeconds = 0.1, Waits = 6;

    /// <summary>Tries the valid input, those made by hand, and the changed ones.</summary>
    public Tally Run(InputFormat format)
    {
        Tally tally = new(format.Name);
        for (long next = -1 - format.Special.Count; next < Count;) next = RunChild(format, next, tally);
        return tally;
    }

    // Gives the input to go on with.
    private long RunChild(InputFormat format, long from, Tally tally)
    {
        string folder = Directory.CreateTempSubdirectory("hooke-fuzz-").FullName;
        ProcessStartInfo start = new("dotnet", [typeof(Program).Assembly.Location, Program.ChildWord, format.Name, Text(Seed), Text(from), Text(Count), folder])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true, WorkingDirectory = folder,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = LimitBytes.ToString("X", CultureInfo.InvariantCulture);
        using var child = Process.Start(start)!;
        using BlockingCollection<string?> lines = [];
        child.OutputDataReceived += (_, line) => lines.Add(line.Data);
        child.BeginOutputReadLine();
        long current = from, next = from;
        string? ended = null;
        try
        {
            double patience = StartSeconds;
            for (var clock = Stopwatch.StartNew(); ended is null;)
            {
                if (!lines.TryTake(out string? line, TimeSpan.FromSeconds(LookSeconds)))
                {
                    if (clock.Elapsed.TotalSeconds > patience) ended = $"hangs: not ended within {patience:f0} s";
                    else if (Resident(child) > LimitBytes) ended = $"takes more than {LimitBytes / 1e9:f0} GB of memory";
                    continue;
                }
                clock.Restart();
                string[] words = line?.Split(' ', 6) ?? [];
                switch (line is null ? "" : words[0])
                {
                    case "":
                        child.WaitForExit();
                        ended = $"the process ended with exit code {child.ExitCode}";
                        break;
                    case Child.Begins:
                        current = long.Parse(words[1], CultureInfo.InvariantCulture);
                        patience = Waits * format.Patience; // the process says itself what time it took
                        break;
                    case Child.Ended:
                        next = current + 1;
                        Note(format, tally, current, words);
                        break;
                    case Child.Done: return next;
                }
            }
            tally.Count(current, Verdict.Wrong, 0, 0, ended);
            return current + 1;
        }
        finally
        {
            child.Kill(entireProcessTree: true);
            child.WaitForExit();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Note(InputFormat format, Tally tally, long number, string[] words)
    {
        var verdict = Enum.Parse<Verdict>(words[2]);
        double seconds = double.Parse(words[3], CultureInfo.InvariantCulture), megabytes = double.Parse(words[4], CultureInfo.InvariantCulture);
        string text = words[5];
        if (verdict != Verdict.Right && number == -1) (verdict, text) = (Verdict.Wrong, $"the valid input is not read: {text}");
        else if (seconds > format.Patience) (verdict, text) = (Verdict.Wrong, $"took {seconds:f1} s {text}");
        else if (megabytes * 1e6 > MostBytes) (verdict, text) = (Verdict.Wrong, $"took {megabytes:f0} MB {text}");
        tally.Count(number, verdict, seconds, megabytes, text);
    }

    private static long Resident(Process child)
    {
        try
        {
            child.Refresh();
            return child.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0; // it has ended
        }
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
