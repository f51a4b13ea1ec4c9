using Hooke.Engine;
using System.Text;
using Hooke.Engine.Checkpoints;
using Hooke.Methods.Catalog;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.Engine;

/// <summary>A file that is not this run's checkpoint is refused, and changes nothing.</summary>
public class CheckpointTests
{
    public static TheoryData<string, string> Foreign => new()
    {
        { "method", "method is easgd; this run's is eamsgd" },
        { "order", "order is Jacobi; this run's is overlapped" },
        { "timing", "timing is Asynchronous; this run's is RoundRobin" },
        { "readout", "readout is none; this run's is TimeAverage" },
        { "fewer workers", "workers is 2; this run's is 1" },
        { "more workers", "workers is 2; this run's is 3" },
        { "parameters", "parameters is 37; this run's is 36" },
        { "seed", "seed is 11; this run's is 12" },
    };

    [Theory, MemberData(nameof(Foreign))]
    public void The_checkpoint_of_another_run_is_refused_with_the_difference(string difference, string message)
    {
        using var folder = new Folder();
        string path = Save(folder);
        using var star = difference switch
        {
            "method" => Cases.Star(Cases.Method("eamsgd", 2), 2),
            "order" => Cases.Star(Cases.Method("easgd", 2, TimingChoice.Overlapped), 2),
            "timing" => Cases.Star(Cases.Method("easgd", 2, TimingChoice.RoundRobin), 2),
            "readout" => Cases.Star(Cases.Method("easgd", 2, null, null, choices => choices with { Readout = ReadoutChoice.TimeAverage }), 2),
            "fewer workers" => Cases.Star(Cases.Method("easgd", 1), 1),
            "more workers" => Cases.Star(Cases.Method("easgd", 3), 3),
            "parameters" => Cases.Star(Cases.Method("easgd", 2), 2, new(36)),
            _ => Threads.Prepare(Cases.Method("easgd", 2), new TestObjective(), 2, seed: 12),
        };
        AssertRefused(star, path, $"{path}: {message}: it is the checkpoint of another run");
    }

    [Fact]
    public void A_checkpoint_that_lacks_something_changes_nothing()
    {
        using var folder = new Folder();
        string path = Save(folder);
        var (tensors, metadata) = Safetensors.Read(path, "F32");
        using var star = Cases.Star(Cases.Method("easgd", 2), 2);
        Safetensors.Write(path, "F32", [.. tensors.Where(tensor => tensor.Name != "worker.1.x")], metadata);
        AssertRefused(star, path, $"{path} lacks worker.1.x: it is the checkpoint of another run");
        Safetensors.Write(path, "F32", tensors, metadata.Where(pair => pair.Key != "clock.seconds").ToDictionary());
        AssertRefused(star, path, $"{path} lacks clock.seconds: it is the checkpoint of another run");
        Safetensors.Write(path, "F32", tensors, metadata.ToDictionary(pair => pair.Key, pair => pair.Key == "worker.1.steps" ? "many" : pair.Value));
        AssertRefused(star, path, $"{path}: worker.1.steps is many, which is not what is saved there: the file is damaged");
    }

    [Fact]
    public void A_checkpoint_cut_anywhere_is_refused()
    {
        using var folder = new Folder();
        string path = Save(folder);
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.StartsWith(path, Assert.Throws<InvalidFileException>(() => new CheckpointReader<float>(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_checkpoint_with_a_byte_wrong_is_refused()
    {
        using var folder = new Folder();
        string path = Save(folder);
        byte[] whole = File.ReadAllBytes(path);
        long samples = new CheckpointReader<float>(path).Samples;
        for (int at = 0; at < whole.Length; at += 5)
        {
            byte[] wrong = [.. whole];
            wrong[at] ^= 1;
            File.WriteAllBytes(path, wrong);
            Assert.StartsWith(path, Assert.Throws<InvalidFileException>(() => new CheckpointReader<float>(path)).Message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(path, whole);
        Assert.Equal(samples, new CheckpointReader<float>(path).Samples);
    }

    [Fact]
    public void Other_files_are_no_checkpoints()
    {
        using var folder = new Folder();
        string path = folder["other"];
        Safetensors.Write(path, "F32", [], new Dictionary<string, string> { ["format"] = "pt" });
        Assert.Equal($"{path} is no checkpoint of this program: its format is pt", Assert.Throws<InvalidFileException>(() => new CheckpointReader<float>(path)).Message);
        Safetensors.Write(path, "F32", [], new Dictionary<string, string>());
        Assert.EndsWith("its format is not stated", Assert.Throws<InvalidFileException>(() => new CheckpointReader<float>(path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("It was a dark and stormy night. ", 100)), Encoding.ASCII);
        Assert.EndsWith("it is truncated or no safetensors file", Assert.Throws<InvalidFileException>(() => new CheckpointReader<float>(path)).Message, StringComparison.Ordinal);
        Assert.EndsWith("F32; it must be F64", Assert.Throws<InvalidFileException>(() => new CheckpointReader<double>(Save(folder))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_can_not_be_written_warns_and_the_run_goes_on()
    {
        using var folder = new Folder();
        File.WriteAllText(folder["file"], "");
        using var star = Cases.Star(Cases.Method("easgd", 2), 2);
        var recorder = new Recorder();
        var outcome = Cases.Run(star, new(40, 1) { EvaluateEvery = 10, Checkpoint = Path.Combine(folder["file"], "state") }, recorder);
        Assert.Equal(40, outcome.Last!.Samples);
        Assert.Equal(5, recorder.Warnings.Count);
        Assert.StartsWith("no checkpoint at 40 samples: ", recorder.Warnings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_temporary_file_that_can_not_be_completed_leaves_the_good_one()
    {
        using var folder = new Folder();
        string path = Save(folder);
        byte[] good = File.ReadAllBytes(path);
        Directory.CreateDirectory(path + ".tmp"); // nobody can write there, root neither
        using var star = Cases.Star(Cases.Method("easgd", 2), 2);
        var recorder = new Recorder();
        Cases.Run(star, new(40, 1) { EvaluateEvery = 10, Checkpoint = path }, recorder);
        Assert.Equal(5, recorder.Warnings.Count);
        Assert.Equal(good, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_good_checkpoint_leaves_no_temporary_file()
    {
        using var folder = new Folder();
        Save(folder);
        Assert.Equal(["state"], folder.Files);
    }

    private static string Save(Folder folder)
    {
        string path = folder["state"];
        using var star = Cases.Star(Cases.Method("easgd", 2), 2);
        Cases.Run(star, new(50, 1) { Checkpoint = path });
        return path;
    }

    private static void AssertRefused(Star<float> star, string path, string message)
    {
        var before = Bits<float>.Of(star);
        var reader = new CheckpointReader<float>(path);
        Assert.Equal(message, Assert.Throws<InvalidFileException>(() => Cases.Run(star, new(100, 1), resume: reader)).Message);
        Assert.Equal(before, Bits<float>.Of(star));
    }
}
