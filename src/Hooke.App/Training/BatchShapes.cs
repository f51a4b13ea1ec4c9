using System.Globalization;
using Hooke.Methods;
using Hooke.Methods.Catalog;
using Hooke.Models.Nets;
using Hooke.Theory.ModifiedEquations;

namespace Hooke.App.Training;

/// <summary>Reads and writes courses of the batch size as text: <c>32</c>, or <c>32@5000*0.001^512</c>, which grows by a factor e^0.001 an update after update 5000, up to 512.</summary>
internal static class BatchShapes
{
    private const string Constant = "constant", Optimal = "optimal";
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

    /// <summary>The course of a run's batch size; null if it does not change. An optimal one is estimated once, and kept in the run file.</summary>
    public static BatchShape? Resolve(RunFile file, Recipe recipe, Network network, int workers, ulong seed, int batch, long samples, Action<string> notice)
    {
        string schedule = file.Derive("batch-schedule", Setting.DefaultOf("batch-schedule"));
        bool isOptimal = schedule == Optimal || schedule.StartsWith(Optimal + ":");
        if (!isOptimal && file["batch-course"] is { } stray) throw new BadInputException($"batch-course is {stray}; it must be given with batch-schedule {Optimal} only");
        if (schedule == Constant) return null;
        if (recipe.For(workers).FullBatch) throw new BadInputException($"batch-schedule is {schedule}; {recipe.Name} has full batches, so it must be {Constant}");
        if (!isOptimal) return schedule.Contains('@') ? Parse("batch-schedule", schedule) : throw Setting.Wrong("batch-schedule", schedule, $"{Constant}, {Optimal}, {Optimal}:γ, or SIZE@BATCH*RATE^MOST");
        double? cost = schedule == Optimal ? null : Setting.Number("batch-schedule's cost", schedule[(Optimal.Length + 1)..], double.Epsilon, double.MaxValue, "a finite number above 0");
        if (file["batch-course"] is null)
        {
            double rate = Setting.Number("learning-rate", file["learning-rate"] ?? "", double.Epsilon, double.MaxValue, "a finite number above 0");
            string timing = file["timing"] ?? (recipe.IsSequential ? "" : Setting.Dashed(recipe.Timings[0].ToString()));
            double staleness = timing is "asynchronous" or "overlapped" ? 1 - 1.0 / workers : 0;
            var slope = SlopeEstimate.Of<float>(network, seed, batch, rate);
            var course = OptimalBatch.ForSamples(slope.Curvature, staleness, rate, slope.Noise, cost, batch, samples);
            notice(string.Create(CultureInfo.InvariantCulture, $"batches grow from {course.Size} after batch {Math.Max(0, course.From):n0} to {course.Most}: curvature {slope.Curvature:g4} and noise {slope.Noise:g4} along the first gradient, staleness {staleness:g4}"));
            file.Derive("batch-course", Text(course));
        }
        return Parse("batch-course", file["batch-course"]!);
    }

    /// <summary>Batches until so many samples are given.</summary>
    public static long Count(BatchShape shape, long samples)
    {
        long count = 0;
        for (long given = 0; given < samples; count++) given += shape.At(count);
        return count;
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) is >= 1 and <= Largest and var number ? number : throw new FormatException();
}
