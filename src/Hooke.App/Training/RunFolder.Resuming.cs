using Hooke.Engine.Checkpoints;

namespace Hooke.App.Training;

/// <summary>How a run goes on: with what it was started with, and never from its beginning if it had got somewhere.</summary>
internal sealed partial class RunFolder
{
    private const string StartsANewRun = "starts a new run";

    /// <summary>The command that goes on with the run.</summary>
    public string Continuation => Continue(Path, FindStart()?.Launch);

    /// <summary>Whether the run came to its end.</summary>
    public bool IsOver => FindResult() is { Stopped: false };

    /// <summary>The run file, if it still says what the run was started with.</summary>
    /// <param name="places">Says where data are now, if that is said.</param>
    /// <exception cref="BadInputException">It says something else, or what the run was started with is missing.</exception>
    public RunFile ReadRunFile(RunFile? places = null)
    {
        var file = RunFile.Load(RunFilePath);
        if (FindStart() is { } start)
        {
            bool Leaves(Setting setting) => places?[setting.Name] is not null;
            if (start.RunFile.FirstDifference(file, Leaves) is { } difference)
                throw new BadInputException($"{RunFilePath}: {difference.Option} is {difference.Theirs ?? "missing"}; it must be {difference.Mine ?? "missing"}, as when the run was started (train {RunFilePath} {StartsANewRun})");
        }
        else if (WhatWasTrained() is { } trained)
            throw new BadInputException($"{Start} is missing, and {trained}: nothing tells what it was started with; hooke train {Quoted(RunFilePath)} {StartsANewRun}");
        foreach (string name in Setting.Paths)
            if (places?[name] is { } now) file[name] = DataPath.Move(file[name], now);
        runFile = file.ToJson();
        return file;
    }

    /// <summary>Makes sure that the data are those that the run was started with; they may have moved, which the folder then says.</summary>
    /// <param name="run">What is to go on.</param>
    /// <param name="launch">Options of <c>hooke launch</c>, if it goes on by that.</param>
    public void CheckData(RunTitle run, string? launch = null)
    {
        var mark = run.Mark();
        var start = FindStart() ?? new(run.File, mark, launch); // nothing had been trained
        if (!start.Data.IsSame(mark))
            throw new BadInputException($"data is {mark}; it must be {start.Data}, as when the run was started (inputs, labels and both parts count)");
        if (File.Exists(Start) && start.RunFile.FirstDifference(run.File, setting => !setting.IsPath) is null) return;
        // Both files say the same: should this be cut between them, --data says it again.
        (start with { RunFile = run.File }).Save(Start);
        WriteText(RunFilePath, run.File.ToJson());
    }

    /// <summary>Refuses to go on with what another command started.</summary>
    /// <param name="isLaunched">Whether this is <c>hooke launch</c>.</param>
    public void CheckStarter(bool isLaunched)
    {
        if (FindStart() is { } start && start.Launch is not null != isLaunched)
            throw new BadInputException($"run folder {Path} was started by hooke {(isLaunched ? "train" : "launch")}; {Continue(Path, start.Launch)} goes on with it");
    }

    /// <summary>The checkpoint to go on from, or null if nothing had been trained.</summary>
    /// <exception cref="BadInputException">There is none, but something had been.</exception>
    public CheckpointReader<float>? OpenCheckpoint()
    {
        if (File.Exists(Checkpoint)) return new(Checkpoint);
        if (WhatWasTrained() is { } trained)
            throw new BadInputException($"{Checkpoint} is missing, and {trained}: it is not begun anew in the same folder; hooke train {Quoted(RunFilePath)} {StartsANewRun}");
        return null;
    }

    /// <summary>Opens the folder of a launched run that was cut, if the same run is asked for again: a batch system starts a job anew where a node was lost.</summary>
    /// <param name="path">The folder that was named, or null.</param>
    /// <param name="run">What is asked for.</param>
    /// <param name="warn">Told what may surprise.</param>
    /// <returns>The folder, or null if there is no such run and a new one is to be made.</returns>
    /// <exception cref="BadInputException">It is the folder of another run.</exception>
    public static RunFolder? FindCut(string? path, RunTitle run, Action<string> warn)
    {
        if (path is null || !File.Exists(System.IO.Path.Combine(path, "run.json"))) return null;
        var folder = Open(path, warn);
        try
        {
            folder.CheckStarter(isLaunched: true);
            var held = folder.FindStart()?.RunFile ?? RunFile.Load(folder.RunFilePath);
            if (held.FirstDifference(run.File, setting => setting.IsPath) is { } difference)
                throw new BadInputException($"run folder {path} holds another run: its {difference.Option} is {difference.Mine ?? "not said"}, not {difference.Theirs ?? "left open"}; it must be new or empty, or of the same run, which then goes on{HowToGoOn(path)}");
            folder.ReadRunFile(run.File);
            folder.CheckData(run);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private RunStart? FindStart() => File.Exists(Start) ? RunStart.Load(Start) : null;

    /// <summary>What tells that the run had got somewhere, or null.</summary>
    private string? WhatWasTrained()
    {
        long samples = Math.Max(ReadTrace().Select(point => point.Samples).DefaultIfEmpty().Max(), FindResult()?.Samples ?? 0);
        if (samples > 0) return $"the run had trained on {samples} samples";
        foreach (string path in (string[])[Checkpoint, In("center.safetensors"), In("result.json")])
            if (File.Exists(path)) return $"the run had got somewhere, for there is {path}";
        // Both are made before the run file, so that one that is not there has been taken away.
        return File.Exists(Trace) ? null : $"so is {Trace}";
    }

    /// <summary>Whether there is nothing in a folder, or only what is left of one that could not be made.</summary>
    private static bool IsEmpty(string path)
        => !Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) is not ("state" or "trace.jsonl" or "run.json.tmp"))
            && !File.Exists(System.IO.Path.Combine(path, "state", "checkpoint.safetensors")) && (!File.Exists(System.IO.Path.Combine(path, "trace.jsonl")) || new FileInfo(System.IO.Path.Combine(path, "trace.jsonl")).Length == 0);

    private static string Continue(string path, string? launch) => launch is null ? $"hooke resume {Quoted(path)}" : $"hooke launch {launch} resume {Quoted(path)}";

    /// <summary>For a message: how to go on with the run in a folder, if there is one that can.</summary>
    private static string HowToGoOn(string path)
    {
        string start = System.IO.Path.Combine(path, "state", "start.json");
        if (!File.Exists(start) || File.Exists(System.IO.Path.Combine(path, Cluster)) || File.Exists(System.IO.Path.Combine(path, Machine))) return "";
        try
        {
            return $"; {Continue(path, RunStart.Load(start).Launch)} goes on with the run that is there";
        }
        catch (BadInputException)
        {
            return ""; // it can't go on
        }
    }

    /// <summary>A path as a shell reads it.</summary>
    public static string Quoted(string path) => path.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+".Contains(c)) ? path : $"'{path.Replace("'", "'\\''")}'";
}
