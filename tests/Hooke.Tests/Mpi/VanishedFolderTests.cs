using System.Text.Json;
using Hooke.Tests.App;
using Xunit;

namespace Hooke.Tests.Mpi;

/// <summary>A launched run whose folder vanishes keeps its model, and the launcher finds it.</summary>
[Collection(nameof(Jobs))]
public sealed class VanishedFolderTests : IDisposable
{
    private readonly Scratch scratch = new();

    public VanishedFolderTests() => Jobs.Need();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_launched_run_whose_folder_is_gone_has_its_result_elsewhere()
    {
        string options = string.Join(' ', scratch.Train("run", "--timing", "synchronous")[1..]).Replace("--workers 1 ", "").Replace("--epochs 3 ", "--epochs 300 ").Replace("every 0.5", "every 5");
        var printed = Shell.Run(scratch.At(""), $$"""
            $hooke launch -n 3 train {{options}} --json > out 2> err & launcher=$!
            await '[ -e run/trace.jsonl ] && [ "$(wc -l < run/trace.jsonl)" -ge 3 ]' || exit 9
            rm -rf run
            ended $launcher
            """);
        Assert.True(printed.Code == 0, printed.Error + File.ReadAllText(scratch.At("err")));
        var json = JsonDocument.Parse(File.ReadAllText(scratch.At("out"))).RootElement;
        string place = json.GetProperty("run").GetString()!;
        try
        {
            Assert.Equal(300 * Scratch.TrainCount, json.GetProperty("samples").GetInt64());
            Assert.StartsWith(Path.GetTempPath(), place);
            foreach (string file in (string[])["run.json", "trace.jsonl", "center.safetensors", "result.json"]) Assert.True(File.Exists(Path.Combine(place, file)), file);
            Assert.Contains($"the result is in {place}", json.GetProperty("warnings").ToString() + File.ReadAllText(scratch.At("err")));
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }
}
