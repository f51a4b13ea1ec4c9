using Hooke.Theory.Bounds;
using Xunit;

namespace Hooke.Tests.App;

public sealed class TheoryTests
{
    [Fact]
    public void A_bound_is_evaluated_by_name_or_symbol()
    {
        var result = Cli.Json("theory", "bound", "survey-theorem-10", "lipschitz=2", "examples=1000", "γ=0.1", "learning-rate=0.5", "smoothness=1");
        Assert.Equal("survey-theorem-10", result.GetProperty("name").GetString());
        Assert.Equal(0.08, result.GetProperty("value").GetDouble(), 1e-15);
        Assert.Contains("\n1.2\n", Cli.Run("theory", "bound", "survey-lemma-7", "learning-rate=0.1", "smoothness=2").Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Bounds_are_listed_with_reference_and_arguments()
    {
        var bounds = Cli.Json("theory", "bounds").EnumerateArray().ToArray();
        Assert.Equal(AllBounds.List.Select(bound => bound.Name), bounds.Select(bound => bound.GetProperty("name").GetString()));
        Assert.All(bounds, bound => Assert.All(bound.GetProperty("arguments").EnumerateArray(), argument
            => Assert.Equal(["name", "symbol", "meaning", "range", "default"], argument.EnumerateObject().Select(property => property.Name))));
        Assert.Contains("learning-rate: α, above 0, at most 2/smoothness", Cli.Run("theory", "bounds").Output);
    }

    [Theory]
    [InlineData("bound", "name is missing; it must be given")]
    [InlineData("bound survey-lema-7 x=1", "bound is survey-lema-7, which is not known; did you mean survey-lemma-7?")]
    [InlineData("bound frobnicate", "bound is frobnicate, which is not known; hooke theory bounds lists them")]
    [InlineData("bound survey-lemma-7 learning-rate=1 smothness=1", "smothness is not an argument of survey-lemma-7; did you mean smoothness?; it has learning-rate, smoothness")]
    [InlineData("bound survey-lemma-7 learning-rate=1", "smoothness is missing; survey-lemma-7 needs it: Lipschitz constant of an example's gradient, above 0")]
    [InlineData("bound survey-lemma-7 learning-rate=0 smoothness=1", "learning-rate is 0; it must be above 0")]
    [InlineData("bound survey-lemma-7 learning-rate=x smoothness=1", "learning-rate is x; it must be a number, above 0")]
    [InlineData("bound survey-lemma-7 learning-rate=nan smoothness=1", "learning-rate is nan; it must be a number, above 0")]
    [InlineData("bound survey-lemma-7 learning-rate= smoothness=1", "learning-rate is empty; it must be a number, above 0")]
    [InlineData("bound survey-lemma-7 learning-rate smoothness=1", "argument is learning-rate; it must be name=value")]
    [InlineData("bound survey-lemma-7 α=1 learning-rate=1 smoothness=1", "learning-rate is given twice; it must be given once")]
    [InlineData("bound survey-lemma-7-convex learning-rate=2 smoothness=2", "learning-rate is 2; it must be at most 2/smoothness, here 1")]
    [InlineData("stability --problem foo", "problem is foo; it must be convex, strongly-convex or non-convex")]
    [InlineData("stability --method foo", "method is foo; it must be one of gd, sgd,")]
    [InlineData("stability --examples 1", "examples is 1; it must be a whole number from 2 to 1000000")]
    [InlineData("stability --steps 0", "steps is 0; it must be a whole number from 1 to 10000000")]
    [InlineData("stability --repetitions 1", "repetitions is 1; it must be a whole number from 2 to 1000000")]
    [InlineData("stability --workers 2", "workers is 2; sgd is sequential and has 1")]
    [InlineData("stability --momentum 0.9", "momentum is 0.9; sgd has no momentum")]
    [InlineData("stability --learning-rate 0", "learning-rate is 0; it must be a finite number, above 0")]
    [InlineData("stability --strong-convexity 0", "strong-convexity is 0; it must be above 0")]
    [InlineData("stability --problm convex", "option --problm is not known; did you mean --problem?")]
    public void Bad_input_is_named_with_its_value_and_what_is_allowed(string line, string message)
    {
        var printed = Cli.Run(["theory", .. line.Split(' ')]);
        Assert.Equal(2, printed.Code);
        Assert.Equal("", printed.Output);
        Assert.StartsWith("hooke: " + message, printed.Error);
        Assert.Single(printed.Error.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("convex", "[Survey, Theorem 9]", 1, "constant")]
    [InlineData("strongly-convex", "[Survey, Theorem 10]", 1, "constant")]
    [InlineData("non-convex", "[Survey, Theorem 11]", 2, "inverse")]
    public void Stability_is_measured_beside_its_theorem(string problem, string theorem, double rate, string schedule)
    {
        var result = Cli.Json("theory", "stability", "--problem", problem, "--examples", "20", "--steps", "40", "--repetitions", "5");
        Assert.StartsWith(theorem, result.GetProperty("bound").GetString());
        Assert.Equal((problem, "sgd", rate, schedule), (result.GetProperty("problem").GetString(), result.GetProperty("method").GetString(), result.GetProperty("learningRate").GetDouble(), result.GetProperty("schedule").GetString()));
        var points = result.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(20, points.Length);
        Assert.Equal(40, points[^1].GetProperty("step").GetInt64());
        Assert.All(points, point => Assert.True(point.GetProperty("distance").GetProperty("mean").GetDouble() <= point.GetProperty("distanceBound").GetDouble()));
    }

    [Fact]
    public void Stability_of_a_method_without_a_theorem_has_no_bound()
    {
        var result = Cli.Json("theory", "stability", "--method", "eamsgd", "--momentum", "0.9", "--workers", "2", "--examples", "20", "--steps", "20", "--repetitions", "3");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, result.GetProperty("points")[0].GetProperty("gapBound").ValueKind);
        Assert.Equal(0.1, result.GetProperty("learningRate").GetDouble());
        string text = Cli.Run("theory", "stability", "--method", "eamsgd", "--examples", "20", "--steps", "20", "--repetitions", "3").Output;
        Assert.Contains("bounds: none is proved for eamsgd", text);
        Assert.Contains("20 steps", text);
    }

    [Fact]
    public void A_run_that_diverges_ends_with_exit_code_3()
    {
        var printed = Cli.Run("theory", "stability", "--problem", "strongly-convex", "--learning-rate", "1e300", "--examples", "20", "--steps", "20", "--repetitions", "3");
        Assert.Equal(3, printed.Code);
        Assert.Contains("diverged: the models are not finite; a learning rate below 1e300 may help", printed.Output);
    }
}
