using Hooke.App.Commands;
using Xunit;

namespace Hooke.Tests.App;

/// <summary><c>hooke figure</c>.</summary>
public sealed class FigureTests
{
    [Fact]
    public void Without_a_name_it_lists_what_there_is()
    {
        var names = Cli.Json("figure").EnumerateArray().Select(entry => entry.GetProperty("name").GetString());
        Assert.Equal("survey-table-4 survey-figure-4", string.Join(' ', names));
        Assert.Contains("survey-table-4", Cli.Run("figure").Output);
    }

    [Fact]
    public void A_name_that_is_none_is_refused()
    {
        var printed = Cli.Run("figure", "survey-table-5");
        Assert.Equal((ExitCode.BadInput, "hooke: figure is survey-table-5; it must be survey-table-4 or survey-figure-4"), (printed.Code, printed.Error.Trim()));
    }

    // Some minutes of training: ./test -trait long=true runs it.
    [Trait("long", "true")]
    [Fact]
    public void Low_precision_keeps_the_loss_of_floats_within_one_percent()
    {
        foreach (var row in Cli.Json("figure", "survey-table-4").GetProperty("rows").EnumerateArray())
        {
            var ends = row.GetProperty("trainError").EnumerateArray().ToArray();
            Assert.InRange(ends.Single(end => end.GetProperty("precision").GetString() == "d8m16").GetProperty("lossOverFull").GetDouble(), 0, 1.01);
        }
    }
}
