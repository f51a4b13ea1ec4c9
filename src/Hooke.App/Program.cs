using System.CommandLine;
using Hooke.App.Commands;

var root = new RootCommand("Hooke: parallel and asynchronous SGD. Workers train one model, tied to a center by elastic force.")
{
    RunOptions.Json,
    TrainCommand.Train(),
    TrainCommand.Resume(),
    CompareCommand.Create(),
    ListCommands.Methods(),
    ListCommands.Models(),
    ListCommands.Data(),
    BenchCommand.Create(),
};
var parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? ExitCode.Report(parsed.Errors[0].Message, ExitCode.BadInput, args.Contains("--json")) : parsed.Invoke();
