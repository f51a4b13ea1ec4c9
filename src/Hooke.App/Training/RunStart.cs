using System.Text.Json;
using System.Text.Json.Nodes;
using Hooke.Models.Data;
using Hooke.Models.Linear;

namespace Hooke.App.Training;

/// <summary>Tells data sets apart by inputs, targets and names of both parts, wherever they are and whatever they are called.</summary>
/// <param name="Name">Name, for messages.</param>
/// <param name="TrainCount">Training examples.</param>
/// <param name="TestCount">Test examples.</param>
/// <param name="Fingerprint">What any change of the data changes.</param>
internal sealed record DataMark(string Name, int TrainCount, int TestCount, string Fingerprint)
{
    private const int ShownDigits = 12;

    public static DataMark Of(DataSet data) => new(data.Name, data.TrainCount, data.TestCount, data.Fingerprint);

    public static DataMark Of(LinearData data) => new(data.Name, data.TrainCount, data.TestCount, data.Fingerprint);

    /// <summary>Whether they are the same data.</summary>
    public bool IsSame(DataMark other) => (TrainCount, TestCount, Fingerprint) == (other.TrainCount, other.TestCount, other.Fingerprint);

    public override string ToString() => $"{Name} ({TrainCount} + {TestCount} examples, fingerprint {Fingerprint[..Math.Min(ShownDigits, Fingerprint.Length)]})";
}

/// <summary><c>state/start.json</c>: what a run was started with, so that nothing else is resumed in its place.</summary>
/// <param name="RunFile">Its run file.</param>
/// <param name="Data">Its data.</param>
/// <param name="Launch">Options of <c>hooke launch</c> that started it; null where no processes were launched.</param>
internal sealed record RunStart(RunFile RunFile, DataMark Data, string? Launch)
{
    public void Save(string path)
    {
        var json = new JsonObject { ["run"] = RunFile.ToNode(), ["data"] = JsonSerializer.SerializeToNode(Data, Json.Compact), ["launch"] = Launch };
        RunFolder.WriteText(path, json.ToJsonString(Json.Indented) + "\n");
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="BadInputException">It can't be read, or was written by a version that marked data otherwise.</exception>
    public static RunStart Load(string path)
    {
        try
        {
            return JsonBorder.Read(path, TextFile.Read(path), json =>
            {
                var (run, data) = (JsonBorder.Part(path, json, "run"), JsonBorder.Part(path, json, "data"));
                if (data.ValueKind == JsonValueKind.Object && !data.TryGetProperty("fingerprint", out _))
                    throw new BadInputException($"it has no fingerprint of the data, only a mean: an earlier version of Hooke wrote it, and nothing tells whether labels and test examples are the same; hooke train {RunFileOf(path)} starts a new run");
                string? launch = json.TryGetProperty("launch", out var options) && options.ValueKind == JsonValueKind.String ? options.GetString() : null;
                return new RunStart(RunFile.Read(run, path), JsonBorder.Of<DataMark>(path, data), launch);
            });
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or BadInputException)
        {
            throw new BadInputException($"{path} can't be read, so the run can't be resumed: {broken.Message}");
        }
    }

    private static string RunFileOf(string path) => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path))!, "run.json");
}
