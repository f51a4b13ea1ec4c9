using System.Text;
using Spectre.Console;

namespace Hooke.App.Terminal;

/// <summary>Where text for people goes: a terminal, or a file or pipe, which gets whole lines and no colors.</summary>
internal sealed class Screen
{
    /// <summary>What a line that warns begins with.</summary>
    public const string Warning = "warning: ";

    private const int PipeWidth = 200, NarrowestTable = 20, UsualWidth = 80, UsualHeight = 24;
    private readonly GuardedWriter writer, warned;
    private readonly bool isTerminal;
    private readonly List<string> warnings = [];

    /// <summary>Opens a screen.</summary>
    /// <param name="writer">Where the text goes.</param>
    /// <param name="warned">Where warnings go, if not to the same place.</param>
    public Screen(GuardedWriter writer, GuardedWriter? warned = null)
    {
        (this.writer, this.warned, isTerminal) = (writer, warned ?? writer, writer.IsTerminal);
        Console = AnsiConsole.Create(new()
        {
            Out = new Place(writer),
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

    /// <summary>A line that is written over, where somebody watches; an empty one takes it away.</summary>
    public void Moving(string text)
    {
        // A line as wide as the terminal makes some terminals wrap.
        if (IsLive) writer.Write($"\r\e[2K{(text.Length < Width ? text : text[..Math.Max(0, Width - 1)])}");
    }

    public void Table(Table table)
    {
        if (!isTerminal || Console.Profile.Width >= NarrowestTable)
        {
            Console.Write(table);
            return;
        }
        // What does not fit wraps; drawn as narrow as that, nothing would be left of it.
        int width = Console.Profile.Width;
        Console.Profile.Width = PipeWidth;
        Console.Write(table);
        Console.Profile.Width = width;
    }

    /// <summary>A line in color, where there are colors.</summary>
    public void Line(string text, Color color)
    {
        if (IsLive && Width > text.Length) Console.Write(new Text(text + "\n", new Style(color)));
        else Line(text);
    }

    /// <summary>Whether something that was to be shown or written beside the result is lost.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Something is lost that is not the result: it is warned of, and the exit code tells.</summary>
    public void Lose(string message)
    {
        HasLost = true;
        Warn(message);
    }

    /// <summary>Tells of something that the program goes on after: for people, and for programs in the result's <c>warnings</c>.</summary>
    /// <param name="message">What.</param>
    /// <param name="isOfEnd">Whether it is true of how the run is now, and not of one that goes on from here.</param>
    public void Warn(string message, bool isOfEnd)
    {
        Record(message, isOfEnd);
        ShowWarning(message);
    }

    /// <summary>Tells of something that the program goes on after.</summary>
    public void Warn(string message) => Warn(message, isOfEnd: false);

    /// <summary>Records a warning that is shown elsewhere.</summary>
    public void Record(string message, bool isOfEnd = false)
    {
        if (warnings.Contains(message)) return;
        warnings.Add(message);
        if (!isOfEnd) Recorded?.Invoke(message);
    }

    /// <summary>Puts what was warned of earlier before all else.</summary>
    public void Recall(IEnumerable<string> earlier) => warnings.InsertRange(0, earlier.Except(warnings).ToList());

    /// <summary>Shows a warning that is already recorded.</summary>
    public void ShowWarning(string message)
    {
        if (IsLive) Line(Warning + message, Color.Yellow);
        else warned.WriteLine(Warning + message);
    }

    /// <summary>Where the console library writes; a terminal that does not know its size has the usual one.</summary>
    private sealed class Place(GuardedWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => writer.IsTerminal;

        public int Width => Size(() => System.Console.WindowWidth, UsualWidth);

        public int Height => Size(() => System.Console.WindowHeight, UsualHeight);

        public void SetEncoding(Encoding encoding) { } // the writer's own

        private static int Size(Func<int> ask, int usual)
        {
            try
            {
                return ask() is > 0 and var size ? size : usual;
            }
            catch (IOException)
            {
                return usual;
            }
        }
    }
}
