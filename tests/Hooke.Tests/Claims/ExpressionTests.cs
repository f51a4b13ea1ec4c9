using System.Text.Json;
using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>Figures as formulas of documents.</summary>
public sealed class ExpressionTests
{
    private static readonly JsonElement document = JsonDocument.Parse("""
        {
          "testError": 0.125, "equal": true, "name": "x", "nothing": null,
          "trace": [ { "seconds": 0, "samples": 0 }, { "seconds": 2, "samples": 100 }, { "seconds": 6, "samples": 200 } ],
          "sets": [ { "data": "rcv1", "ends": [ { "p": "d8m8", "loss": 1.5 }, { "p": "d32m32", "loss": 1 } ] }, { "data": "forest", "ends": [ { "p": "d8m8", "loss": 2.5 } ] } ]
        }
        """).RootElement;

    [Theory]
    [InlineData("100 * testError", 12.5)]
    [InlineData("1 - testError - 0.5", 0.375)]
    [InlineData("-(1 - 3) * 2 / 8", 0.5)]
    [InlineData("2e-1 + equal", 1.2)]
    [InlineData("trace[-1].samples", 200)]
    [InlineData("trace[1].samples / trace[1].seconds", 50)]
    [InlineData("(trace[2].samples - trace[1].samples) / (trace[2].seconds - trace[1].seconds)", 25)]
    [InlineData("sets[data=rcv1].ends[p=d8m8].loss", 1.5)]
    [InlineData("max(sets[*].ends[p=d8m8].loss)", 2.5)]
    [InlineData("min(trace[*].seconds / 2 + 1)", 1)]
    [InlineData("mean(trace[*].samples - trace[*].seconds)", 292.0 / 3)]
    [InlineData("median(trace[*].seconds)", 2)]
    [InlineData("sum(trace[*].seconds, 1)", 9)]
    [InlineData("count(trace[*].seconds)", 3)]
    [InlineData("sqrt(abs(0 - 16))", 4)]
    public void A_formula_has_its_value(string text, double value) => Assert.Equal(value, Expression.Of(text, document), 1e-12);

    [Theory]
    [InlineData("testerror", "the document has no testerror")]
    [InlineData("trace[7].samples", "[7] of 3 elements")]
    [InlineData("trace[-4].samples", "[-4] of 3 elements")]
    [InlineData("testError[0]", "asks for an array")]
    [InlineData("sets[data=music].ends", "no element has data music")]
    [InlineData("sets[data].ends", "neither a number")]
    [InlineData("name", "string is not a number")]
    [InlineData("nothing", "null is not a number")]
    [InlineData("trace[*].seconds", "gives 3 values")]
    [InlineData("trace[*].seconds + sets[*].ends[0].loss", "3 values meet 2")]
    [InlineData("average(1)", "average is not a function")]
    [InlineData("(1 + 2", "')' is missing")]
    [InlineData("1 2", "'2' is left over")]
    [InlineData("1 +", "a name is missing")]
    [InlineData("trace[0", "']' is missing")]
    public void A_formula_that_has_none_says_why(string text, string reason)
        => Assert.Contains(reason, Assert.Throws<FormatException>(() => Expression.Of(text, document)).Message);
}
