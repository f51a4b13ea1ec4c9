using System.Globalization;

namespace Hooke.Tests.Mpi;

/// <summary>Who listens, as the kernel says.</summary>
internal static class Sockets
{
    private const string Listens = "0A";

    /// <summary>The addresses and ports at which a process waits for connections, in the kernel's digits: 0100007F is 127.0.0.1.</summary>
    public static string[] Listening(int process)
    {
        var ports = new Dictionary<string, string>();
        foreach (string table in (string[])["tcp", "tcp6"])
            foreach (string line in File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/net/{table}").Skip(1))
            {
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words[3] == Listens) ports[$"socket:[{words[9]}]"] = words[1];
            }
        return [.. Directory.EnumerateFiles($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().Where(ports.ContainsKey).Select(link => ports[link])];
    }
}
