using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hooke.Models.Data;

namespace Hooke.App.Training;

/// <summary>Tells data sets apart: name, sizes, and the mean of all training pixels, which any other training set changes.</summary>
internal sealed record DataMark(string Name, int TrainCount, int TestCount, double Mean)
{
    public static DataMark Of(DataSet data) => new(data.Name, data.TrainCount, data.TestCount, data.Mean);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({TrainCount} + {TestCount} examples, mean pixel {Mean:g6})");
}

/// <summary><c>state/start.json</c>: what a run was started with, so that nothing else is resumed in its place.</summary>
internal sealed record RunStart(RunFile RunFile, DataMark Data)
{
    public static void Save(string path, RunTitle run)
    {
        var json = new JsonObject { ["run"] = run.File.ToNode(), ["data"] = JsonSerializer.SerializeToNode(run.Mark, Json.Compact) };
        RunFolder.WriteText(path, json.ToJsonString(Json.Indented) + "\n");
    }

    public static RunStart Load(string path)
    {
        try
        {
            return JsonBorder.Read(path, File.ReadAllText(path), json => new RunStart(RunFile.Read(JsonBorder.Part(path, json, "run"), path), JsonBorder.Of<DataMark>(path, JsonBorder.Part(path, json, "data"))));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or BadInputException)
        {
            throw new BadInputException($"{path} can't be read, so the run can't be resumed: {broken.Message}");
        }
    }
}
