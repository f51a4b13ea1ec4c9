using System.Globalization;

namespace Hooke.App.Launching;

/// <summary>
/// What rank 0 tells the launcher: lines of its output that no person sees. It says every half second that it is there, and in the end that the result is saved.
/// </summary>
internal sealed class Words : IDisposable
{
    private const char Mark = '\u0001';
    private const string SavedWord = "saved";
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(0.5), patience = TimeSpan.FromSeconds(1);
    private readonly TextWriter output;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;

    /// <summary>Says from now on that this process is there.</summary>
    /// <param name="output">Where the launcher listens.</param>
    public Words(TextWriter output)
    {
        this.output = output;
        thread = new(() =>
        {
            do Say(Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            while (!ended.Wait(pause));
        }) { Name = "words to the launcher", IsBackground = true };
        thread.Start();
    }

    /// <summary>Says that the result is saved, and no more.</summary>
    public void Saved()
    {
        End();
        Say(SavedWord);
    }

    public void Dispose()
    {
        End();
        ended.Dispose();
    }

    private void End()
    {
        ended.Set();
        thread.Join(patience); // a launcher that does not read may hold it up
    }

    private void Say(string word)
    {
        try
        {
            output.WriteLine($"{Mark}{word}");
            output.Flush();
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The launcher has ended, and ends this process.
        }
    }

    /// <summary>Takes a word out of a line; what stands before it belongs to the next line.</summary>
    /// <param name="line">What rank 0 printed.</param>
    /// <param name="rest">The line without the word.</param>
    /// <returns>The word, or null if there is none.</returns>
    public static string? Take(string line, out string rest)
    {
        int at = line.IndexOf(Mark);
        rest = at < 0 ? line : line[..at];
        return at < 0 ? null : line[(at + 1)..];
    }

    /// <summary>Whether a word says that the result is saved; else it is rank 0's process.</summary>
    public static bool IsSaved(string word, out int process) => !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out process) && word == SavedWord;
}
