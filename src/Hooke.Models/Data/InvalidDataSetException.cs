namespace Hooke.Models.Data;

/// <summary>A data set cannot be read: it is missing, incomplete or corrupt, or its name is unknown. The message names the file, what was found and what was expected.</summary>
/// <param name="message">The message.</param>
/// <param name="cause">What led to it, if anything.</param>
public sealed class InvalidDataSetException(string message, Exception? cause = null) : Exception(message, cause);
