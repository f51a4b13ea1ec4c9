using System.Globalization;
using Hooke.Methods;

namespace Hooke.App.Training;

/// <summary>Reads and writes courses of the batch size as text: <c>32</c>, or <c>32@5000*0.001^512</c>, which grows by a factor e^0.001 an update after update 5000, up to 512.</summary>
internal static class BatchShapes
{
    private const int Largest = 1 << 20;
    private const string Allowed = "a whole number from 1 to 1048576, or such a number that grows: SIZE@UPDATE*RATE^MOST, for example 32@5000*0.001^512";

    /// <summary>Reads a batch size.</summary>
    public static BatchShape Parse(string name, string text)
    {
        try
        {
            if (text.Split('@') is not [var size, var growth]) return new ConstantBatch(Whole(text));
            if (growth.Split('*') is not [var from, var rest] || rest.Split('^') is not [var rate, var most]) throw new FormatException();
            var shape = new GrowingBatch(Whole(size), Number(from), Number(rate), Whole(most));
            return double.IsFinite(shape.From) && shape.Rate is >= 0 and <= 100 && shape.Most >= shape.Size ? shape : throw new FormatException();
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            throw Setting.Wrong(name, text, Allowed);
        }
    }

    /// <summary>Writes a batch size so that it reads back as the same.</summary>
    public static string Text(BatchShape shape) => shape switch
    {
        GrowingBatch g => string.Create(CultureInfo.InvariantCulture, $"{g.Size}@{g.From:R}*{g.Rate:R}^{g.Most}"),
        _ => shape.At(0).ToString(CultureInfo.InvariantCulture),
    };

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is >= 1 and <= Largest and var number ? number : throw new FormatException();
}
