using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>Where text for people goes: a terminal, or a file or pipe, which gets whole lines and no colors.</summary>
internal sealed class Screen
{
    /// <summary>What a line that warns begins with.</summary>
    public const string Warning = "warning: ";

    private const int PipeWidth = 200;
    private readonly TextWriter writer, warned;
    private readonly bool isTerminal;
    private readonly List<string> warnings = [];

    /// <summary>Opens a screen.</summary>
    /// <param name="writer">Where the text goes.</param>
    /// <param name="isTerminal">Whether somebody watches.</param>
    /// <param name="warned">Where warnings go, if not to the same place.</param>
    public Screen(TextWriter writer, bool isTerminal, TextWriter? warned = null)
    {
        (this.writer, this.isTerminal, this.warned) = (writer, isTerminal, warned ?? writer);
        Console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal) Console.Profile.Width = PipeWidth;
    }

    public IAnsiConsole Console { get; }

    /// <summary>Whether what was written can be written over.</summary>
    public bool IsLive => isTerminal && Console.Profile.Capabilities is { Ansi: true, Interactive: true };

    /// <summary>Columns.</summary>
    public int Width => Console.Profile.Width;

    /// <summary>Lines.</summary>
    public int Height => Console.Profile.Height;

    /// <summary>Everything that was warned of, once.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Told of every warning that is recorded, if not null.</summary>
    public Action<string>? Recorded { get; set; }

    public void Line(string text = "") => writer.WriteLine(text);

    public void Table(Table table) => Console.Write(table);

    /// <summary>A line in color, where there are colors.</summary>
    public void Line(string text, Color color)
    {
        if (IsLive) Console.Write(new Text(text + "\n", new Style(color)));
        else Line(text);
    }

    /// <summary>Tells of something that the program goes on after: for people, and for programs in the result's <c>warnings</c>.</summary>
    public void Warn(string message)
    {
        Record(message);
        ShowWarning(message);
    }

    /// <summary>Records a warning that is shown elsewhere.</summary>
    public void Record(string message)
    {
        if (warnings.Contains(message)) return;
        warnings.Add(message);
        Recorded?.Invoke(message);
    }

    /// <summary>Puts what was warned of earlier before all else.</summary>
    public void Recall(IEnumerable<string> earlier) => warnings.InsertRange(0, earlier.Except(warnings).ToList());

    /// <summary>Shows a warning that is already recorded.</summary>
    public void ShowWarning(string message)
    {
        if (IsLive) Line(Warning + message, Color.Yellow);
        else warned.WriteLine(Warning + message);
    }
}
