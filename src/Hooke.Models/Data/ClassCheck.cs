using System.Globalization;

namespace Hooke.Models.Data;

/// <summary>The check that every set with classes passes when it is loaded, whatever its format and whoever learns from it.</summary>
internal static class ClassCheck
{
    /// <summary>So many classes are named in a message.</summary>
    private const int Named = 5;

    /// <summary>Checks the labels of a data set.</summary>
    /// <inheritdoc cref="Examine(string, int, Func{int, string}, long[], long[], Action{string})"/>
    public static void Examine(DataSet data, Action<string>? notice)
    {
        if (data.Target != TargetKind.Label) return;
        var (train, test) = (Count(data.Classes, data.TrainLabels), Count(data.Classes, data.TestLabels));
        Examine(data.Name, data.Classes, c => NameOf(data, c), train, test, notice);
    }

    /// <summary>There must be two classes that training has; what training or test lacks is said.</summary>
    /// <param name="name">The data set.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="nameOf">Names a class.</param>
    /// <param name="train">Training examples of each class.</param>
    /// <param name="test">Test examples of each class.</param>
    /// <param name="notice">Told of what is lacking, if not null.</param>
    /// <exception cref="InvalidDataSetException">Training examples are of one class.</exception>
    public static void Examine(string name, int classes, Func<int, string> nameOf, long[] train, long[] test, Action<string>? notice)
    {
        int[] Where(Func<int, bool> holds) => [.. Enumerable.Range(0, classes).Where(holds)];
        int[] taught = Where(c => train[c] > 0), untaught = Where(c => train[c] == 0 && test[c] > 0);
        int[] untested = Where(c => train[c] > 0 && test[c] == 0), absent = Where(c => train[c] == 0 && test[c] == 0);
        if (taught.Length < 2)
            throw new InvalidDataSetException(string.Create(CultureInfo.InvariantCulture,
                $"{name}: all {train.Sum():N0} training examples are of class "
                    + $"{nameOf(taught[0])}{(untaught.Length > 0 ? $", and test examples of {List(untaught)}" : "")}; "
                    + $"there must be training examples of at least 2 classes"));
        if (untaught.Length > 0)
            notice?.Invoke($"{name}: there are no training examples of {List(untaught)}, so test "
                + $"examples of {Them(untaught)} will all be wrong");
        if (untested.Length > 0)
            notice?.Invoke($"{name}: there are no test examples of {List(untested)}, so the test error says nothing of {Them(untested)}");
        if (absent.Length > 0)
            notice?.Invoke($"{name}: there are no examples of {List(absent)} at all, though labels leave room for {Them(absent)}");

        string List(int[] which) => $"class{(which.Length > 1 ? "es" : "")} "
            + $"{string.Join(", ", which.Take(Named).Select(nameOf))}{(which.Length > Named ? $" and {which.Length - Named} more" : "")}";
        static string Them(int[] which) => which.Length > 1 ? "them" : "it";
    }

    private static string NameOf(DataSet data, int label)
        => data.Names.Classes.Count > label ? data.Names.Classes[label] : label.ToString(CultureInfo.InvariantCulture);

    private static long[] Count(int classes, ReadOnlySpan<int> labels)
    {
        long[] counts = new long[classes];
        foreach (int label in labels) counts[label]++;
        return counts;
    }
}
