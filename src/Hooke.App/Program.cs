using Hooke.App.Commands;
using Hooke.App.Terminal;

// First of all: nothing that follows is to be ended by a signal without care.
using var interruption = Interruption.Begin();
GuardedWriter output = new(StandardStream.Output(), !Console.IsOutputRedirected), error = new(StandardStream.Error(), !Console.IsErrorRedirected);
return interruption.CodeOf(CommandLine.Run(args, output, error, interruption));
