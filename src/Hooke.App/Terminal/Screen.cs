using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>Where text for people goes: a terminal, or a file or pipe, which gets whole lines and no colors.</summary>
internal sealed class Screen
{
    private const int PipeWidth = 200;
    private readonly TextWriter writer;
    private readonly bool isTerminal;

    /// <summary>Opens a screen.</summary>
    /// <param name="writer">Where the text goes.</param>
    /// <param name="isTerminal">Whether somebody watches.</param>
    public Screen(TextWriter writer, bool isTerminal)
    {
        (this.writer, this.isTerminal) = (writer, isTerminal);
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

    /// <summary>Everything that was warned of.</summary>
    public List<string> Warnings { get; } = [];

    public void Line(string text = "") => writer.WriteLine(text);

    public void Table(Table table) => Console.Write(table);

    /// <summary>A line in color, where there are colors.</summary>
    public void Line(string text, Color color)
    {
        if (IsLive) Console.Write(new Text(text + "\n", new Style(color)));
        else Line(text);
    }

    /// <summary>Tells of something that the program goes on after.</summary>
    public void Warn(string message)
    {
        Warnings.Add(message);
        ShowWarning(message);
    }

    /// <summary>Shows a warning that is already recorded.</summary>
    public void ShowWarning(string message) => Line($"warning: {message}", Color.Yellow);
}
