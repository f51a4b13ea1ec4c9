using System.CommandLine;
using Hooke.App.Training;

namespace Hooke.App.Commands;

/// <summary>The options that say where a run's data are now, on commands that go on with a run.</summary>
internal sealed class PlaceOptions
{
    private readonly List<TextOption> options = [];

    /// <summary>Adds the options to a command.</summary>
    public PlaceOptions(Command command)
    {
        foreach (var setting in Setting.All.Where(setting => setting.IsPath))
        {
            var option = new TextOption(setting.Name, setting.Group, "path", $"where {(setting.Name == "data" ? "the data" : "the test examples")} are now, if they have moved; they must be the same");
            options.Add(option);
            command.Options.Add(option);
        }
    }

    /// <summary>What was said, or null.</summary>
    public RunFile? Read(Invocation invocation)
    {
        RunFile? said = null;
        foreach (var option in options)
            if (invocation[option] is { } place) (said ??= new())[option.Name[2..]] = place;
        said?.ResolvePaths(".");
        return said;
    }
}
