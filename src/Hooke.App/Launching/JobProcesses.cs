using System.Globalization;
using Hooke.App.Training;

namespace Hooke.App.Launching;

/// <summary>The processes of a job on this machine, as the system knows them: those that mpirun has started, and all of its session.</summary>
/// <param name="root">mpirun.</param>
internal sealed class JobProcesses(int root)
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(10);
    private readonly Dictionary<int, (int? Rank, long RunningAt)> children = [];

    private readonly record struct Member(int Id, int Parent, int Session, char State)
    {
        public bool IsAlive => State is not ('Z' or 'X');

        public bool IsStopped => State is 'T' or 't';
    }

    /// <summary>Whether a process is there.</summary>
    public static bool IsAlive(int process) => !Directory.Exists("/proc/self") || Read(process) is { IsAlive: true };

    /// <summary>Looks whether a rank of a job that is starting has ended, or is stopped: no other gets on then, and MPI waits for it without a bound.</summary>
    /// <param name="lease">How long one may be stopped.</param>
    /// <returns>Which, and what it did; null if all is well.</returns>
    public string? FindTrouble(TimeSpan lease)
    {
        long now = Environment.TickCount64;
        var members = Find().ToDictionary(member => member.Id);
        foreach (var member in members.Values)
        {
            if (member.Parent != root) continue;
            if (!children.TryGetValue(member.Id, out var child)) child = (null, now);
            // A process that is not yet the rank's program does not know its rank.
            children[member.Id] = child = (child.Rank ?? RankOf(member.Id), member.IsStopped ? child.RunningAt : now);
            if (now - child.RunningAt > lease.TotalMilliseconds) return $"{Name(member.Id)} has been stopped for {Resolution.Invariant((now - child.RunningAt) / 1000.0)} s before the run began";
        }
        foreach (int process in children.Keys)
            if (!members.ContainsKey(process) && children[process].Rank is not null) return $"{Name(process)} ended before the run began";
        return null;
    }

    /// <summary>Ends all that are left, stopped ones too.</summary>
    /// <param name="limit">How long they may take to go.</param>
    /// <returns>Whether none is left.</returns>
    public bool KillAll(TimeSpan limit)
    {
        for (long start = Environment.TickCount64; ;)
        {
            var left = Find();
            if (left.Count == 0) return true;
            foreach (var member in left) _ = Posix.Signal(member.Id, Posix.Kill); // it may be gone
            if (Environment.TickCount64 - start > limit.TotalMilliseconds) return false;
            // The system tells nobody but its parent of a process's end.
            Thread.Sleep(pause);
        }
    }

    private string Name(int process) => children[process].Rank is { } rank ? $"rank {rank} (process {process})" : $"process {process} of mpirun's";

    private List<Member> Find()
    {
        var all = new List<Member>();
        if (!Directory.Exists("/proc/self")) return all;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && Read(process) is { IsAlive: true } member) all.Add(member);
        var found = all.Where(member => member.Id == root || member.Session == root).Select(member => member.Id).ToHashSet();
        for (int before = -1; before != found.Count;)
        {
            before = found.Count;
            foreach (var member in all)
                if (found.Contains(member.Parent)) found.Add(member.Id);
        }
        return [.. all.Where(member => found.Contains(member.Id))];
    }

    private static Member? Read(int process)
    {
        if (Text(process, "stat") is not { } text) return null;
        // The name, in parentheses, may have any characters.
        string[] words = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(process, Number(words[1]), Number(words[3]), words[0][0]);
    }

    private static int? RankOf(int process)
    {
        const string Variable = "OMPI_COMM_WORLD_RANK=";
        string? found = Text(process, "environ")?.Split('\0').FirstOrDefault(variable => variable.StartsWith(Variable, StringComparison.Ordinal));
        return found is null ? null : Number(found[Variable.Length..]);
    }

    private static string? Text(int process, string file)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/{file}");
            return text.Length > 0 ? text : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended meanwhile, or is another user's
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
