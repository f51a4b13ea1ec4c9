return Hooke.App.Commands.CommandLine.Run(args, Console.Out, Console.Error);
