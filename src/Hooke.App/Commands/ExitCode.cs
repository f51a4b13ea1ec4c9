using System.CommandLine;
using Hooke.App.Training;
using Hooke.Engine.Checkpoints;
using Hooke.Models.Data;

namespace Hooke.App.Commands;

/// <summary>How commands end.</summary>
internal static class ExitCode
{
    public const int Done = 0, Other = 1, BadInput = 2, Diverged = 3;

    private const string TraceVariable = "HOOKE_TRACE";

    /// <summary>Gives a command its body; an error becomes one line and an exit code.</summary>
    public static void SetBody(this Command command, Func<Invocation, int> body) => command.SetAction(parsed =>
    {
        var invocation = CommandLine.InvocationOf(parsed);
        try
        {
            return body(invocation);
        }
        catch (Exception trouble)
        {
            if (Environment.GetEnvironmentVariable(TraceVariable) == "1") parsed.InvocationConfiguration.Error.WriteLine(trouble);
            return trouble switch
            {
                BadInputException or InvalidFileException or InvalidDataSetException => invocation.Fail(trouble.Message, BadInput),
                IOException or UnauthorizedAccessException or TimeoutException => invocation.Fail(trouble.Message, Other),
                OutOfMemoryException => invocation.Fail("there is not enough memory; fewer workers or a smaller model need less", Other),
                _ => invocation.Fail($"internal error, {trouble.GetType().Name}: {trouble.Message} ({TraceVariable}=1 shows where)", Other),
            };
        }
    });
}
