namespace Hooke.App.Terminal;

/// <summary>Breaks text into lines.</summary>
internal static class Paragraph
{
    /// <summary>Lines of at most so many characters, broken between words; at least one.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line += line.Length == 0 ? word : " " + word;
        }
        yield return line;
    }
}
