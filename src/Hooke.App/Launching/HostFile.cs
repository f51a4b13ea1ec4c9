using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Hooke.App.Training;

namespace Hooke.App.Launching;

/// <summary>
/// A host file of mpirun's: a line a host, <c>name slots=4</c>, or the name alone, once a process. mpirun tells what is wrong with one without its line,
/// and in part when processes have already started, so it is read here first.
/// </summary>
internal static partial class HostFile
{
    private const int MostBytes = 1 << 20, MostSlots = 1 << 20;
    private static readonly string[] slotWords = ["slots", "count", "cpu"], limitWords = ["max-slots", "max_slots", "slots-max", "slots_max"],
        userWords = ["user", "username", "user-name", "user_name"];
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(10);

    private sealed record Host(string Name, int Line, bool HasSlots);

    /// <summary>Reads a host file to see whether mpirun can use it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">It can't: the file, the line and why.</exception>
    public static void Check(string path)
    {
        var hosts = Read(path);
        if (hosts.Count == 0) throw new BadInputException($"host file {path} names no host; it must have a line a host, for example: node1 slots=4");
        var addresses = Resolve(path, hosts);
        foreach (var (k, host) in hosts.Index())
        {
            var earlier = hosts.Take(k).FirstOrDefault(other => (other.HasSlots || host.HasSlots) && addresses[other.Name].Intersect(addresses[host.Name]).Any());
            if (earlier is not null)
                throw Wrong(path, host.Line, $"{host.Name} is the host of line {earlier.Line}, too; a host with slots must have one line, with all of its slots");
        }
    }

    private static List<Host> Read(string path)
    {
        var hosts = new List<Host>();
        foreach (var (k, line) in Text(path).Split('\n').Index())
        {
            if (line.Contains('\r'))
                throw Wrong(path, k + 1, $"it ends with a carriage return, as lines on Windows do; it must end with a line feed alone (sed -i 's/\\r$//' {path} mends the file)");
            string[] words = EqualsSign().Replace(line.Split('#', 2)[0], "=").Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0) continue;
            string name = words[0][(words[0].IndexOf('@') + 1)..];
            if (!HostName().IsMatch(name)) throw Wrong(path, k + 1, $"host is {words[0]}; it must be a name or an address");
            int? slots = null;
            foreach (string word in words[1..])
            {
                string[] parts = word.Split('=', 2);
                bool isNumber = slotWords.Contains(parts[0]) || limitWords.Contains(parts[0]);
                if (parts.Length < 2 || !isNumber && !userWords.Contains(parts[0])) throw Wrong(path, k + 1, $"{word} is not known; after a host may come slots=N, max-slots=N and user=NAME");
                if (!isNumber) continue;
                if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > MostSlots)
                    throw Wrong(path, k + 1, $"{parts[0]} is {(parts[1].Length > 0 ? parts[1] : "empty")}; it must be a whole number from 1 to {MostSlots}");
                if (slotWords.Contains(parts[0])) slots = number;
            }
            hosts.Add(new(name, k + 1, slots is not null));
        }
        return hosts;
    }

    private static string Text(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"host file {path} is a folder; it must be a file");
        if (!File.Exists(path)) throw new BadInputException($"host file {path} does not exist");
        // A pipe may never end, and a disk never answer.
        var reading = Task.Run(() =>
        {
            using var file = File.OpenRead(path);
            byte[] bytes = new byte[MostBytes + 1];
            return bytes.AsMemory(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        });
        try
        {
            if (!reading.Wait(patience)) throw new BadInputException($"host file {path} has not been read within {patience.TotalSeconds} s; it must be a text file");
        }
        catch (AggregateException trouble) when (trouble.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"host file {path} can't be read: {trouble.InnerException.Message}");
        }
        if (reading.Result.Length > MostBytes) throw new BadInputException($"host file {path} has more than {MostBytes} bytes; it must be a list of hosts");
        return Encoding.UTF8.GetString(reading.Result.Span);
    }

    /// <summary>Looks all names up at once: a name server that does not answer costs its time once.</summary>
    private static Dictionary<string, IPAddress[]> Resolve(string path, List<Host> hosts)
    {
        var lookups = hosts.Select(host => host.Name).Distinct().ToDictionary(name => name, name => Task.Run(() => Addresses(name)));
        Task.WaitAll([.. lookups.Values], patience);
        foreach (var host in hosts)
        {
            var lookup = lookups[host.Name];
            if (!lookup.IsCompleted || lookup.Result.Length == 0)
                throw Wrong(path, host.Line, $"host {host.Name} {(lookup.IsCompleted ? "is not known" : $"has not been found within {patience.TotalSeconds} s")}; it must be the name or address of a host");
        }
        return lookups.ToDictionary(each => each.Key, each => each.Value.Result);
    }

    private static IPAddress[] Addresses(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (SocketException)
        {
            // A name that only ssh's settings know.
            return SecureShell.NameOf(name) is { } real && real != name ? Addresses(real) : [];
        }
    }

    private static BadInputException Wrong(string path, int line, string what) => new($"host file {path}, line {line}: {what}");

    [GeneratedRegex(@"\s*=\s*")]
    private static partial Regex EqualsSign();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.:-]*$")]
    private static partial Regex HostName();
}
