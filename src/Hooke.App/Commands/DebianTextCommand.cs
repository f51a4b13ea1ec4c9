using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Hooke.App.Training;
using Hooke.Models.Data;

namespace Hooke.App.Commands;

/// <summary><c>hooke data debian-text</c>: builds a real sparse set from the package descriptions that Debian publishes.</summary>
internal static class DebianTextCommand
{
    private const int PatienceMinutes = 10;

    public static Command Create()
    {
        var command = new Command(DebianText.Name, "Build the sparse set of Debian's package descriptions, 58 classes, with apt's indices; needs apt, not root.");
        command.SetBody(invocation =>
        {
            string lists = Path.Combine(DebianText.Folder, "lists");
            Directory.CreateDirectory(Path.Combine(lists, "partial"));
            invocation.Screen.Line($"fetching Debian's indices to {lists}");
            Run("apt-get", "-o", $"Dir::State::lists={lists}", "-o", "Acquire::Languages=en", "-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=", "update");
            string[] indices = [.. Directory.GetFiles(lists).Where(file => Path.GetFileName(file).Contains("_Packages") || Path.GetFileName(file).Contains("Translation-en")).Order(StringComparer.Ordinal)];
            var text = new DebianText();
            foreach (string index in indices) text.Read(new StringReader(Run("/usr/lib/apt/apt-helper", "cat-file", index)));
            var summary = text.Write();
            var sources = indices.Select(file => new { file = Path.GetFileName(file), sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))) }).ToArray();
            var record = new { data = DebianText.Name, file = DebianText.File, summary.Descriptions, summary.Sections, summary.Words, summary.WordsPerDescription, summary.Sha256, sources };
            RunFolder.WriteText(Path.Combine(DebianText.Folder, "sources.json"), JsonSerializer.Serialize(record, Json.Indented) + "\n");
            invocation.Screen.Line($"{summary.Descriptions:N0} descriptions in {summary.Sections} sections, {summary.Words:N0} words, {summary.WordsPerDescription:f1} a description");
            invocation.Screen.Line($"{DebianText.File}, SHA-256 {summary.Sha256}");
            invocation.Print(record);
            return ExitCode.Done;
        });
        return command;
    }

    private static string Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(PatienceMinutes)))
            {
                process.Kill();
                throw new TimeoutException($"{program} has not ended within {PatienceMinutes} minutes");
            }
            if (process.ExitCode != 0) throw new IOException($"{program} {arguments[^1]} ended with {process.ExitCode}: {errors.Result.Trim()}");
            return output.Result;
        }
        catch (Win32Exception missing)
        {
            throw new BadInputException($"{DebianText.Name} is built with {program}, which this machine has not: {missing.Message}");
        }
    }
}
