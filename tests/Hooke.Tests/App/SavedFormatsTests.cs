using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>
/// What is saved is what is stated: <c>center.safetensors</c> of every kind of model and data is evaluated on the user's own test
/// file, by readers and loops that share nothing with Hooke, and gives the test error and loss that the run stated.
/// </summary>
public sealed class SavedFormatsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("hooke-saved-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    public static TheoryData<string, string, string> Runs
    {
        get
        {
            TheoryData<string, string, string> runs = [];
            foreach (string format in (string[])["csv", "text.csv", "plain.csv", "tsv", "svm", "classes.svm", "pgm", "ppm", "idx", "cifar"])
            {
                runs.Add(format, "mlp", "--method msgd --hidden 6");
                runs.Add(format, "logistic", "--method hogwild --workers 2");
            }
            runs.Add("csv", "hinge", "--method hogwild --precision d16m16 --workers 1");
            runs.Add("csv", "logistic", "--method sgd --average time-average --intercept false");
            runs.Add("csv", "least-squares", "--method hogwild");
            runs.Add("plain.csv", "least-squares", "--method hogwild");
            runs.Add("text.csv", "softmax", "--method easgd --workers 2 --loss squared-error");
            runs.Add("text.csv", "mlp", "--method msgd --hidden 6 --loss regression");
            runs.Add("idx", "least-squares", "--method hogwild");
            runs.Add("ppm", "mlp", "--method msgd --hidden 6 --crop 4 --flip");
            runs.Add("numbers.svm", "mlp", "--method msgd --hidden 6");
            runs.Add("numbers.svm", "least-squares", "--method hogwild --workers 2");
            runs.Add("numbers.svm", "least-squares", "--method hogwild --precision d8m16 --intercept false");
            runs.Add("price.csv", "mlp", "--method msgd --hidden 6");
            runs.Add("price.csv", "least-squares", "--method hogwild --precision d16m32");
            runs.Add("svm", "hinge", "--method hogwild --workers 1");
            runs.Add("zero.svm", "logistic", "--method hogwild");
            runs.Add("zero.svm", "mlp", "--method msgd --hidden 6");
            return runs;
        }
    }

    [Theory, MemberData(nameof(Runs))]
    public void A_saved_model_gives_the_stated_figures_on_the_users_own_test_file(string format, string model, string options)
    {
        string folder = Directory.CreateDirectory(At("data")).FullName;
        string[] data = RawExamples.Write(format, folder);
        // Numbers with fractions are classes only where that is said.
        if (format == "plain.csv" && model != "least-squares") data[1] += ":label=last";
        Check(format, folder, Cli.Json(["train", "--model", model, .. options.Split(' '), .. data, "--epochs", "4", "--run", At("run")]));
    }

    [Theory]
    [InlineData("csv", "mlp", "msgd")]
    [InlineData("text.csv", "logistic", "hogwild")]
    [InlineData("pgm", "mlp", "msgd")]
    [InlineData("numbers.svm", "least-squares", "hogwild")]
    public void An_imported_set_keeps_its_names(string format, string model, string method)
    {
        string folder = Directory.CreateDirectory(At("data")).FullName;
        RawExamples.Write(format, folder);
        Cli.Json("data", "import", folder, At("set.hooke"));
        Check(format, folder, Cli.Json("train", "--model", model, "--method", method, "--data", At("set.hooke"), "--epochs", "2", "--run", At("run")));
    }

    [Fact]
    public void Weights_of_a_table_with_columns_of_very_different_size_err_as_little_as_the_run_says()
    {
        // An income around 1000, a rate around 0.005, and two classes called 3 and 7.
        var noise = new double[400];
        uint state = 1;
        for (int k = 0; k < noise.Length; k++) noise[k] = ((state = state * 1664525 + 1013904223) >> 8) / (double)(1 << 24) - 0.5;
        string[] rows = [.. noise.Select((value, k) => FormattableString.Invariant($"{1000 + 600 * (k / 3 % 2) + 400 * value:f1},{.005 + .003 * value:f5},{3 + 4 * (k / 3 % 2)}"))];
        File.WriteAllLines(At("scales.csv"), ["income,rate,label", .. rows]);
        var stated = Cli.Json("train", "--method", "hogwild", "--data", At("scales.csv"), "--run", At("run"));
        Assert.Equal(0, stated.GetProperty("testError").GetDouble());
        var saved = new SavedModel(At("run/center.safetensors"));
        Assert.Equal(["3", "7"], saved.Names("classes"));
        Assert.Equal(["income", "rate"], saved.Names("features"));
        Assert.Equal(("label", "classification"), (Word(saved, "labelColumn"), Word(saved, "task")));
        int wrong = 0;
        foreach (string[] fields in rows.Select(row => row.Split(',')))
        {
            double score = saved.Outputs([.. fields[..2].Select(field => double.Parse(field, CultureInfo.InvariantCulture))], out _)[0];
            wrong += saved.Names("classes")[score > 0 ? 1 : 0] == fields[2] ? 0 : 1;
        }
        Assert.InRange(wrong, 0, 4);
    }

    [Fact]
    public void Names_with_commas_and_quotes_are_written_as_in_a_table()
    {
        string folder = Directory.CreateDirectory(At("data")).FullName;
        RawExamples.Write("pgm", folder);
        Cli.Json("train", "--model", "softmax", "--method", "sgd", "--data", folder, "--epochs", "1", "--run", At("run"));
        Assert.Equal("\"an \"\"owl\"\"\",\"cat, black\",dog", new SavedModel(At("run/center.safetensors")).Metadata.GetProperty("classes").GetString());
    }

    private void Check(string format, string folder, JsonElement stated)
    {
        var saved = new SavedModel(At("run/center.safetensors"));
        var examples = RawExamples.Read(format, folder, saved);
        double loss = 0;
        int wrong = 0;
        foreach (var example in examples) loss += Judge(saved, saved.Outputs(example.Stored, out _), example.Label, ref wrong);
        Assert.Equal(loss / examples.Count, stated.GetProperty("testLoss").GetDouble(), 2e-4 * loss / examples.Count + 1e-6);
        Assert.Equal(Said("testLoss"), stated.GetProperty("testLoss").GetDouble());
        if (Word(saved, "task") == "classification")
        {
            Assert.Equal((double)wrong / examples.Count, stated.GetProperty("testError").GetDouble(), 1e-9);
            Assert.Equal(Said("testError"), stated.GetProperty("testError").GetDouble());
        }
        else Assert.Equal(JsonValueKind.Null, stated.GetProperty("testError").ValueKind);

        double Said(string key) => double.Parse(Word(saved, key), CultureInfo.InvariantCulture);
    }

    private static string Word(SavedModel saved, string key) => saved.Metadata.GetProperty(key).GetString()!;

    /// <summary>The loss of an example, by its name in the metadata.</summary>
    private static double Judge(SavedModel saved, double[] y, string label, ref int wrong)
    {
        string loss = Word(saved, "loss");
        if (Word(saved, "task") == "regression")
        {
            double error;
            if (saved.Metadata.TryGetProperty("classes", out _)) error = y[0] - (Array.IndexOf(saved.Names("classes"), label) / (saved.Names("classes").Length - 1.0) - 0.5);
            else error = y[0] * saved.Numbers("targetDeviation")[0] + saved.Numbers("targetMean")[0] - double.Parse(label, CultureInfo.InvariantCulture);
            return loss == "half the squared error" ? error * error / 2 : error * error;
        }
        int place = Array.IndexOf(saved.Names("classes"), label);
        Assert.True(place >= 0, $"{label} is none of {Word(saved, "classes")}");
        int answer = y.Length == 1 ? (y[0] > 0 ? 1 : 0) : Array.IndexOf(y, y.Max());
        wrong += answer == place ? 0 : 1;
        double Sum(Func<double, double> of) => y.Length == 1 ? of(place == 1 ? y[0] : -y[0]) : y.Select((z, k) => of(k == place ? z : -z)).Sum();
        return loss switch
        {
            "logistic loss" => Sum(margin => Math.Log(1 + Math.Exp(-margin))),
            "hinge loss" => Sum(margin => Math.Max(0, 1 - margin)),
            "half the squared error" => Sum(margin => (1 - margin) * (1 - margin) / 2),
            "squared-error" => y.Select((z, k) => k == place ? (z - 1) * (z - 1) / 2 : z * z / 2).Sum(),
            _ => Math.Log(y.Sum(z => Math.Exp(z - y.Max()))) + y.Max() - y[place],
        };
    }

    private string At(string name) => Path.Combine(root, name);
}
