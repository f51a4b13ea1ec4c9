namespace Hooke.Claims;

/// <summary>What was asked for, or what a file of rows says, can't be done: one line that names the thing, its value and what is allowed.</summary>
/// <param name="message">The line.</param>
internal sealed class BadRowsException(string message) : Exception(message);
