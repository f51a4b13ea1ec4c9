using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>Rows and bounds as files say them.</summary>
public sealed class RowFileTests
{
    private const string Group = """
        [ { // what the rows have in common
            "run": "hooke train --method {method} --seed {seed} --json", "value": "100 * testError", "seeds": "1..3", "minutes": 0.5,
            "claim": "{method}: test error, %", "stated": "bench/README.md", "atMost": 13.2,
            "rows": [ { "id": "mlp-easgd", "method": "easgd", "quick": true }, { "id": "mlp-eamsgd", "method": "eamsgd", "atMost": 11.5, "take": "max", "seeds": "4..4", "needs": "torch gcc", "busy": 4 } ]
        } ]
        """;

    [Fact]
    public void A_row_has_what_its_group_says_and_what_it_says_itself()
    {
        var rows = RowFiles.Parse(Group, "rows.json", "accuracy");
        Assert.Equal(["mlp-easgd", "mlp-eamsgd"], rows.Select(row => row.Id));
        Assert.Equal(("easgd: test error, %", new Bound(null, 13.2), true, Take.Median), (rows[0].Claim, rows[0].Bound, rows[0].Quick, rows[0].Take));
        Assert.Equal([1, 2, 3], rows[0].Seeds);
        Assert.Equal((new Bound(null, 11.5), false, Take.Max, 4), (rows[1].Bound, rows[1].Quick, rows[1].Take, rows[1].Busy));
        Assert.Equal([4], rows[1].Seeds);
        Assert.Equal(["torch", "gcc"], rows[1].Needs);
        Assert.Equal("hooke train --method eamsgd --seed 4 --json", string.Join(' ', rows[1].Job(4, "/scratch").Words));
    }

    [Theory]
    [InlineData("\"atMost\": 13.2,", "\"atmost\": 13.2,", "atMost must be given, or atLeast")]
    [InlineData("\"atMost\": 13.2,", "\"atMost\": 13.2, \"atleast\": 1,", "atleast is 1; it is no property of a row, and no text has {atleast}")]
    [InlineData("\"atMost\": 13.2,", "\"atMost\": 13.2, \"atLeast\": 14,", "not below it")]
    [InlineData("\"atMost\": 13.2,", "\"atMost\": \"13.2\",", "atMost is 13.2; it must be a number")]
    [InlineData("1..3", "3..1", "seeds is 3..1; it must be the first and the last")]
    [InlineData("1..3", "1,3", "seeds is 1,3; it must be the first and the last")]
    [InlineData("{method}: test", "{model}: test", "claim is {model}: test error, %; it has {model}, which neither row nor group gives")]
    [InlineData("\"minutes\": 0.5", "\"minutes\": 0", "minutes is 0; it must be above 0 and at most 90")]
    [InlineData("\"take\": \"max\"", "\"take\": \"best\"", "take is best; it must be median, mean, min or max")]
    [InlineData("\"busy\": 4", "\"busy\": 0.5", "busy is 0.5; it must be a whole number from 0 to 64")]
    [InlineData("\"mlp-easgd\"", "\"mlp easgd\"", "id is mlp easgd; it must be letters, digits, dots and dashes")]
    [InlineData("\"value\": \"100 * testError\"", "\"value\": \"\"", "value is ; it must be a text")]
    [InlineData("\"rows\":", "\"lines\":", "an array \"rows\"")]
    [InlineData("[ { //", "{ //", "is not JSON")]
    public void A_file_that_says_what_cant_be_is_refused_by_name(string right, string wrong, string reason)
    {
        var trouble = Assert.Throws<BadRowsException>(() => RowFiles.Parse(Group.Replace(right, wrong), "rows.json", "accuracy"));
        Assert.StartsWith("rows.json", trouble.Message);
        Assert.Contains(reason, trouble.Message);
    }

    [Fact]
    public void An_id_stands_for_one_row()
    {
        string folder = Directory.CreateTempSubdirectory("hooke-rows-").FullName;
        try
        {
            foreach (string part in RowFiles.Parts) File.WriteAllText(Path.Combine(folder, part + ".json"), "[]");
            File.WriteAllText(Path.Combine(folder, "speed.json"), Group);
            Assert.Equal(2, RowFiles.Read(folder).Count);
            File.WriteAllText(Path.Combine(folder, "papers.json"), Group);
            Assert.Contains("mlp-easgd stands there 2 times", Assert.Throws<BadRowsException>(() => RowFiles.Read(folder)).Message);
            File.Delete(Path.Combine(folder, "papers.json"));
            Assert.Contains("papers.json is missing", Assert.Throws<BadRowsException>(() => RowFiles.Read(folder)).Message);
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Theory]
    [InlineData(null, 12.0, 12.0, true)]
    [InlineData(null, 12.0, 12.01, false)]
    [InlineData(0.9, null, 0.9, true)]
    [InlineData(0.9, null, 0.89, false)]
    [InlineData(1.0, 1.0, 1.0, true)]
    [InlineData(null, 12.0, double.NaN, false)]
    public void A_bound_holds_up_to_its_ends(double? low, double? high, double value, bool holds) => Assert.Equal(holds, new Bound(low, high).Holds(value));

    [Fact]
    public void A_bound_is_looser_if_it_allows_a_value_that_the_older_one_did_not()
    {
        Assert.True(new Bound(null, 12).IsLooserThan(new(null, 11)));
        Assert.True(new Bound(null, 11).IsLooserThan(new(0, 11)));
        Assert.True(new Bound(0.8, null).IsLooserThan(new(0.9, null)));
        Assert.False(new Bound(0.9, 11).IsLooserThan(new(0.9, null)));
        Assert.False(new Bound(null, 11).IsLooserThan(new(null, 11)));
    }

    [Fact]
    public void A_bound_reads_as_it_is_meant()
        => Assert.Equal(["≤ 11.5", "≥ 0.95", "= 0", "0.3 to 0.5", "≥ 28,000"], new Bound[] { new(null, 11.5), new(0.95, null), new(0, 0), new(0.3, 0.5), new(28_000, null) }.Select(bound => $"{bound}"));
}
