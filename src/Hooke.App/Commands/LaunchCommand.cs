using System.CommandLine;
using System.Globalization;
using Hooke.App.Launching;
using Hooke.App.Training;
using Hooke.Engine.Mpi;

namespace Hooke.App.Commands;

/// <summary><c>hooke launch</c>: trains on many processes, on this machine or on many, by MPI.</summary>
internal static class LaunchCommand
{
    private const string Group = "Processes";
    private const int MostRanks = 4096;

    public static Command Create()
    {
        TextOption ranks = new("ranks", Group, "number", "processes: rank 0 holds the center, every other is a worker") { Aliases = { "-n" } },
            hosts = new("hosts", Group, "file", "mpirun's host file, a line a host: name slots=4; default this machine, or what the batch system has given"),
            network = new("interface", Group, "name", "network that messages take, for example eth0 or 10.0.0.0/24; default none on one machine, whose processes share memory, else mpirun's choice"),
            lease = new("lease", Group, "seconds", "a process that is silent for so long is given up, and the run goes on without", "10"),
            centers = new("centers", Group, "number", "ranks that hold the center, from rank 0 on; more than one for models whose exchanges fill rank 0's network", "1"),
            each = new("workers-per-rank", Group, "number", "workers of every other rank, each a thread; of a tree they are neighbors", "1"),
            replacements = new("replacements", Group, "number", "how many lost workers are replaced by new processes, which begin from the center; 0 with several centers or workers per rank, and in a tree", "0"),
            restarts = new("restarts", Group, "number", "how often the run starts again from its last checkpoint if rank 0 is lost", "3");
        TextOption[] shared = [ranks, centers, each, hosts, network, lease, replacements, restarts];
        foreach (var option in shared) option.Recursive = true;
        var command = new Command("launch", "Train on many processes by MPI, on this machine or on many: hooke launch -n 3 train … A worker that dies is dropped and the run goes on; if rank 0 dies, the run goes on from its last checkpoint.")
        {
            Train(Plan, Count),
            Resume(Plan, Count),
        };
        foreach (var option in shared) command.Options.Add(option);
        return command;

        LaunchPlan Plan(Invocation invocation)
        {
            string text = invocation[ranks] ?? throw new BadInputException("ranks is missing; it must be given: hooke launch -n 3 train …");
            int number = (int)Setting.Whole("ranks", text, 2, MostRanks);
            int several = (int)Setting.Whole("centers", invocation[centers] ?? centers.Standard!, 1, number - 1);
            int threads = (int)Setting.Whole("workers-per-rank", invocation[each] ?? each.Standard!, 1, MostRanks);
            var plan = new LaunchPlan(number, several, invocation[hosts], invocation[network], Setting.Number("lease", invocation[lease] ?? lease.Standard!, 0.5, 86400, "from 0.5 to 86400 seconds"),
                (int)Setting.Whole("replacements", invocation[replacements] ?? replacements.Standard!, 0, several > 1 || threads > 1 ? 0 : MostRanks)) { WorkersPerRank = threads };
            plan.Check();
            return plan;
        }

        int Count(Invocation invocation) => (int)Setting.Whole("restarts", invocation[restarts] ?? restarts.Standard!, 0, 1000);
    }

    private static Command Train(Func<Invocation, LaunchPlan> plan, Func<Invocation, int> restarts)
    {
        var command = new Command("train", "Train a model; the number of workers follows from that of the processes.");
        var options = new RunOptions(command, "workers");
        var place = new TextOption("run", "Output", "folder", "run folder, new or empty, or of the same run that was cut, which then goes on; default runs/<time>-<method>-<model>");
        command.Options.Add(place);
        var oversubscribe = new Option<bool>(Capacity.Option) { Description = Capacity.Meaning };
        command.Options.Add(oversubscribe);
        command.SetBody(invocation =>
        {
            var launch = plan(invocation);
            CheckMpi();
            var said = options.Read(invocation);
            said.Override(new RunFile { ["workers"] = $"{launch.Workers}" });
            var run = Resolution.Of(said, invocation.Screen.Warn);
            Check(run, launch);
            if (launch.IsLocal) Capacity.CheckProcesses(launch.Ranks, launch.WorkersPerRank, run, invocation.Parsed.GetValue(oversubscribe));
            string path;
            using var cut = RunFolder.FindCut(invocation[place], run, invocation.Screen.Warn);
            if (cut is not null)
            {
                if (cut.IsOver) return Show(invocation, cut);
                cut.ForgetResult();
                invocation.Screen.Line($"{cut.Path} holds this run; it goes on from its last checkpoint");
            }
            using (var folder = cut ?? RunFolder.Create(invocation[place], run, invocation.Screen.Warn, launch: launch.Options))
            {
                folder.KeepWarnings(invocation.Screen);
                path = folder.Path;
            }
            return Run(invocation, launch, path, resume: cut is not null, restarts(invocation));
        });
        return command;
    }

    private static Command Resume(Func<Invocation, LaunchPlan> plan, Func<Invocation, int> restarts)
    {
        var command = new Command("resume", "Continue a launched run from its last checkpoint, with as many processes.");
        var place = new Argument<string>("run") { Description = "the run's folder" };
        command.Arguments.Add(place);
        var places = new PlaceOptions(command);
        command.SetBody(invocation =>
        {
            var launch = plan(invocation);
            CheckMpi();
            string path = invocation.Parsed.GetValue(place)!;
            using (var folder = RunFolder.Open(path, invocation.Screen.Warn))
            {
                var moved = places.Read(invocation);
                var file = folder.ReadRunFile(moved);
                if (folder.IsOver) return Show(invocation, folder);
                folder.CheckStarter(isLaunched: true);
                if (file["workers"] != $"{launch.Workers}")
                    throw new BadInputException($"ranks is {launch.Ranks}; it must be {(double.Parse(file["workers"]!, CultureInfo.InvariantCulture) / launch.WorkersPerRank + launch.Centers).ToString(CultureInfo.InvariantCulture)}: run folder {path} is of {file["workers"]} workers{(launch.WorkersPerRank > 1 ? $", {launch.WorkersPerRank} a rank," : "")} and {launch.Centers} center; {folder.Continuation} goes on with it");
                if (moved is not null) folder.CheckData(Resolution.Of(file, invocation.Screen.Warn)); // the ranks read where they are from the folder
                folder.ForgetResult();
                folder.KeepWarnings(invocation.Screen);
            }
            return Run(invocation, launch, path, resume: true, restarts(invocation));
        });
        return command;
    }

    private static int Show(Invocation invocation, RunFolder folder) => TrainCommand.Finish(invocation, _ => Session.Show(folder.FindResult()!, folder, invocation.View()));

    private static int Run(Invocation invocation, LaunchPlan launch, string path, bool resume, int restarts)
        => TrainCommand.Finish(invocation, stop =>
        {
            var result = Supervisor.Run(launch, path, resume, restarts, invocation.Screen, stop);
            invocation.Screen.Recall(result.Warnings);
            return result;
        });

    private static void CheckMpi()
    {
        if (!MpiWorld.IsAvailable(out _) || Supervisor.FindLauncher() is null) throw new BadInputException("MPI is missing; hooke doctor says what to install");
    }

    private static void Check(Resolution run, LaunchPlan launch)
    {
        try
        {
            MpiRun.Check(run.Method, launch.Centers, launch.Replacements);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException($"method is {run.Method.Name}, which can't be launched: {wrong.Message}");
        }
    }
}
