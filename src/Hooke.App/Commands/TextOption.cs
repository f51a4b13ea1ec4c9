using System.CommandLine;

namespace Hooke.App.Commands;

/// <summary>How an option is shown in the help.</summary>
internal interface IDescribedOption
{
    /// <summary>Heading in the help.</summary>
    string Group { get; }

    /// <summary>What stands for the value in the help.</summary>
    string Placeholder { get; }

    /// <summary>The default, where it is fixed.</summary>
    string? Standard { get; }
}

/// <summary>An option with a value. It is read as text, so that every wrong value gets the same kind of message.</summary>
internal sealed class TextOption : Option<string?>, IDescribedOption
{
    /// <summary>Creates an option.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="group">Heading in the help.</param>
    /// <param name="placeholder">What stands for the value in the help.</param>
    /// <param name="meaning">One line.</param>
    /// <param name="standard">The default, where it is fixed.</param>
    public TextOption(string name, string group, string placeholder, string meaning, string? standard = null) : base("--" + name)
        => (Group, Placeholder, Standard, Description, HelpName) = (group, placeholder, standard, meaning, placeholder);

    public string Group { get; }

    public string Placeholder { get; }

    public string? Standard { get; }
}

/// <summary>An option that is true where it is given without a value, and may be followed by true or false.</summary>
internal sealed class FlagOption : Option<bool?>, IDescribedOption
{
    /// <summary>Creates an option.</summary>
    /// <param name="name">Its name without dashes.</param>
    /// <param name="group">Heading in the help.</param>
    /// <param name="placeholder">What stands for the value in the help.</param>
    /// <param name="meaning">One line.</param>
    public FlagOption(string name, string group, string placeholder, string meaning) : base("--" + name)
        => (Group, Placeholder, Description, HelpName, Arity) = (group, placeholder, meaning, placeholder, ArgumentArity.ZeroOrOne);

    public string Group { get; }

    public string Placeholder { get; }

    public string? Standard => null;
}
