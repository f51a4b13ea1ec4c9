using Hooke.App.Commands;
using Hooke.Tests.Models;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Data from the field on the command line: which model takes them, what is refused, and what is warned of.</summary>
public sealed class DataBorderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-field-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Fact]
    public void A_table_is_learned_by_a_perceptron_where_no_model_is_said()
    {
        var result = Cli.Json(Train(Write("cyclic.csv", "a,b,label\n" + Rows(400, k => $"{k % 10}.1,{k % 10 * (k % 10)},{k % 10}")), "--epochs", "10"));
        Assert.Equal(("mlp", "eamsgd"), (result.GetProperty("model").GetString(), result.GetProperty("method").GetString()));
        // Chance is 0.9.
        Assert.InRange(result.GetProperty("testError").GetDouble(), 0, 0.5);
        Assert.Contains("\"model\": \"mlp\"", File.ReadAllText(At("run/run.json")));
    }

    [Fact]
    public void Sparse_text_is_learned_by_a_linear_model_where_neither_model_nor_method_is_said()
    {
        string path = Write("zero-based.svm", Rows(200, k => $"{k % 2} 0:{k % 2} 3:0.5"));
        var result = Cli.Json(Train(path, "--index-base", "0"));
        Assert.Equal(("logistic", "hogwild", 0.0), (result.GetProperty("model").GetString(), result.GetProperty("method").GetString(), result.GetProperty("testError").GetDouble()));
        Directory.Delete(At("run"), true);
        result = Cli.Json(Train(path, "--index-base", "0", "--method", "easgd", "--epochs", "1"));
        Assert.Equal("mlp", result.GetProperty("model").GetString());
        var refused = Cli.Run(Train(path));
        Assert.Equal(ExitCode.BadInput, refused.Code);
        Assert.Contains("--index-base 0", refused.Error);
    }

    [Fact]
    public void Columns_in_another_order_give_the_same_model()
    {
        string Row(int k, bool swapped) => swapped ? $"{k % 5 + 3},{k % 2 * 2 - 1},{k % 2}" : $"{k % 2 * 2 - 1},{k % 5 + 3},{k % 2}";
        string train = Write("train.csv", "a,b,label\n" + Rows(300, k => Row(k, false)));
        double Error(string test) => Cli.Json("train", "--method", "hogwild", "--workers", "1", "--data", train, "--test-data", test, "--run", At(Path.GetFileNameWithoutExtension(test))).GetProperty("testLoss").GetDouble();
        Assert.Equal(Error(Write("same.csv", "a,b,label\n" + Rows(50, k => Row(k, false)))), Error(Write("other.csv", "b,a,label\n" + Rows(50, k => Row(k, true)))));
    }

    [Fact]
    public void What_is_left_out_and_what_is_lacking_is_in_the_warnings_of_the_result()
    {
        foreach (string sub in (string[])["train/cat", "train/dog", "test/cat"])
        {
            Directory.CreateDirectory(At("images/" + sub));
            for (int k = 0; k < 8; k++) File.WriteAllBytes(At($"images/{sub}/{k}.png"), ImageFolderTests.PngFile(4, 4, 0, ImageFolderTests.Bytes(16, k)));
        }
        File.WriteAllText(At("images/train/dog/9.jpg"), "x");
        var printed = Cli.Run([.. Train(At("images"), "--model", "softmax", "--workers", "1", "--epochs", "1"), "--json"]);
        Assert.Equal(0, printed.Code);
        string[] warnings = [.. printed.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!)];
        Assert.Contains(warnings, warning => warning.Contains("1 file is left out (1 .jpg), for example train/dog/9.jpg"));
        Assert.Contains("images: there are no test examples of class dog, so the test error says nothing of it", warnings);
        Assert.Contains("there are no test examples of class dog", printed.Error);
    }

    [Theory]
    [InlineData("1,0.5\n", "logistic", "is 0.5")]
    [InlineData("1,0.5\n", "hinge", "is 0.5")]
    [InlineData("1,1\n", "softmax", "all ")]
    [InlineData("1,1\n", "logistic", "all ")]
    public void Labels_that_are_no_classes_are_refused(string last, string model, string part)
    {
        bool constant = part == "all ";
        var printed = Cli.Run([.. Train(Write("t.csv", "a,label\n" + Rows(60, k => $"{k},{(constant ? 1 : k % 2)}") + last), "--model", model)]);
        Assert.Equal((ExitCode.BadInput, ""), (printed.Code, printed.Output));
        Assert.Contains(part, Assert.Single(printed.Error.TrimEnd('\n').Split('\n')));
    }

    [Fact]
    public void A_squared_loss_takes_numbers_as_numbers()
    {
        // price = 100 rooms − 3: a rank would be off by far.
        string path = Write("prices.csv", "rooms,price\n" + Rows(400, k => $"{(k % 40 - 20) / 10.0:f1},{100 * ((k % 40 - 20) / 10.0) - 3:f2}"));
        var result = Cli.Json(Train(path, "--model", "least-squares", "--workers", "1", "--epochs", "20"));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, result.GetProperty("testError").ValueKind);
        Assert.Empty(result.GetProperty("warnings").EnumerateArray());
        Assert.Contains(":target=price predicts them", Cli.Run(Train(path, "--model", "mlp")).Error);
    }

    private string[] Train(string data, params string[] more) => ["train", "--data", data, "--run", At("run"), .. more];

    private static string Rows(int count, Func<int, string> row) => string.Concat(Enumerable.Range(0, count).Select(k => row(k) + "\n"));

    private string At(string name) => Path.Combine(folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }
}
