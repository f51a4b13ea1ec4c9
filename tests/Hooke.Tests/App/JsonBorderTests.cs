using Hooke.App.Training;
using Hooke.Runs;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>What all JSON from outside passes.</summary>
public sealed class JsonBorderTests
{
    private const string Half = "\\ud800";

    [Theory]
    [InlineData("""{"a": "HALF"}""", "doc: a is \"HALF\", half of a character; it must be Unicode text")]
    [InlineData("""{"a": [1, {"b": "x\udc00"}]}""", "doc: a[1].b is \"x\\udc00\", half of a character")]
    [InlineData("""["HALF"]""", "doc: [0] is \"HALF\"")]
    [InlineData("\"HALF\"", "doc: the text is \"HALF\"")]
    [InlineData("""{"HALF": 1}""", "doc: a key has half of a character (\"HALF\"); it must be Unicode text")]
    [InlineData("""{"a": {"xHALF": 1}}""", "doc: a key of a has half of a character")]
    [InlineData("""{"a": 1, "a": 2}""", "doc: a is given twice; it must be given once")]
    [InlineData("""{"a": {"b": 1, "\u0062": 2}}""", "doc: a.b is given twice; it must be given once")]
    [InlineData("{", "doc is not valid JSON: line 1, column 2: ")]
    [InlineData("{\n\"a\": tru}", "doc is not valid JSON: line 2, column 9: ")]
    [InlineData("", "doc is not valid JSON: line 1, column 1: ")]
    [InlineData("\0", "doc is not valid JSON: line 1, column 1: ")]
    [InlineData("{} {}", "doc is not valid JSON: line 1, column 4: ")]
    public void Unsound_documents_are_refused_with_name_and_place(string text, string message)
        => Assert.StartsWith(message.Replace("HALF", Half), Assert.Throws<BadInputException>(() => JsonBorder.Read("doc", text.Replace("HALF", Half), json => json.ValueKind)).Message);

    [Fact]
    public void Too_many_levels_are_refused()
        => Assert.StartsWith("doc is not valid JSON: line 1, ", Assert.Throws<BadInputException>(() => JsonBorder.Read("doc", new string('[', 100_000), json => json.ValueKind)).Message);

    [Theory]
    [InlineData("""{"a": "\ud83d\ude00"}""")]
    [InlineData("""{"\u00e4": null, "b": [null]}""")]
    [InlineData("// mine\n{\"a\": 1, /* one */}")]
    public void Sound_ones_pass_with_comments_and_characters_of_two_halves(string text) => JsonBorder.Read("doc", text, json => json.ValueKind);

    [Theory]
    [InlineData("null", "doc holds null; it must hold an object")]
    [InlineData("[]", "doc: $ is not what is written there: ")]
    [InlineData("""{"seconds": 1}""", "doc: $ is not what is written there: ")]
    [InlineData("""{"name": null, "trainCount": 1, "testCount": 1, "mean": 1}""", "doc: $")]
    [InlineData("""{"name": "x", "trainCount": "y", "testCount": 1, "mean": 1}""", "doc: $.trainCount is not what is written there: ")]
    [InlineData("""{"name": "x", "trainCount": 3e9, "testCount": 1, "mean": 1}""", "doc: $.trainCount is not what is written there: ")]
    public void Documents_of_ours_hold_all_that_we_write(string text, string message)
        => Assert.StartsWith(message, Assert.Throws<BadInputException>(() => JsonBorder.Read<DataMark>("doc", text)).Message);

    [Theory]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("3")]
    public void A_point_without_its_workers_is_none(string workers)
    {
        string point = """{"seconds": 1, "wallSeconds": 1, "samples": 1, "epochs": 1, "updates": 1, "trainLoss": 1, "testLoss": null, "consensus": 0, "exchanges": 0, "dropped": 0, "bytes": 0, "stalenessMean": 0, "stalenessMax": 0, "workers": []}""";
        Assert.True(double.IsNaN(JsonBorder.Read<TracePoint>("doc", point).TestLoss));
        Assert.StartsWith("doc: ", Assert.Throws<BadInputException>(() => JsonBorder.Read<TracePoint>("doc", point.Replace("\"workers\": []", $"\"workers\": {workers}"))).Message);
    }
}
