using System.Text;

namespace Hooke.App.Terminal;

/// <summary>
/// Text to a place that may fail: a full disk, a pipe whose reader is gone, a terminal that hung up. What can't be written is lost, is
/// told once, and ends nothing.
/// </summary>
/// <param name="writer">Where the text goes.</param>
/// <param name="isTerminal">Whether somebody watches.</param>
internal sealed class GuardedWriter(TextWriter writer, bool isTerminal) : TextWriter
{
    private readonly Lock gate = new();

    /// <summary>Whether somebody watches.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>Whether something was lost.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Told, once, why text is lost.</summary>
    public Action<string> Lost { get; set; } = _ => { };

    public override Encoding Encoding => writer.Encoding;

    public override void Write(char value) => Attempt(value, static (writer, value) => writer.Write(value));

    public override void Write(string? value) => Attempt(value, static (writer, value) => writer.Write(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine() => Attempt(0, static (writer, _) => writer.WriteLine());

    public override void WriteLine(string? value) => Attempt(value, static (writer, value) => writer.WriteLine(value));

    public override void Flush() => Attempt(0, static (writer, _) => writer.Flush());

    private void Attempt<TValue>(TValue value, Action<TextWriter, TValue> write)
    {
        string reason;
        lock (gate)
        {
            if (HasLost) return;
            try
            {
                write(writer, value);
                return;
            }
            catch (Exception trouble) when (trouble is not OutOfMemoryException)
            {
                HasLost = true;
                reason = trouble.Message;
            }
        }
        Lost(reason.ReplaceLineEndings(" "));
    }
}
