using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

public sealed class CatalogTests
{
    [Fact]
    public void Methods_are_listed_with_reference_and_parameters()
    {
        var methods = Cli.Json("methods");
        string[] names = ["sgd", "msgd", "heavy-ball", "asgd", "mvasgd", "gd", "easgd", "easgd-gauss-seidel", "eamsgd", "eamsgd-heavy-ball", "downpour", "mdownpour", "adownpour", "mvadownpour", "async-sgd", "admm", "admm-momentum", "minibatch-sgd", "easgd-tree", "eamsgd-tree", "downpour-tree", "hogwild"];
        Assert.Equal(names.Order(), methods.EnumerateArray().Select(method => method.GetProperty("name").GetString()!).Order());
        foreach (var method in methods.EnumerateArray())
        {
            Assert.NotEmpty(method.GetProperty("reference").GetString()!);
            Assert.Contains("learning-rate", method.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
            foreach (var parameter in method.GetProperty("parameters").EnumerateArray())
                Assert.Equal(["name", "symbol", "meaning", "range", "default"], parameter.EnumerateObject().Select(property => property.Name));
        }
    }

    [Theory]
    [InlineData("models", "softmax", "mlp")]
    [InlineData("data", "fashion-mnist", "glyphs")]
    public void Models_and_data_are_listed(string command, params string[] names)
    {
        var entries = Cli.Json(command).EnumerateArray().ToArray();
        Assert.Subset(entries.Select(entry => entry.GetProperty("name").GetString()!).ToHashSet(), names.ToHashSet());
        Assert.All(entries, entry => Assert.NotEmpty(entry.GetProperty("reference").GetString()!));
        Assert.Contains(names[0], Cli.Run(command).Output);
    }

    [Fact]
    public void Without_a_command_there_is_help()
    {
        var printed = Cli.Run();
        Assert.Equal((0, ""), (printed.Code, printed.Error));
        foreach (string command in (string[])["train", "resume", "compare", "theory", "methods", "models", "data", "bench"]) Assert.Contains($"\n  {command} ", printed.Output);
    }

    [Theory]
    [InlineData("train --help", "--learning-rate <η>")]
    [InlineData("train -h", "seed of all random numbers [1]")]
    [InlineData("resume --help", "the run's folder")]
    [InlineData("compare --help", "table-4.1, table-4.2 or table-4.3")]
    [InlineData("bench --help", "exchange")]
    [InlineData("bench exchange --help", "[10000000]")]
    [InlineData("theory --help", "stability")]
    [InlineData("theory bound --help", "[<argument=value>]")]
    [InlineData("theory stability --help", "--repetitions <number>")]
    [InlineData("--version", "hooke ")]
    public void Help_and_version_go_to_standard_output(string line, string part)
    {
        var printed = Cli.Run(line.Split(' '));
        Assert.Equal((0, ""), (printed.Code, printed.Error));
        Assert.Contains(part, printed.Output);
        Assert.All(printed.Output.Split('\n'), text => Assert.InRange(text.Length, 0, 110));
        Assert.Equal(JsonValueKind.Object, Cli.Json(line.Split(' ')).ValueKind);
    }

    [Fact]
    public void A_benchmark_reports_its_ratio()
    {
        var result = Cli.Json("bench", "exchange", "--parameters", "500000", "--steps", "3");
        Assert.True(result.GetProperty("ratio").GetDouble() > 0);
        Assert.Equal((500_000, 3), (result.GetProperty("parameters").GetInt32(), result.GetProperty("steps").GetInt32()));
    }
}
