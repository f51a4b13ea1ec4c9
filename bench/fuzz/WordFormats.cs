using System.Text;
using Hooke.App.Training;

namespace Hooke.Fuzz;

/// <summary>Options that are small languages of their own; a line of the file is tried for each.</summary>
internal static class WordFormats
{
    private const long Steps = 1000;

    /// <summary>Shapes of the learning rate: every factor is a number from 0 to 1.</summary>
    public static InputFormat Schedules() => new("schedules", "x.txt", Encoding.UTF8.GetBytes(
        "constant\ncosine\ncosine:500\ninverse\ninverse-sqrt:0.01\ndrops:100/5,300/2\nstagnation:50/2/3/10\nstagnation:50/2"), path => Each(path, word =>
        {
            var shape = RateShapes.Parse(word, Steps);
            foreach (long step in (long[])[0, 1, Steps / 2, Steps, long.MaxValue / 2])
                if (shape.Factor(step, 1) is not (>= 0 and <= 1) and var factor) return $"{word} makes the rate {factor} times as large at step {step}";
            return null;
        }))
    {
        Mutate = Mutations.Words,
        Named = ["schedule"],
    };

    /// <summary>Schedules of the batch: every batch has at least one example, and no more than the run.</summary>
    public static InputFormat BatchSchedules() => new("batch-schedules", "x.txt", Encoding.UTF8.GetBytes("16@1000*0.001^512\n1@500*0.01^64\n32@20000*0.1^1024"), path => Each(path, word =>
    {
        var shape = BatchShapes.Parse("batch-schedule", word);
        long count = BatchShapes.Count(shape, Steps);
        return count is >= 1 and <= Steps ? null : $"{word} makes {count} batches of {Steps} samples";
    }))
    {
        Mutate = Mutations.Words,
        Named = ["batch-schedule"],
    };

    private static string? Each(string path, Func<string, string?> judge)
    {
        foreach (string word in File.ReadAllLines(path))
        {
            try
            {
                if (judge(word) is { } wrong) return wrong;
            }
            catch (ArgumentException refused)
            {
                throw new BadInputException(refused.Message);
            }
        }
        return null;
    }
}
