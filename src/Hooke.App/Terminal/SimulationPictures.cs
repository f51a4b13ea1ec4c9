using System.Globalization;
using System.Security;
using System.Text;
using Hooke.App.Simulation;
using Hooke.App.Training;
using Hooke.Runs;

namespace Hooke.App.Terminal;

/// <summary>Pictures of simulated runs, as SVG: a sweep's curves, how old messages were, what everyone did with their time.</summary>
internal static class SimulationPictures
{
    private const int Width = 760, Left = 70, Right = 130, Top = 58, PlotHeight = 240;
    private const string Grid = "#e5e8eb";
    private static readonly string[] Colors = ["#1f6f8b", "#c8553d", "#588157", "#7b5ea7", "#b8860b", "#3d5a80", "#9c6644", "#2a9d8f"];

    /// <summary>Test error, or test loss, against virtual seconds, a line for every number of workers.</summary>
    public static string Sweep(string title, IReadOnlyList<Simulated> runs)
    {
        var yardstick = Yardstick.Of([.. runs.SelectMany(run => run.Points)]);
        (string Name, (double X, double Y)[] Points)[] lines = [.. runs.Select(run => ($"p = {run.Result.Workers}",
            run.Points.Where(point => point.Seconds > 0 && double.IsFinite(yardstick.Shown(point))).Select(point => (point.Seconds, yardstick.Shown(point))).ToArray())).Where(line => line.Item2.Length > 1)];
        var text = SvgPage.Begin(Width, Top + PlotHeight + 50, title, $"{yardstick.Title} against virtual seconds (logarithmic)");
        if (lines.Length == 0) return End(text);
        double left = Math.Log10(lines.Min(line => line.Points[0].X)), right = Math.Log10(lines.Max(line => line.Points[^1].X));
        // First points would flatten everything else: lines come in from above.
        double low = lines.Min(line => line.Points.Min(point => point.Y)), high = lines.Max(line => line.Points.Skip(line.Points.Length > 2 ? 1 : 0).Max(point => point.Y));
        (low, high) = (low - 0.04 * (high - low), high + 0.04 * (high - low) + 1e-9);
        double X(double x) => Left + (Width - Left - Right) * (Math.Log10(x) - left) / Math.Max(right - left, 1e-9);
        double Y(double y) => Top + PlotHeight * (high - y) / (high - low);
        for (double power = Math.Floor(left); power <= right; power++)
            foreach (int digit in (int[])[1, 2, 5])
                if (digit * Math.Pow(10, power) is var tick && Math.Log10(tick) >= left && Math.Log10(tick) <= right)
                    text.Append(CultureInfo.InvariantCulture, $"""<path d="M{X(tick):f1} {Top}V{Top + PlotHeight}" stroke="{Grid}"/><text x="{X(tick):f1}" y="{Top + PlotHeight + 17}" text-anchor="middle">{tick:g3} s</text>""");
        Levels(text, low, high, Y, Width - Right);
        text.Append(CultureInfo.InvariantCulture, $"""<clipPath id="plot"><rect x="{Left - 2}" y="{Top}" width="{Width - Left - Right + 4}" height="{PlotHeight}"/></clipPath>""");
        double below = double.NegativeInfinity;
        foreach (var (line, k) in lines.Select((line, k) => (line, k)).OrderBy(each => each.line.Points[^1].Y).Reverse())
        {
            string color = Colors[k % Colors.Length];
            text.Append(CultureInfo.InvariantCulture, $"""<path clip-path="url(#plot)" fill="none" stroke="{color}" stroke-width="2" stroke-linejoin="round" d="M{string.Join('L', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):f1} {Y(point.Y):f1}")))}"/>""");
            below = Math.Max(Y(line.Points[^1].Y) + 4, below + 13);
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{Width - Right + 8}" y="{below:f1}" fill="{color}">{line.Name}: {line.Points[^1].Y:g4}</text>""");
        }
        return End(text);
    }

    /// <summary>How many messages were how old.</summary>
    public static string Staleness(string title, StalenessSummary staleness)
    {
        long[] counts = staleness.Histogram.Length == 0 ? [0] : staleness.Histogram;
        var text = SvgPage.Begin(Width, Top + PlotHeight + 50, title, string.Create(CultureInfo.InvariantCulture, $"age of messages in center updates: mean {staleness.Mean:f2}, at most {staleness.Max}"));
        double high = Math.Max(1, counts.Max()), step = (double)(Width - Left - 30) / counts.Length;
        double Y(double y) => Top + PlotHeight * (1 - y / high);
        Levels(text, 0, high, Y, Width - 30);
        for (int age = 0; age < counts.Length; age++)
            text.Append(CultureInfo.InvariantCulture, $"""<rect x="{Left + age * step:f2}" y="{Y(counts[age]):f2}" width="{Math.Max(0.5, step * 0.86):f2}" height="{Top + PlotHeight - Y(counts[age]):f2}" fill="{Colors[0]}"/>""");
        int every = Math.Max(1, (int)Math.Ceiling(counts.Length / 16.0));
        for (int age = 0; age < counts.Length; age += every)
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{Left + (age + 0.43) * step:f1}" y="{Top + PlotHeight + 17}" text-anchor="middle">{age}{(age == 255 ? "+" : "")}</text>""");
        return End(text);
    }

    /// <summary>What workers did with their time, and how busy links were.</summary>
    public static string Utilization(string title, RunResult result, IReadOnlyList<WorkerAccount> workers)
    {
        const int RowHeight = 20, MostWorkers = 16, From = 150;
        int shown = Math.Min(workers.Count, MostWorkers);
        var links = result.Cluster!.Links.Where(link => link.Count > 0).ToArray();
        var text = SvgPage.Begin(Width, Top + (shown + links.Length) * RowHeight + 46, title, workers.Count > shown ? $"shares of time of the first {shown} of {workers.Count} workers, and of the links" : "shares of time");
        (string Name, Func<WorkerAccount, double> Part)[] parts = [("compute", w => w.Compute), ("data", w => w.Data), ("communication", w => w.Communication), ("waiting", w => w.Waiting)];
        string[] colors = [Colors[0], Colors[2], Colors[1], "#c9d1d9"];
        double wide = Width - From - 60, span = Math.Max(result.Seconds, double.Epsilon);
        int y = Top;
        for (int k = 0; k < shown; k++, y += RowHeight)
        {
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{From - 8}" y="{y + 13}" text-anchor="end">worker {workers[k].Worker}</text>""");
            double x = From;
            for (int part = 0; part < parts.Length; part++)
            {
                double width = wide * parts[part].Part(workers[k]) / span;
                text.Append(CultureInfo.InvariantCulture, $"""<rect x="{x:f2}" y="{y + 2}" width="{width:f2}" height="{RowHeight - 5}" fill="{colors[part]}"/>""");
                x += width;
            }
        }
        double label = From;
        for (int part = 0; part < parts.Length; part++, label += 110)
            text.Append(CultureInfo.InvariantCulture, $"""<rect x="{label}" y="{y + 6}" width="10" height="10" fill="{colors[part]}"/><text x="{label + 15}" y="{y + 15}">{parts[part].Name}</text>""");
        y += 28;
        foreach (var link in links)
        {
            text.Append(CultureInfo.InvariantCulture, $"""<text x="{From - 8}" y="{y + 13}" text-anchor="end">{SecurityElement.Escape(link.Name)}{(link.Count > 1 ? " (mean)" : "")}</text><rect x="{From}" y="{y + 2}" width="{wide:f1}" height="{RowHeight - 5}" fill="{Grid}"/>""");
            text.Append(CultureInfo.InvariantCulture, $"""<rect x="{From}" y="{y + 2}" width="{wide * Math.Min(1, link.MeanUtilization):f2}" height="{RowHeight - 5}" fill="{Colors[3]}"/><text x="{From + wide + 6}" y="{y + 13}">{100 * link.MeanUtilization:f1} %</text>""");
            y += RowHeight;
        }
        return End(text);
    }

    private static void Levels(StringBuilder text, double low, double high, Func<double, double> place, int right)
    {
        double raw = (high - low) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(raw))), step = new[] { 1.0, 2, 5, 10 }.First(multiple => multiple * power >= raw * 0.999) * power;
        for (double tick = Math.Ceiling(low / step) * step; tick <= high; tick += step)
            text.Append(CultureInfo.InvariantCulture, $"""<path d="M{Left} {place(tick):f1}H{right}" stroke="{Grid}"/><text x="{Left - 8}" y="{place(tick) + 4:f1}" text-anchor="end">{Math.Round(tick, 10):g6}</text>""");
    }

    private static string End(StringBuilder text) => text.Append("</svg>\n").ToString();
}
