using System.Text.Json;
using Hooke.App.Commands;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>What a use of the command line printed, and its exit code.</summary>
internal sealed record Printed(int Code, string Output, string Error)
{
    /// <summary>The one JSON document of standard output; anything after it is an error.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Uses the command line within the test's process.</summary>
internal static class Cli
{
    public static Printed Run(params string[] args)
    {
        StringWriter output = new(), error = new();
        int code = CommandLine.Run(args, output, error);
        return new(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command that must succeed.</summary>
    public static JsonElement Json(params string[] args)
    {
        var printed = Run([.. args, "--json"]);
        Assert.True(printed.Code == 0, printed.Error);
        return printed.Json;
    }
}
