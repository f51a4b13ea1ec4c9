using System.Globalization;
using System.Text;
using System.Text.Json;
using Hooke.App.Terminal;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>
/// A run's folder: <c>run.json</c> (resolved, rerunnable), <c>trace.jsonl</c> (a point a line), <c>state/</c> (what a resumed run
/// needs), and at the end <c>center.safetensors</c>, <c>result.json</c> and <c>curves.svg</c>. It is locked while it is open.
/// </summary>
internal sealed partial class RunFolder : IDisposable
{
    /// <summary>What a simulation notes of its cluster, and one of shared memory of its machine.</summary>
    public const string Cluster = "cluster.json", Machine = "machine.json";

    private readonly Action<string> warn;
    private static readonly TimeSpan lockPause = TimeSpan.FromMilliseconds(50);
    private readonly FileStream? useLock;
    private const int LongestResult = 1 << 30;
    private bool traceFailed;

    /// <summary>What run.json says, for the folder may vanish while the run goes on.</summary>
    private string runFile = "";

    private RunFolder(string path, Action<string> warn, TimeSpan patience = default)
    {
        (Path, this.warn) = (path, warn);
        Directory.CreateDirectory(In("state"));
        for (long start = Environment.TickCount64; useLock is null;)
        {
            try
            {
                useLock = new(In("state/lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (File.Exists(In("state/lock")))
            {
                if (Environment.TickCount64 - start >= patience.TotalMilliseconds) throw new BadInputException($"run folder {path} is in use by another process; wait for it, or name another folder");
                Thread.Sleep(lockPause); // nobody tells of a lock that is given up
            }
        }
    }

    public string Path { get; }

    /// <summary>Where the result is saved if the folder fails: in the system's folder for temporary files.</summary>
    public string Refuge { get; set; } = NewRefuge();

    public string Checkpoint => In("state/checkpoint.safetensors");

    /// <summary>The record of which worker acted when, if one is kept.</summary>
    public string Record => In("interleaving");

    private string RunFilePath => In("run.json");

    private string Start => In("state/start.json");

    private string Trace => In("trace.jsonl");

    private string WarningList => In("state/warnings.json");

    /// <summary>Creates a new folder and makes sure, before anyone trains, that it can be written and holds what the run will save.</summary>
    /// <param name="path">Where; null for a place of its own.</param>
    /// <param name="run">What will run.</param>
    /// <param name="warn">Told what may surprise.</param>
    /// <param name="simulated">Whether it keeps no checkpoints.</param>
    /// <param name="launch">Options of <c>hooke launch</c>, of a run of many processes.</param>
    public static RunFolder Create(string? path, RunTitle run, Action<string> warn, bool simulated = false, string? launch = null)
    {
        path = Place(path, run);
        if (path.Trim().Length == 0) throw new BadInputException("run is empty; it must be a new or empty folder");
        if (File.Exists(path)) throw new BadInputException($"run folder {path} is a file; it must be a new or empty folder");
        bool isNew = !Directory.Exists(path);
        try
        {
            if (!isNew && !IsEmpty(path)) throw new BadInputException($"run folder {path} is not empty; it must be new or empty, so that nothing is overwritten{HowToGoOn(path)}");
            return new RunFolder(path, warn).Prepare(run, simulated, launch);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or BadInputException)
        {
            if (isNew) Leave(path);
            throw trouble as BadInputException ?? new BadInputException($"run folder {path} can't be written: {trouble.Message}");
        }
    }

    /// <summary>The folder that was named, or a new one that tells when and what.</summary>
    public static string Place(string? path, RunTitle run)
        => path ?? Unused(System.IO.Path.Combine("runs", $"{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{run.File["method"]}-{run.File["model"]}"));

    /// <summary>The command that runs a simulation again, for it keeps no checkpoints; null where the folder is no simulation's.</summary>
    public string? Again => File.Exists(In(Cluster)) ? $"hooke simulate {In("run.json")} --cluster {In(Cluster)}"
        : File.Exists(In(Machine)) ? $"hooke simulate {In("run.json")} with the --write-delay of {In(Machine)}" : null;

    /// <summary>Opens the folder of an earlier run.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="warn">Is told of what the run goes on after.</param>
    /// <param name="patience">How long another process may still use it.</param>
    /// <exception cref="BadInputException">It is no run's folder, or another process uses it.</exception>
    public static RunFolder Open(string path, Action<string> warn, TimeSpan patience = default)
    {
        if (File.Exists(path)) throw new BadInputException($"run folder {path} is a file; it must be the folder of a run");
        if (!Directory.Exists(path)) throw new BadInputException($"run folder {path} does not exist");
        if (!File.Exists(System.IO.Path.Combine(path, "run.json"))) throw new BadInputException($"run folder {path} has no run.json; it must be the folder of a run");
        try
        {
            return new(path, warn, patience);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"run folder {path} can't be written: {trouble.Message}");
        }
    }

    /// <summary>A place for a result whose folder fails; nothing is there yet.</summary>
    public static string NewRefuge() => System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hooke-{Guid.NewGuid():n}");

    /// <summary>The result, if the run came to one.</summary>
    public RunResult? FindResult() => FindResult(Path);

    /// <summary>The result in a folder, which need not be that of a run; null if there is none.</summary>
    public static RunResult? FindResult(string folder)
    {
        string path = System.IO.Path.Combine(folder, "result.json");
        try
        {
            return JsonBorder.Read<RunResult>(path, TextFile.Read(path, LongestResult));
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException or BadInputException)
        {
            return null; // the checkpoint knows as much
        }
    }

    /// <summary>Takes the result of a stopped run away, for it goes on.</summary>
    public void ForgetResult() => File.Delete(In("result.json"));

    /// <summary>The trace; a last line that a crash cut short is not part of it.</summary>
    public List<TracePoint> ReadTrace()
    {
        var points = new List<TracePoint>();
        if (!File.Exists(Trace)) return points;
        foreach (string line in File.ReadLines(Trace))
        {
            try
            {
                points.Add(JsonBorder.Read<TracePoint>(Trace, line));
            }
            catch (BadInputException)
            {
                break;
            }
        }
        return points;
    }

    /// <summary>Makes these points the whole trace.</summary>
    public void RewriteTrace(IEnumerable<TracePoint> points)
    {
        try
        {
            WriteText(Trace, Lines(points));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Report(trouble);
        }
    }

    /// <summary>Adds a point to the trace; a full disk costs the line, not the run.</summary>
    public void Append(TracePoint point)
    {
        try
        {
            using var file = new FileStream(Trace, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            long end = file.Seek(0, SeekOrigin.End);
            try
            {
                FileWriting.Attempt(Trace, () => file.Write(Encoding.UTF8.GetBytes(Lines([point]))));
            }
            catch (IOException)
            {
                file.SetLength(end); // no half lines
                throw;
            }
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            Report(trouble);
        }
    }

    /// <summary>Keeps what is warned of, so far and from now on; what was warned of when the run last went is recalled.</summary>
    public void KeepWarnings(Screen screen)
    {
        screen.Recall(ReadWarnings());
        KeepWarnings(screen.Warnings);
        screen.Recorded = warning => KeepWarnings([warning]);

        // Several processes of a launched run keep theirs, one after the other.
        void KeepWarnings(IReadOnlyList<string> warnings)
        {
            var kept = ReadWarnings();
            if (!warnings.Except(kept).Any()) return;
            try
            {
                WriteText(WarningList, JsonSerializer.Serialize(kept.Union(warnings), Json.Indented) + "\n");
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                screen.ShowWarning($"{WarningList} can't be written; a resumed run will not know of the last warning: {trouble.Message}");
            }
        }
    }

    private string[] ReadWarnings()
    {
        try
        {
            return File.Exists(WarningList) ? JsonBorder.Read<string[]>(WarningList, TextFile.Read(WarningList)) : [];
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or BadInputException)
        {
            warn($"{WarningList} can't be read; earlier warnings are forgotten: {trouble.Message}");
            return [];
        }
    }

    /// <summary>Saves how the run came out; if the folder fails, all of it in the system's folder for temporary files.</summary>
    /// <returns>Where it is, or null if nowhere.</returns>
    public string? Save(RunResult result, RunOutput output) => Save(result, output.Points, output.Write);

    /// <summary>Saves how a run came out.</summary>
    /// <param name="result">How.</param>
    /// <param name="points">Its trace.</param>
    /// <param name="write">Writes what the run leaves behind into a folder.</param>
    /// <returns>Where it is, or null if nowhere.</returns>
    public string? Save(RunResult result, IReadOnlyList<TracePoint> points, Action<string, RunResult> write)
    {
        try
        {
            // Points that found no place earlier are written now.
            if (traceFailed) WriteText(Trace, Lines(points));
            write(Path, result);
            return Path;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            string refuge = Refuge;
            try
            {
                Directory.CreateDirectory(refuge);
                WriteText(System.IO.Path.Combine(refuge, "run.json"), runFile);
                WriteText(System.IO.Path.Combine(refuge, "trace.jsonl"), Lines(points));
                write(refuge, result with { Run = refuge });
                warn($"{Path} can't be written ({trouble.Message}); the result is in {refuge}");
                return refuge;
            }
            catch (Exception more) when (more is IOException or UnauthorizedAccessException)
            {
                warn($"neither {Path} ({trouble.Message}) nor {refuge} ({more.Message}) can be written; the result is only what is printed here");
                return null;
            }
        }
    }

    /// <summary>Writes a file beside itself, flushes and renames it, so that there is a whole one at any time.</summary>
    public static void WriteText(string path, string text)
    {
        string temporary = path + ".tmp";
        try
        {
            FileWriting.Attempt(path, () =>
            {
                using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write);
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            });
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(temporary)) File.Delete(temporary); // the room is needed
            throw;
        }
    }

    public void Dispose() => useLock?.Dispose();

    private RunFolder Prepare(RunTitle run, bool simulated, string? launch)
    {
        try
        {
            // A checkpoint is written beside the one before, and the reported model beside both.
            long needed = 4L * run.Parameters + (simulated ? 0 : 2 * run.CheckpointBytes()) + (1 << 20);
            long free = new DriveInfo(System.IO.Path.GetFullPath(Path)).AvailableFreeSpace;
            if (free < needed) throw new BadInputException($"run folder {Path} has {free >> 20} MiB free; it must have {(needed >> 20) + 1} MiB{(simulated ? "" : " for the checkpoints")}");
            // The run file comes last: a folder that has one has the others.
            new RunStart(run.File, run.Mark(), launch).Save(Start);
            File.Create(Trace).Dispose();
            runFile = run.File.ToJson();
            WriteText(RunFilePath, runFile);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Report(Exception trouble)
    {
        if (!traceFailed) warn($"the trace can't be written; it is kept in memory: {trouble.Message}");
        traceFailed = true;
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static string Lines(IEnumerable<TracePoint> points) => string.Concat(points.Select(point => JsonSerializer.Serialize(point, Json.Compact) + "\n"));

    private static string Unused(string path)
    {
        string unused = path;
        for (int k = 2; Directory.Exists(unused) || File.Exists(unused); k++) unused = $"{path}-{k}";
        return unused;
    }

    /// <summary>Takes away a folder that was made just now and could not be used.</summary>
    private static void Leave(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            // It stays, with nothing of value in it.
        }
    }
}
