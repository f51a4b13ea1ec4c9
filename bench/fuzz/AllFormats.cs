namespace Hooke.Fuzz;

/// <summary>The formats by name.</summary>
internal static class AllFormats
{
    private static readonly Dictionary<string, Func<InputFormat>> All = new()
    {
        ["csv"] = TextFormats.Table,
        ["svm"] = TextFormats.SparseAsDense,
        ["svm-linear"] = TextFormats.SparseAsSparse,
        ["rows"] = TextFormats.Rows,
        ["idx"] = ImageFormats.Idx,
        ["idx.gz"] = ImageFormats.ZippedIdx,
        ["idx-folder"] = ImageFormats.IdxFolder,
        ["cifar"] = ImageFormats.Cifar,
        ["png"] = ImageFormats.Png,
        ["png-mended"] = ImageFormats.MendedPng,
        ["palette-mended"] = ImageFormats.MendedPalette,
        ["netpbm"] = ImageFormats.Netpbm,
        ["image-folder"] = ImageFormats.Folder,
        ["mapped"] = StoredFormats.Mapped,
        ["mapped-mended"] = StoredFormats.MendedMapped,
        ["safetensors"] = StoredFormats.Tensors,
        ["safetensors-unchecked"] = StoredFormats.UncheckedTensors,
        ["checkpoint"] = StoredFormats.Checkpoint,
        ["run.json"] = DocumentFormats.RunFile,
        ["run.json-resolved"] = DocumentFormats.ResolvedRunFile,
        ["cluster.json"] = DocumentFormats.Cluster,
        ["resume-run.json"] = RunFormats.RunFile,
        ["resume-start.json"] = RunFormats.Start,
        ["resume-trace.jsonl"] = RunFormats.Trace,
        ["resume-checkpoint"] = RunFormats.Checkpoint,
        ["resume-interleaving"] = RunFormats.Interleaving,
        ["resume-hogwild"] = RunFormats.Hogwild,
        ["show-result.json"] = RunFormats.Result,
        ["replay-interleaving"] = RunFormats.Replay,
        ["fit-result.json"] = RunFormats.Fit,
        ["schedules"] = WordFormats.Schedules,
        ["batch-schedules"] = WordFormats.BatchSchedules,
        ["options"] = OptionFormats.Options,
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => All.Keys;

    /// <summary>Makes one.</summary>
    public static InputFormat Find(string name) => Probes.Find(name) ?? All[name]();
}
