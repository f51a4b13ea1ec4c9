namespace Hooke.App.Training;

/// <summary>Input from outside that can't be used: exit code 2. The message is one line that names the thing, its value and what is allowed.</summary>
internal sealed class BadInputException(string message) : Exception(message);
