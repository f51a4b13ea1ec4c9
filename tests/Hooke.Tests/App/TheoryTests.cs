using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>hooke theory as a user sees it: what it answers, and what it says of wrong input.</summary>
public sealed class TheoryTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_radius_is_that_of_the_thesis_s_formula()
    {
        var radius = Cli.Json("theory", "radius", "--method", "easgd", "--learning-rate", "0.1", "--moving-rate", "0.05", "--workers", "16", "--curvature", "2");
        double formula = Cli.Json("theory", "bound", "zhang16-5.18", "η=0.1", "h=2", "α=0.05", "β=0.8").GetProperty("value").GetDouble();
        Assert.Equal(formula, radius.GetProperty("radius").GetDouble(), 1e-12);
        Assert.True(radius.GetProperty("stable").GetBoolean());
        Assert.Equal(17, radius.GetProperty("eigenvalues").EnumerateArray().Sum(e => e.GetProperty("multiplicity").GetDouble()));
        Assert.Equal(("easgd", "synchronous", 16, 1), (radius.GetProperty("method").GetString(), radius.GetProperty("timing").GetString(), radius.GetProperty("workers").GetInt32(), radius.GetProperty("moment").GetInt32()));
    }

    [Theory]
    [InlineData("--method easgd --workers 6 --learning-rate 0.3814 --noise gamma --shape 0.5 --rate 0.5 --moment 2", 0.5742)]
    [InlineData("--method easgd --workers 6 --learning-rate 0.3814 --moment 2 --shape 0.5", 0.5742)]
    [InlineData("--method easgd --workers 100 --center-rate 0.9/p --moving-rate 0.2525 --learning-rate 0.4343 --shape 0.5 --moment 2", 0.5024)]
    [InlineData("--method admm --workers 3 --timing round-robin --learning-rate 0.001 --penalty 2.5", 1.0010)]
    [InlineData("--method easgd --workers infinity --shape 0.5 --moment 2 --learning-rate 0.6666666666666666", 1)]
    [InlineData("--method easgd --workers 1000000 --learning-rate 0.3814 --shape 0.5 --moment 2", 0.6736)]
    [InlineData("--method msgd --learning-rate 0.25 --momentum 0.3333333333333333 --moment 2", 0.25)]
    [InlineData("--method downpour --workers 16 --learning-rate 0.125", 1)]
    public void A_radius_has_the_value_that_is_known(string options, double radius)
        => Assert.Equal(radius, Cli.Json(["theory", "radius", .. options.Split(' ')]).GetProperty("radius").GetDouble(), 6e-5);

    [Fact]
    public void Moments_are_those_of_the_lemma_and_settle()
    {
        var moments = Cli.Json("theory", "moments", "--method", "easgd", "--learning-rate", "0.1", "--moving-rate", "0.05", "--workers", "4", "--sigma", "2", "--start", "3", "--rounds", "7");
        double Bound(string name, params string[] more) => Cli.Json(["theory", "bound", name, "η=0.1", "α=0.05", "p=4", "t=7", .. more]).GetProperty("value").GetDouble();
        var center = moments.GetProperty("after").GetProperty("center");
        double mean = center.GetProperty("mean").GetDouble(), variance = center.GetProperty("variance").GetDouble();
        Assert.Equal(Bound("zhang16-lemma-3.1.1-mean", "start=3"), mean, 1e-12);
        Assert.Equal(Bound("zhang16-lemma-3.1.1-variance", "σ=2"), variance, 1e-12);
        Assert.Equal(mean * mean + variance, center.GetProperty("secondMoment").GetDouble(), 1e-12);
        var limit = moments.GetProperty("infinity");
        Assert.Equal(0, limit.GetProperty("average").GetProperty("mean").GetDouble());
        Assert.Equal(1, moments.GetProperty("averagedVariance").GetDouble(), 1e-9);
        double inTheLongRun = Cli.Json("theory", "bound", "zhang16-5.14", "η=0.1", "α=0.05", "β=0.2", "p=4", "σ=2").GetProperty("value").GetDouble();
        Assert.Equal(inTheLongRun, limit.GetProperty("center").GetProperty("variance").GetDouble(), 1e-12);
    }

    [Fact]
    public void What_grows_has_no_limit_and_is_null()
    {
        var moments = Cli.Json("theory", "moments", "--method", "downpour", "--workers", "64", "--learning-rate", "0.05", "--sigma", "1");
        Assert.Equal(JsonValueKind.Null, moments.GetProperty("infinity").GetProperty("center").GetProperty("mean").ValueKind);
        Assert.Equal(JsonValueKind.Null, moments.GetProperty("infinity").GetProperty("center").GetProperty("variance").ValueKind);
        Assert.False(Cli.Json("theory", "radius", "--method", "downpour", "--workers", "64", "--learning-rate", "0.05").GetProperty("stable").GetBoolean());
    }

    [Fact]
    public void A_map_has_its_grid_its_picture_and_its_least_cell()
    {
        string picture = scratch.At("map.svg");
        var map = Cli.Json("theory", "map", "--method", "easgd", "--workers", "4", "--x", "learning-rate=0:2:20", "--y", "moving-rate=-1:1:10", "--svg", picture);
        double[] x = [.. map.GetProperty("x").GetProperty("values").EnumerateArray().Select(v => v.GetDouble())], y = [.. map.GetProperty("y").GetProperty("values").EnumerateArray().Select(v => v.GetDouble())];
        Assert.Equal((20, 10), (x.Length, y.Length));
        Assert.Equal((0.05, 1.95, -0.9, 0.9), (Math.Round(x[0], 12), Math.Round(x[^1], 12), Math.Round(y[0], 12), Math.Round(y[^1], 12)));
        Assert.Equal(10, map.GetProperty("values").GetArrayLength());
        string svg = File.ReadAllText(picture);
        Assert.StartsWith("<svg", svg);
        Assert.Contains("unstable", svg);
        Assert.Contains("learning-rate", svg);
        System.Xml.Linq.XDocument.Parse(svg);
        double cell = map.GetProperty("values")[4][7].GetDouble();
        Assert.Equal(Cli.Json("theory", "radius", "--workers", "4", "--learning-rate", $"{x[7]:r}", "--moving-rate", $"{y[4]:r}").GetProperty("radius").GetDouble(), cell, 1e-12);

        var text = Cli.Run("theory", "map", "--quantity", "center", "--x", "learning-rate=0:2:30", "--y", "workers=1:20");
        Assert.Equal(0, text.Code);
        Assert.Contains("Variance of the center", text.Output);
        Assert.Contains("×", text.Output);
        Assert.Contains("least", text.Output);
    }

    [Fact]
    public void An_optimum_and_stable_ranges_are_found()
    {
        var optimum = Cli.Json("theory", "optimum", "--method", "minibatch-sgd", "--workers", "8", "--moment", "2", "--noise", "gamma", "--over", "learning-rate=0:2");
        Assert.Equal(0.5 / (0.5 + 1.0 / 8), optimum.GetProperty("values").GetProperty("learning-rate").GetDouble(), 1e-12);
        Assert.Equal("[Zhang16, eq. 5.27]", optimum.GetProperty("formula").GetString());
        var both = Cli.Json("theory", "optimum", "--method", "easgd", "--moment", "2", "--shape", "1", "--rate", "1", "--over", "learning-rate=0.3:0.7", "--over", "workers=5..9");
        Assert.Equal(7, both.GetProperty("values").GetProperty("workers").GetInt32());
        Assert.Equal(0.4317, both.GetProperty("radius").GetDouble(), 5e-5);
        var stable = Cli.Json("theory", "stable", "--method", "sgd", "--curvature", "4", "--over", "learning-rate=0:3").GetProperty("stable");
        Assert.Equal(0.5, stable[0].GetProperty("high").GetDouble(), 1e-8);
    }

    [Theory]
    [InlineData("radius --workers 0", "workers is 0; it must be a whole number from 1 to 2147483647, or infinity")]
    [InlineData("radius --workers 1.5", "workers is 1.5; it must be a whole number")]
    [InlineData("radius --noise gamma --rate 0", "rate is 0; it must be a finite number, above 0")]
    [InlineData("radius --shape -1", "shape is -1; it must be a finite number, above 0")]
    [InlineData("radius --curvature 0", "curvature is 0; it must be a finite number, above 0")]
    [InlineData("radius --sigma -1", "sigma is -1; it must be a finite number, at least 0")]
    [InlineData("radius --noise foo", "noise is foo; it must be none, additive or gamma")]
    [InlineData("radius --noise gamma --curvature 2", "curvature is 2; with gamma noise it is shape/rate")]
    [InlineData("radius --noise none --sigma 1", "sigma is 1; it goes with additive noise, and noise is none")]
    [InlineData("radius --method foo", "method is foo; it must be one of gd, sgd")]
    [InlineData("radius --momentum 0.5", "momentum is 0.5; easgd has no momentum")]
    [InlineData("radius --method msgd --momentum 1", "momentum is 1; it must be above -1 and below 1")]
    [InlineData("radius --moving-rate 3", "moving-rate is 3; it must be above -1 and below 2")]
    [InlineData("radius --period 0.5", "period is 0.5; it must be a whole number")]
    [InlineData("radius --period 2/p", "period is 2/p; it must be a number")]
    [InlineData("radius --moment 3", "moment is 3; it must be a whole number from 1 to 2")]
    [InlineData("radius --timing asynchronous", "timing is asynchronous; it must be synchronous, round-robin or overlapped-synchronous for easgd")]
    [InlineData("radius --method sgd --timing synchronous", "timing is synchronous; sgd is sequential and has none")]
    [InlineData("radius --method sgd --workers 2", "workers is 2; sgd is sequential and has 1")]
    [InlineData("radius --workers infinity --moving-rate 0.3", "workers is infinity; it must be finite where the center moves ever further")]
    [InlineData("radius --workers infinity --timing round-robin", "workers is infinity; it must be finite where easgd is not synchronous")]
    [InlineData("radius --workers 5000 --timing round-robin", "a round in turns has 5001 states; it must have at most 1024")]
    [InlineData("radius --learning-rate 1e300", "the round's map overflows")]
    [InlineData("moments --rounds -1", "rounds is -1; it must be a whole number from 0")]
    [InlineData("moments --start nan", "start is nan; it must be a number")]
    [InlineData("map", "x is missing; it must be given")]
    [InlineData("map --x learning-rate=0:2:20", "y is missing; it must be given")]
    [InlineData("map --x learning-rate=0:2:20 --y learning-rate=0:1", "y is learning-rate=0:1; it must be another parameter than x's")]
    [InlineData("map --x learning-rate=0:2:20 --y foo=1:2", "foo is not a parameter of easgd here; it has workers, curvature, learning-rate")]
    [InlineData("map --x learning-rate=2:0:20 --y moving-rate=-1:1", "learning-rate is 2:0:20; its low end must be below its high end")]
    [InlineData("map --x learning-rate=0:2:20 --y moving-rate=-2:1", "moving-rate is -2:1; it must be above -1 and below 2")]
    [InlineData("map --x learning-rate=0:2:0 --y moving-rate=-1:1", "cells of learning-rate is 0; it must be a whole number from 1 to 4000")]
    [InlineData("map --x learning-rate=0:2 --y workers=0:4", "workers is 0:4; it must be a whole number, at least 1")]
    [InlineData("map --x learning-rate=0:2 --y shape=0:4 --noise additive", "shape is not a parameter of easgd here")]
    [InlineData("map --x learning-rate=0:2 --y moving-rate=0:1 --learning-rate 1", "learning-rate is given with a value and with a range")]
    [InlineData("map --x learning-rate=0:2 --y moving-rate=0:1 --quantity foo", "quantity is foo; it must be radius, center, average or worker")]
    [InlineData("optimum", "over is missing; it must be given")]
    [InlineData("optimum --over x", "over is x; it must be name=low:high, for example learning-rate=0:2")]
    [InlineData("optimum --over learning-rate=a:2", "learning-rate is a; it must be a finite number")]
    [InlineData("stable --over learning-rate=0:1 --over moving-rate=0:1", "over is given 2 times; it must be given once")]
    [InlineData("bound zhang16-5.27 p=4 λ=2", "rate is missing; zhang16-5.27 needs it")]
    [InlineData("bound zhang16-5.27 p=4 λ=2 ω=0", "rate is 0; it must be above 0")]
    [InlineData("bound zhang16-5.2", "bound is zhang16-5.2, which is not known; did you mean")]
    [InlineData("bound zhang16-5.27 p=4 λ=2 ω=1 foo=3", "foo is not an argument of zhang16-5.27")]
    public void Wrong_input_is_named_with_its_value_and_what_is_allowed(string line, string message)
    {
        var printed = Cli.Run(["theory", .. line.Split(' ')]);
        Assert.Equal((2, ""), (printed.Code, printed.Output));
        Assert.Contains(message, Assert.Single(printed.Error.TrimEnd('\n').Split('\n')));
    }
}
