namespace Hooke.App.Training;

/// <summary>A method and the learning rates that it is run with; none stands for its own.</summary>
internal sealed record GridEntry(string Method, params IReadOnlyList<double> LearningRates);

/// <summary>The methods and learning rates that the thesis compares. [Zhang16, tables 4.1–4.3; in 4.3 DOWNPOUR's rate depends on p]</summary>
internal static class ThesisGrids
{
    private static readonly double[] Sequential = [0.05, 0.01, 0.005], Msgd = [0.001, 0.0005, 0.0001], Easgd = [0.05, 0.01, 0.005], Eamsgd = [0.01, 0.005, 0.001],
        Downpour = [0.005, 0.001, 0.0005], Mdownpour = [0.00005, 0.00001, 0.000005];

    public static IReadOnlyDictionary<string, GridEntry[]> All { get; } = new Dictionary<string, GridEntry[]>
    {
        ["table-4.1"] =
        [
            new("easgd", Easgd), new("eamsgd", Eamsgd), new("downpour", Downpour), new("adownpour", Downpour), new("mvadownpour", Downpour), new("mdownpour", Mdownpour),
            new("sgd", Sequential), new("asgd", Sequential), new("mvasgd", Sequential), new("msgd", Msgd),
        ],
        ["table-4.2"] =
        [
            new("easgd", Easgd), new("eamsgd", Eamsgd), new("downpour", Downpour), new("mdownpour", Mdownpour),
            new("sgd", Sequential), new("asgd", Sequential), new("mvasgd", Sequential), new("msgd", Msgd),
        ],
        ["table-4.3"] =
        [
            new("easgd", 0.1), new("eamsgd", 0.001), new("downpour", 0.02, 0.01),
            new("sgd", 0.05), new("asgd", 0.05), new("mvasgd", 0.05), new("msgd", 0.0005),
        ],
    };
}
