using System.Text;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>
/// Where the nodes of a tree are. The root is at rank 0; every other rank has a place, with as many neighboring leaves as it has workers. The
/// ranks of a host have neighboring places, and an inner node is where its first leaf is, so that most edges stay within a process or a host.
/// </summary>
internal sealed class TreePlaces
{
    private readonly int[] ranks;
    private readonly int workersPerRank;

    private TreePlaces(int[] ranks, int workersPerRank, int rank)
        => (this.ranks, this.workersPerRank, FirstLeaf) = (ranks, workersPerRank, Array.IndexOf(ranks, rank) * workersPerRank);

    /// <summary>This process's first leaf; negative at rank 0.</summary>
    public int FirstLeaf { get; }

    /// <summary>The rank of a leaf.</summary>
    public int RankOf(int leaf) => ranks[leaf / workersPerRank];

    /// <summary>The rank of a node.</summary>
    public int RankOf<T>(Node<T> node) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => node.Parent is null ? 0 : RankOf(node.FirstLeaf);

    /// <summary>Agrees on the places: all say where they are, and rank 0 says who is where in the tree.</summary>
    /// <param name="transport">Of every rank of the job.</param>
    /// <param name="workersPerRank">Leaves of a rank.</param>
    /// <param name="limit">Longest wait.</param>
    /// <exception cref="TimeoutException">A rank does not answer.</exception>
    public static TreePlaces Agree(Transport transport, int workersPerRank, TimeSpan limit)
    {
        int[]? ranks = null;
        bool hasEnded = false;
        if (transport.Rank > 0)
        {
            transport.Deliver = (_, letter) =>
            {
                hasEnded = letter.Header.Operation == Operation.End;
                if (letter.Header.Operation == Operation.Places) ranks = letter.Values<int>().ToArray();
                if (ranks is not null || hasEnded) transport.Deliver = null; // what comes next is for the run
                transport.Return(letter);
            };
            byte[] host = Encoding.UTF8.GetBytes(transport.Host);
            lock (transport.Gate)
            {
                var letter = transport.Rent(host.Length, Operation.Where);
                host.CopyTo(letter.Payload);
                transport.Send(0, letter);
            }
            Attendance.Await(transport, () => ranks is not null || hasEnded, rank => rank == 0, limit, () => "rank 0 has not said who is where in the tree");
            return new(ranks ?? throw new InvalidOperationException($"rank {transport.Rank}: rank 0 has given up before the run"), workersPerRank, transport.Rank);
        }
        var hosts = new string[transport.Size];
        hosts[0] = transport.Host;
        transport.Deliver = (from, letter) =>
        {
            if (letter.Header.Operation == Operation.Where) hosts[from] = Encoding.UTF8.GetString(letter.Payload);
            transport.Return(letter);
        };
        Attendance.Await(transport, () => Array.IndexOf(hosts, null) < 0, rank => hosts[rank] is null, limit, () => $"ranks {string.Join(", ", Enumerable.Range(0, hosts.Length).Where(k => hosts[k] is null))} have not said where they are");
        transport.Deliver = null;
        ranks = Group(hosts);
        lock (transport.Gate)
            for (int k = 1; k < hosts.Length; k++)
            {
                var letter = transport.Rent(0, Operation.Places);
                ranks.CopyTo(letter.Room<int>(ranks.Length));
                transport.Send(k, letter);
            }
        return new(ranks, workersPerRank, 0);
    }

    /// <summary>Puts the ranks of a host beside each other: hosts in the order of their first ranks, ranks of a host in theirs.</summary>
    /// <param name="hosts">The ranks' hosts; rank 0 has no place.</param>
    /// <returns>The ranks, by place.</returns>
    internal static int[] Group(string[] hosts)
        => [.. Enumerable.Range(0, hosts.Length).GroupBy(rank => hosts[rank]).SelectMany(ranks => ranks).Where(rank => rank > 0)];
}
