using System.Diagnostics;

namespace Hooke.Claims;

/// <summary>
/// Which state of the sources a figure was measured on: the last commit that changed what is measured or what measures it, so that
/// committing the table or a page leaves every row done.
/// </summary>
/// <param name="root">The project's folder, in a Git work tree.</param>
internal sealed class Sources(string root)
{
    private static readonly string[] measured =
    [
        "src", "scripts", "hooke", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "bench", ":!bench/rows", ":!bench/Hooke.Claims", ":!bench/claims*", ":!bench/mutation", ":!*.md",
    ];

    /// <summary>The commit's short name; with a dash and a digest of what is not committed if there is something.</summary>
    /// <exception cref="BadRowsException">The folder is in no Git work tree.</exception>
    public string Commit()
    {
        string commit = Git(["log", "-1", "--format=%h", "--abbrev=10", "--", .. measured]).Trim();
        string changes = Git(["diff", "HEAD", "--", .. measured]), untracked = Git(["ls-files", "--others", "--exclude-standard", "--", .. measured]);
        foreach (string file in untracked.Split('\n', StringSplitOptions.RemoveEmptyEntries)) changes += file + Git(["hash-object", "--", file]);
        return changes.Length == 0 ? commit : $"{commit}-{Digest(changes)}";
    }

    /// <summary>What git prints.</summary>
    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true };
        using var git = Process.Start(start) ?? throw new BadRowsException("git did not start");
        var error = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new BadRowsException($"{root} must be in a Git work tree, for values are kept by commit: {error.Result.Trim()}");
    }

    private static string Digest(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..6];
}
