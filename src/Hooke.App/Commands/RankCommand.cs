using System.CommandLine;
using System.Globalization;
using Hooke.App.Launching;
using Hooke.App.Training;
using Hooke.Engine.Mpi;

namespace Hooke.App.Commands;

/// <summary><c>hooke rank</c>: one process of a run on MPI, as <c>hooke launch</c> starts it.</summary>
internal static class RankCommand
{
    public static Command Create()
    {
        var command = new Command("rank", "One process of a run on MPI; hooke launch starts it.") { Hidden = true };
        var place = new Argument<string>("run") { Description = "the run's folder, which only rank 0 opens" };
        var resume = new Option<bool>("--resume") { Description = "go on from the folder's checkpoint" };
        TextOption centers = new("centers", "Processes", "number", "ranks that hold the center", "1"), lease = new("lease", "Processes", "seconds", "a process that is silent for so long is given up", "10"),
            replacements = new("replacements", "Processes", "number", "lost workers that rank 0 may replace", "0"), several = new("workers-per-rank", "Processes", "number", "workers of a rank", "1"), replaces = new("replaces", "Processes", "rank,size", "take the place of a lost rank of a job of so many"),
            refuge = new("refuge", "Processes", "folder", "where rank 0 saves the result if the run's folder fails"),
            exchanges = new("exchanges", "Benchmark", "number", "instead: parameters and number of exchanges to time"), steps = new("steps", "Benchmark", "number", "instead: timing, model, batch and number of periods whose steps to time");
        command.Arguments.Add(place);
        foreach (var option in (Option[])[resume, centers, lease, replacements, several, replaces, refuge, exchanges, steps]) command.Options.Add(option);
        command.SetBody(invocation =>
        {
            Lifeline.Watch();
            string folder = invocation.Parsed.GetValue(place)!;
            int[]? seat = invocation[replaces] is { } text ? Numbers(text) : null;
            using var world = seat is null ? MpiWorld.Open() : MpiWorld.Replace(seat[0], seat[1]);
            string silence = invocation[lease] ?? lease.Standard!;
            var options = new MpiOptions
            {
                Centers = int.Parse(invocation[centers] ?? centers.Standard!, CultureInfo.InvariantCulture),
                Lease = TimeSpan.FromSeconds(double.Parse(silence, CultureInfo.InvariantCulture)),
                WorkersPerRank = int.Parse(invocation[several] ?? several.Standard!, CultureInfo.InvariantCulture),
                Replacements = int.Parse(invocation[replacements] ?? replacements.Standard!, CultureInfo.InvariantCulture),
                ReplacementProgram = worker => [.. LaunchPlan.Rank(folder), "--lease", silence, "--replaces", $"{worker + 1},{world.Size}"],
            };
            if (invocation[exchanges] is { } sizes)
            {
                int[] numbers = Numbers(sizes);
                foreach (double seconds in ExchangeTimes.Measure(world, numbers[0], numbers[1])) invocation.Screen.Line(seconds.ToString("f9", CultureInfo.InvariantCulture));
                return ExitCode.Done;
            }
            if (invocation[steps] is { } timed)
            {
                foreach (double[] times in BenchMpi.TimeSteps(world, timed.Split(','))) invocation.Screen.Line(string.Join(' ', times.Select(seconds => seconds.ToString("f9", CultureInfo.InvariantCulture))));
                return ExitCode.Done;
            }
            if (world.Rank > 0)
            {
                try
                {
                    RankSession.Work(world, options);
                    return ExitCode.Done;
                }
                catch (Exception trouble)
                {
                    invocation.Fail(trouble.Message, ExitCode.Other);
                    world.Leave();
                    throw;
                }
            }
            using var words = new Words(Console.Out);
            return Keep(invocation, world, words, folder, invocation[refuge], invocation.Parsed.GetValue(resume), options);
        });
        return command;
    }

    private static int[] Numbers(string text) => [.. text.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static int Keep(Invocation invocation, MpiWorld world, Words words, string place, string? refuge, bool resume, MpiOptions options)
    {
        using var stop = new CancellationTokenSource();
        // The launcher's word, or its end, stops the run.
        new Thread(() =>
        {
            Console.In.ReadLine();
            try { stop.Cancel(); }
            catch (ObjectDisposedException) { } // the run is over
        }) { Name = "launcher's word", IsBackground = true }.Start();
        try
        {
            world.Attend(options.Lease, stop.Token);
            using var folder = RunFolder.Open(place, invocation.Screen.Warn);
            if (refuge is not null) folder.Refuge = refuge;
            RankSession.Keep(world, folder, invocation.View(), resume, options, stop.Token);
            words.Saved();
            return ExitCode.Done;
        }
        catch (Exception trouble)
        {
            if (RankSession.IsExpected(trouble)) new FailureNote(place).Write(trouble);
            world.Abort();
            throw;
        }
    }
}
