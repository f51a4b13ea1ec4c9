using System.Collections.Concurrent;

namespace Hooke.Models.Data;

/// <summary>
/// A file that appears under its name when it is complete: nobody ever sees half of one. Until then it is NAME.PROCESS.part, which is
/// gone however the work ends; where a signal ends the process, by <see cref="DeleteAll"/>.
/// </summary>
public sealed class PartFile : IDisposable
{
    private static readonly ConcurrentDictionary<string, byte> unfinished = new();
    private readonly string target;

    /// <summary>Begins a file; nothing is created yet.</summary>
    /// <param name="target">Its name once it is complete.</param>
    public PartFile(string target)
    {
        this.target = target;
        Path = $"{target}.{Environment.ProcessId}.part";
        unfinished[Path] = 0;
    }

    /// <summary>Its name until it is complete.</summary>
    public string Path { get; }

    /// <summary>It is complete: it takes its name, from a file that had it.</summary>
    public void Keep() => File.Move(Path, target, true);

    /// <summary>Deletes what was not kept.</summary>
    public void Dispose()
    {
        unfinished.TryRemove(Path, out _);
        Delete(Path);
    }

    /// <summary>Deletes all that this process has begun and not completed, for it is about to end.</summary>
    public static void DeleteAll()
    {
        foreach (string path in unfinished.Keys) Delete(path);
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // The folder is gone or locked, and there is nobody to tell: whoever wrote the file has the error of that.
        }
    }
}
