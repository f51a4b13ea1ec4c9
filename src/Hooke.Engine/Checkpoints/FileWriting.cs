namespace Hooke.Engine.Checkpoints;

/// <summary>Writes files so that all that may go wrong outside of the program is an <see cref="IOException"/>.</summary>
public static class FileWriting
{
    /// <summary>Performs what writes a file.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="IOException">There is no room, or the file is larger than its file system or a limit allows.</exception>
    public static void Attempt(string path, Action write)
    {
        try
        {
            write();
        }
        catch (ArgumentOutOfRangeException tooLarge) // what .NET makes of EFBIG
        {
            throw new IOException($"{path} would be larger than its file system, or a limit for files, allows", tooLarge);
        }
    }
}
