using System.Globalization;
using System.Text;
using System.Text.Json;
using Hooke.Engine.Checkpoints;
using Hooke.Runs;

namespace Hooke.App.Training;

/// <summary>
/// A run's folder: <c>run.json</c> (resolved, rerunnable), <c>trace.jsonl</c> (a point a line), <c>state/checkpoint.safetensors</c>,
/// and at the end <c>center.safetensors</c>, <c>result.json</c> and <c>curves.svg</c>.
/// </summary>
internal sealed class RunFolder
{
    private readonly Action<string> warn;
    private bool traceFailed;

    private RunFolder(string path, Action<string> warn)
    {
        Path = path;
        this.warn = warn;
    }

    public string Path { get; }

    public string RunFile => In("run.json");

    public string Trace => In("trace.jsonl");

    public string Checkpoint => In(System.IO.Path.Combine("state", "checkpoint.safetensors"));

    public string Center => In("center.safetensors");

    public string Result => In("result.json");

    public string Curves => In("curves.svg");

    /// <summary>Creates a new folder and makes sure, before anyone trains, that it can be written and holds what the run will save.</summary>
    public static RunFolder Create(string? path, RunFile file, long parameters, Action<string> warn)
    {
        path ??= Unused(System.IO.Path.Combine("runs", $"{DateTime.Now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{file["method"]}-{file["model"]}"));
        if (System.IO.File.Exists(path)) throw new BadInputException($"run folder is {path}, which is a file; it must be a new or empty folder");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()) throw new BadInputException($"run folder {path} is not empty; nothing is overwritten, so name a new one");
        var folder = new RunFolder(path, warn);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(folder.Checkpoint)!);
            // A worker's vectors, the center's, and the temporary file beside the checkpoint.
            long needed = 4 * parameters * (4 * long.Parse(file["workers"]!, CultureInfo.InvariantCulture) + 4) * 2 + (1 << 20);
            long free = new DriveInfo(System.IO.Path.GetFullPath(path)).AvailableFreeSpace;
            if (free < needed) throw new BadInputException($"run folder {path} has {free >> 20} MiB free; checkpoints need {needed >> 20} MiB");
            folder.WriteText(folder.RunFile, file.ToJson());
            System.IO.File.Create(folder.Trace).Dispose();
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"run folder {path} can't be written: {trouble.Message}");
        }
        return folder;
    }

    /// <summary>Opens the folder of an earlier run.</summary>
    public static RunFolder Open(string path, Action<string> warn)
    {
        var folder = new RunFolder(path, warn);
        if (!Directory.Exists(path)) throw new BadInputException($"run folder {path} does not exist");
        if (!System.IO.File.Exists(folder.RunFile)) throw new BadInputException($"run folder {path} has no run.json: it is not a run");
        return folder;
    }

    /// <summary>The points so far before a number of samples; a last line that a crash cut short is dropped, and what is dropped leaves the file too.</summary>
    public List<TracePoint> RestoreTrace(long before)
    {
        var points = new List<TracePoint>();
        if (System.IO.File.Exists(Trace))
            foreach (string line in System.IO.File.ReadLines(Trace))
            {
                TracePoint? point;
                try { point = JsonSerializer.Deserialize<TracePoint>(line, Json.Compact); }
                catch (JsonException) { break; }
                if (point is null || point.Samples >= before) break;
                points.Add(point);
            }
        WriteText(Trace, string.Concat(points.Select(p => JsonSerializer.Serialize(p, Json.Compact) + "\n")));
        return points;
    }

    /// <summary>Adds a point to the trace; a full disk costs the line, not the run.</summary>
    public void Append(TracePoint point)
    {
        try
        {
            using var file = new FileStream(Trace, FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(point, Json.Compact) + "\n"));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            if (!traceFailed) warn($"the trace can't be written: {trouble.Message}");
            traceFailed = true;
        }
    }

    /// <summary>Writes a file beside itself, then renames it.</summary>
    public void WriteText(string file, string text)
    {
        string temporary = file + ".tmp";
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        System.IO.File.Move(temporary, file, overwrite: true);
    }

    /// <summary>Saves the reported model in the layout that others expect; if the folder fails, in the system's temporary folder.</summary>
    public string SaveCenter(IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            Safetensors.Write(Center, "F32", tensors, metadata);
            return Center;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            string refuge = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"hooke-{Guid.NewGuid():n}.safetensors");
            Safetensors.Write(refuge, "F32", tensors, metadata);
            warn($"{Center} can't be written ({trouble.Message}); the model is in {refuge}");
            return refuge;
        }
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static string Unused(string path)
    {
        string unused = path;
        for (int k = 2; Directory.Exists(unused) || System.IO.File.Exists(unused); k++) unused = $"{path}-{k}";
        return unused;
    }
}
