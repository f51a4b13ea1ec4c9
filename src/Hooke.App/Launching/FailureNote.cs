using System.Globalization;
using Hooke.App.Commands;
using Hooke.App.Training;

namespace Hooke.App.Launching;

/// <summary>What ended a run on MPI, as rank 0 leaves it in the run's folder for the launcher: the exit code, then why.</summary>
/// <param name="folder">The run's folder.</param>
internal sealed class FailureNote(string folder)
{
    private readonly string path = Path.Combine(folder, "state", "failure");

    /// <summary>Takes the note of an earlier job away.</summary>
    public void Forget()
    {
        if (File.Exists(path)) File.Delete(path);
    }

    /// <summary>Leaves it.</summary>
    public void Write(Exception trouble)
    {
        if (!Directory.Exists(Path.GetDirectoryName(path))) return; // the launcher sees that the folder is gone
        int code = trouble is BadInputException ? ExitCode.BadInput : ExitCode.Other;
        RunFolder.WriteText(path, $"{code.ToString(CultureInfo.InvariantCulture)}\n{trouble.Message.ReplaceLineEndings(" ")}\n");
    }

    /// <summary>Throws what it says, if there is one.</summary>
    public void Throw()
    {
        if (!File.Exists(path)) return;
        string[] lines = File.ReadAllText(path).Split('\n', 2);
        if (lines[0] == ExitCode.BadInput.ToString(CultureInfo.InvariantCulture)) throw new BadInputException(lines[^1].Trim());
        throw new IOException(lines[^1].Trim());
    }
}
