using System.Text.Json;
using Hooke.Models.Data;
using Hooke.Models.Linear;
using Hooke.Problems;
using Hooke.Tests.LockFree;
using Hooke.Tests.Models;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Training examples that are held out to choose by.</summary>
public sealed class ValidationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-validation-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void The_parts_are_apart_and_the_rest_is_standardized_anew()
    {
        // The input is the row's number.
        var whole = DataSet.FromFloats("numbers", "test", new(1, 1, 1), 3, [.. Enumerable.Range(0, 100).Select(k => (float)k)], [.. Enumerable.Range(0, 100).Select(k => k % 3)], [1000, 1001], [0, 1]);
        var data = whole.WithValidation(0.2);
        Assert.Equal((80, 20, 2), (data.TrainCount, data.ValidationCount, data.TestCount));
        int[] held = [.. Division.Validation(100, 0.2)], rest = [.. Enumerable.Range(0, 100).Except(held)];
        Assert.Equal(rest.Average(), data.ChannelMeans[0], 1e-9);
        float[] Numbers(Split split, int count) => [.. Enumerable.Range(0, count).Select(k => MathF.Round((float)(DataSetTests.Read(data, split, k)[0] * data.ChannelDeviations[0] + data.ChannelMeans[0])))];
        Assert.Equal(rest.Select(k => (float)k), Numbers(Split.Training, 80));
        Assert.Equal(held.Select(k => (float)k), Numbers(Split.Validation, 20));
        Assert.Equal([1000, 1001], Numbers(Split.Test, 2));
        int[] labels = new int[20];
        data.ReadLabels(Split.Validation, Enumerable.Range(0, 20).ToArray(), labels);
        Assert.Equal(held.Select(k => k % 3), labels);
        Assert.Equal((0, 100), (whole.ValidationCount, whole.TrainCount));
        Assert.Equal(20, data.Cropped(1, 1, false).ValidationCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public unsafe void Sparse_rows_are_held_out_like_others(bool divided)
    {
        string Rows(int count, int first) => string.Concat(Enumerable.Range(0, count).Select(k => $"{k % 2} 1:{first + k}\n"));
        string path = Write("t.svm", Rows(100, 0));
        var data = LinearDataCatalog.Load(path, true, LinearSets.Alone, divided ? new() { TestPath = Write("test.svm", Rows(10, 1000)) } : null, true, 0.25);
        int[] all = [.. Enumerable.Range(0, 100).Where(k => divided || !Division.IsTest(k, 100))], held = [.. Division.Validation(all.Length, 0.25).Select(k => all[k])];
        int[] tests = divided ? [.. Enumerable.Range(1000, 10)] : [.. Enumerable.Range(0, 100).Except(all)];
        Assert.Equal((all.Length - held.Length, held.Length, 10), (data.TrainCount, data.ValidationCount, data.TestCount));
        // One feature and the intercept, in some order.
        float[] numbers = [.. Enumerable.Range(0, data.Rows.Count).Select(row => ((float*)data.Rows.Values(row))[data.Order[0] == 0 ? 0 : 1])];
        Assert.Equal([.. all.Except(held), .. held, .. tests], numbers.Select(number => (int)number));
    }

    [Theory]
    [InlineData("train", "--model softmax --method msgd --workers 1")]
    [InlineData("train", "--model mlp --method easgd --hidden 8 --workers 2")]
    [InlineData("simulate", "--model softmax --method easgd --workers 3")]
    [InlineData("train", "--model logistic --method hogwild --workers 1")]
    public void A_run_measures_them_and_says_what_a_best_model_is_chosen_by(string command, string options)
    {
        string path = Write("t.csv", "a,b,label\n" + string.Concat(Enumerable.Range(0, 600).Select(k => $"{k * 7919 % 97},{k * 104729 % 89},{(k * 7919 % 97 + k % 11 * 5 > 60 ? 1 : 0)}\n")));
        JsonElement Run(string name, params string[] more) => Cli.Json([command, .. options.Split(' '), "--data", path, "--epochs", "4", "--evaluate-every", "1", "--run", Path.Combine(folder, name), .. more]);
        var without = Run("without");
        Assert.Equal("test", without.GetProperty("chosenBy").GetString());
        Assert.False(without.TryGetProperty("validationError", out _));
        var with = Run("with", "--validation-fraction", "0.25");
        Assert.Equal("validation", with.GetProperty("chosenBy").GetString());
        double[] errors = [.. File.ReadLines(Path.Combine(folder, "with", "trace.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("validationError").GetDouble())];
        Assert.Equal(errors[^1], with.GetProperty("validationError").GetDouble());
        Assert.Equal(errors.Min(), with.GetProperty("bestValidationError").GetDouble());
        // 540 training rows, a quarter of which validates: errors are whole examples of 135.
        Assert.Equal(Math.Round(135 * errors[^1]), 135 * errors[^1], 1e-9);
        string best = File.ReadLines(Path.Combine(folder, "with", "trace.jsonl")).ElementAt(Array.IndexOf(errors, errors.Min()));
        Assert.Equal(JsonDocument.Parse(best).RootElement.GetProperty("testError").GetDouble(), with.GetProperty("chosenTestError").GetDouble());
        Assert.Equal(4 * 405, with.GetProperty("samples").GetInt64());
    }

    [Fact]
    public void A_comparison_chooses_by_them()
    {
        string path = Write("t.csv", "a,b,label\n" + string.Concat(Enumerable.Range(0, 400).Select(k => $"{k * 7919 % 97},{k * 104729 % 89},{(k * 7919 % 97 > 50 ? 1 : 0)}\n")));
        string[] line = ["compare", "--methods", "msgd", "--learning-rates", "0.1,0.001", "--model", "softmax", "--data", path, "--epochs", "2"];
        Assert.Equal("test", Cli.Json(line).GetProperty("chosenBy").GetString());
        var chosen = Cli.Json([.. line, "--validation-fraction", "0.2"]);
        Assert.Equal("validation", chosen.GetProperty("chosenBy").GetString());
        var trials = chosen.GetProperty("trials").EnumerateArray().ToDictionary(trial => trial.GetProperty("learningRate").GetDouble(), trial => trial.GetProperty("result").GetProperty("bestValidationError").GetDouble());
        var method = chosen.GetProperty("methods")[0];
        Assert.Equal(trials.Values.Min(), method.GetProperty("bestValidationError").GetDouble());
        Assert.Equal(trials.MinBy(trial => trial.Value).Key, method.GetProperty("learningRate").GetDouble());
        Assert.Equal(JsonValueKind.Number, method.GetProperty("chosenTestError").ValueKind);
    }

    [Theory]
    [InlineData("0.6")]
    [InlineData("-0.1")]
    [InlineData("nan")]
    [InlineData("half")]
    public void A_fraction_out_of_its_range_is_refused(string fraction)
    {
        string path = Write("t.csv", string.Concat(Enumerable.Range(0, 50).Select(k => $"{k},{k % 2}\n")));
        foreach (string model in (string[])["softmax", "logistic"])
            Assert.Equal($"hooke: validation-fraction is {fraction}; it must be from 0 to 0.5", Cli.Run("train", "--data", path, "--model", model, "--validation-fraction", fraction, "--run", Path.Combine(folder, "run")).Error.Trim());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
