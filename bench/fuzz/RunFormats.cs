using Hooke.App.Commands;
using Hooke.App.LockFree;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Runs;

namespace Hooke.Fuzz;

/// <summary>
/// The files of run folders, by the commands that read them: an input is refused, or the run ends with the same bits as if it had
/// not been changed.
/// </summary>
internal static class RunFormats
{
    private const string Folder = "r", Center = "center.safetensors";

    /// <summary>Where a process finds the runs that its parent has made, for records of two workers are other ones every time.</summary>
    private const string Made = "HOOKE_FUZZ_RUNS";

    private static readonly Lazy<string> Runs = new(() => Environment.GetEnvironmentVariable(Made) ?? Make());

    /// <summary>The run file of an unfinished run.</summary>
    public static InputFormat RunFile() => Resumed("resume-run.json", "stopped", "run.json") with { Mutate = Mutations.Json };

    /// <summary>What an unfinished run was started with.</summary>
    public static InputFormat Start() => Resumed("resume-start.json", "stopped", "state/start.json") with { Mutate = Mutations.Json, Named = ["start.json", "run.json", "data is"] };

    /// <summary>The trace of an unfinished run.</summary>
    public static InputFormat Trace() => Resumed("resume-trace.jsonl", "stopped", "trace.jsonl") with { Mutate = Mutations.Json };

    /// <summary>The checkpoint of an unfinished run.</summary>
    public static InputFormat Checkpoint() => Resumed("resume-checkpoint", "stopped", "state/checkpoint.safetensors");

    /// <summary>The checkpoint of an unfinished run on a shared model.</summary>
    public static InputFormat Hogwild() => Resumed("resume-hogwild", "hogwild", "state/checkpoint.safetensors");

    /// <summary>The record of an unfinished run.</summary>
    public static InputFormat Interleaving() => Of("resume-interleaving", "recorded", "interleaving", folder =>
    {
        File.Delete(Path.Combine(folder, "result.json"));
        Typed.Run(["resume", folder, "--json"]);
        return null;
    });

    /// <summary>The result of a run that is over, which is shown again or made again.</summary>
    public static InputFormat Result() => Of("show-result.json", "finished", "result.json", folder => Ends(folder, "finished")) with { Mutate = Mutations.Json };

    /// <summary>A record that is played again: it is the run's or it is not.</summary>
    public static InputFormat Replay() => Of("replay-interleaving", "recorded", "interleaving", folder =>
    {
        bool isSame = File.ReadAllBytes(Path.Combine(folder, "interleaving")).AsSpan().SequenceEqual(Valid("recorded", "interleaving"));
        int code = Typed.Run(["simulate", "--replay", folder, "--json"], ExitCode.Other);
        return isSame && code != ExitCode.Done ? "the run's own record is not the same" : null;
    });

    /// <summary>The result that staleness is fitted to.</summary>
    public static InputFormat Fit() => Of("fit-result.json", "recorded", "result.json", folder =>
    {
        Typed.Run(["sme", "fit", folder, "--json"]);
        return null;
    }) with { Mutate = Mutations.Json, Named = ["result.json", "run folder", "staleness"] };

    private static InputFormat Resumed(string name, string run, string file) => Of(name, run, file, folder => Ends(folder, run));

    // A run that goes on must end as the one that was never stopped.
    private static string? Ends(string folder, string run)
    {
        Typed.Run(["resume", folder, "--json"]);
        return File.ReadAllBytes(Path.Combine(folder, Center)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(Runs.Value, run + ".center"))) ? null : "the run ended with other bits";
    }

    private static InputFormat Of(string name, string run, string file, Func<string, string?> judge)
        => new(name, $"{Folder}/{file}", Valid(run, file), path => judge(path[..^(file.Length + 1)]))
        {
            Prepare = folder =>
            {
                string to = Path.Combine(folder, Folder);
                if (Directory.Exists(to)) Directory.Delete(to, true);
                foreach (string from in Directory.EnumerateFiles(Path.Combine(Runs.Value, run), "*", SearchOption.AllDirectories))
                {
                    string copy = Path.Combine(to, Path.GetRelativePath(Path.Combine(Runs.Value, run), from));
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    File.Copy(from, copy);
                }
            },
        };

    private static byte[] Valid(string run, string file) => File.ReadAllBytes(Path.Combine(Runs.Value, run, file));

    // Runs that are over, recorded, and stopped in their middle, with the models that they end with.
    private static string Make()
    {
        string place = Directory.CreateTempSubdirectory("hooke-fuzz-runs-").FullName;
        Environment.SetEnvironmentVariable(Made, place); // for processes that this one starts
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(place, true);
        string At(string name) => Path.Combine(place, name);
        File.WriteAllText(At("small.csv"), DocumentFormats.SmallTable);
        string[] Train(string run, string workers) => ["train", "--data", At("small.csv"), "--model", "softmax", "--method", "easgd", "--workers", workers, "--epochs", "20",
            "--evaluate-every", "5", "--batch", "2", "--learning-rate", "0.05", "--json", "--run", At(run)];
        Typed.Run(Train("finished", "1"));
        Typed.Run([.. Train("recorded", "2"), "--record"]);
        File.Copy(At($"finished/{Center}"), At("finished.center"));
        File.Copy(At($"finished/{Center}"), At("stopped.center"));
        Stop("stopped", App.Training.RunFile.Load(At("finished/run.json")));

        File.WriteAllText(At("small.svm"), string.Concat(Enumerable.Range(0, 60).Select(k => $"{(k % 2 == 0 ? 1 : -1)} 1:{k % 7} {2 + k % 2}:1 {9 + k % 5}:0.5\n")));
        Typed.Run(["train", "--method", "hogwild", "--data", At("small.svm"), "--workers", "1", "--epochs", "20", "--evaluate-every", "5", "--average", "time-average", "--json", "--run", At("shared")]);
        File.Copy(At($"shared/{Center}"), At("hogwild.center"));
        Stop("hogwild", App.Training.RunFile.Load(At("shared/run.json")));
        return place;

        void Stop(string name, App.Training.RunFile said)
        {
            using CancellationTokenSource stop = new();
            Stopper view = new(stop);
            if (LinearResolution.IsAskedFor(said))
            {
                var run = LinearResolution.Of(said, _ => { });
                using var model = run.Model;
                using var folder = RunFolder.Create(At(name), run, _ => { });
                LinearSession.Run(run, folder, view, resume: false, stop.Token);
            }
            else
            {
                var run = Resolution.Of(said, _ => { });
                using var folder = RunFolder.Create(At(name), run, _ => { });
                Session.Run(run, folder, view, resume: false, stop.Token);
            }
        }
    }

    /// <summary>Stops a run in its middle.</summary>
    private sealed class Stopper(CancellationTokenSource stop) : RunView(new Screen(new GuardedWriter(TextWriter.Null, isTerminal: false)))
    {
        public override void Point(TracePoint point)
        {
            base.Point(point);
            if (Points.Count > 2) stop.Cancel();
        }
    }
}
