using Hooke.Runs;

namespace Hooke.Simulator;

/// <content>All state, between any two events.</content>
public sealed partial class Simulation<T>
{
    /// <summary>Saves or restores the simulation between two events. Restored into a new one of equal inputs, it goes on with the same bits.</summary>
    /// <param name="archive">Where to.</param>
    public void Archive(IArchive<T> archive)
    {
        int n = star.Objective.Dimension;
        archive.Fact("cluster", cluster.Name);
        archive.Flag("started", ref started);
        if (!started) return;
        DeriveAll();
        star.Archive(archive);
        supply.Archive(archive);
        evaluation.Archive(archive);
        queue.Archive(archive);
        network.Archive(archive);
        post.Archive(archive);
        staleness.Archive(archive, "staleness.");
        for (int w = 0; w < seats.Length; w++) seats[w].Archive(archive, $"seat.{w}.");
        foreach (var worker in star.Workers)
            if (seats[worker.Index].Doing == Doing.Joining) worker.ArchiveInbox(archive);
        for (int k = 0; k < edges.Length; k++) edges[k].Archive(archive, $"edge.{k}.");
        foreach (var worker in star.Workers)
            if (seats[worker.Index] is { HasDeposited: true } or { DepositsInFlight: > 0 }) worker.ArchiveMessage(archive);
        for (int s = 0; s < servers.Length; s++)
        {
            archive.Number($"server.{s}.free", ref servers[s].Free);
            archive.Number($"server.{s}.busy", ref servers[s].Busy);
            archive.Number($"server.{s}.count", ref servers[s].Count);
            archive.Number($"server.{s}.waited", ref servers[s].Waited);
        }
        archive.Number("now", ref now);
        archive.Number("events", ref events);
        archive.Number("exchanges", ref exchanges);
        archive.Number("dropped", ref dropped);
        archive.Number("moved", ref moved);
        archive.Number("samples", ref samples);
        archive.Number("abandoned", ref abandoned);
        archive.Number("nextMark", ref nextMark);
        archive.Number("active", ref active);
        archive.Number("joining", ref joining);
        archive.Number("behind", ref behind);
        archive.Number("arrived", ref arrived);
        archive.Number("missing", ref missing);
        archive.Number("deposits", ref deposits);
        archive.Number("turn", ref turn);
        archive.Flag("reducing", ref reducing);
        archive.Number("duplicates", ref duplicates);
        archive.Number("resent", ref resent);
        archive.Number("centerUp", ref centerUp);
        archive.Number("savedClock", ref savedClock);
        archive.Number("pendingArrivals", ref pendingArrivals);
        archive.Vector("ledger.lost", ref lost, n);
        archive.Vector("ledger.removed", ref removed, n);
        archive.Vector("ledger.added", ref added, n);
        saved.Archive(archive);
        ArchiveIncidents(archive);
    }
}
