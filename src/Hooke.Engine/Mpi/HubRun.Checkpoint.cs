using Hooke.Engine.Checkpoints;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

// Checkpoints: what is saved while the workers pause, and what they ask of the one that the run goes on from.
internal sealed partial class HubRun<T>
{
    /// <summary>Collects the state while the workers pause, and writes it while they work.</summary>
    private void Save()
    {
        if (plan.Checkpoint is not { } path) return;
        foreach (ref var state in states.AsSpan())
        {
            state?.Dispose();
            state = new();
        }
        lock (transport.Gate)
        {
            foreach (var seat in hub.Seats) seat.IsSaved = false;
            hub.AskAll(Operation.Save, isReproducible ? 1 : 0);
        }
        AwaitAnswers("their state");
        if (hub.Failure is not null) return;
        var archive = new CheckpointWriter<T>();
        Archive(archive);
        archive.Detach();
        AwaitWriting(); // one at a time
        long samples = supply.Given;
        writing = Task.Run(() =>
        {
            try
            {
                archive.Write(path);
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                observer?.Warn($"no checkpoint at {samples} samples: {trouble.Message}", recurs: "no checkpoint");
            }
        });
    }

    /// <summary>A disk that does not answer ends the run: what is computed then could not be kept.</summary>
    private void AwaitWriting()
    {
        if (!writing.Wait(plan.WaitLimit)) throw new TimeoutException($"rank 0: the checkpoint {plan.Checkpoint} has not been written for {plan.WaitLimit.TotalSeconds:g3} s, the limit");
    }

    private void Archive(IArchive<T> archive)
    {
        archive.Fact("fabric", "mpi");
        archive.Facts(method, workers, Objective.Dimension, map.Count, Seed);
        center.Archive(archive);
        foreach (var shard in center.Shards) shard.Archive(archive);
        tree?.Archive(archive, withMail: isReproducible);
        tree?.Account.Archive(archive, workers);
        supply.Archive(archive);
        supply.ArchiveReturned(archive);
        foreach (var seat in hub.Seats)
        {
            seat.Messages.Archive(archive, seat.Index);
            string name = $"seat.{seat.Index}.";
            var before = seat.Describe(0, 0);
            var (compute, data, communication, waiting, bytes, steps) = (before.Compute, before.Data, before.Communication, before.Waiting, before.Bytes, seat.Steps);
            archive.Number(name + "compute", ref compute);
            archive.Number(name + "data", ref data);
            archive.Number(name + "communication", ref communication);
            archive.Number(name + "waiting", ref waiting);
            archive.Number(name + "bytes", ref bytes);
            archive.Number(name + "steps", ref steps);
            bool isSaved = seat.IsSaved;
            archive.Flag(name + "saved", ref isSaved);
            seat.IsSaved = isSaved;
            if (seat.Incarnation > 0) continue;
            seat.Before = new(0, 0, 0, compute, data, communication, waiting, bytes, 0);
            seat.Report = new() { Steps = steps, Loss = double.NaN };
        }
        archive.Number("clock.seconds", ref seconds);
        double now = WallSeconds, wall = now;
        archive.Number("clock.wallSeconds", ref wall);
        wallBefore += wall - now;
        evaluation.Archive(archive);
        for (int i = 0; i < workers; i++)
            if (hub.Seats[i].IsSaved) states[i]?.Archive(archive);
    }

    private void Keep(Letter entry) => states[entry.Header.Worker]?.Add(entry);

    /// <summary>Answers a worker's question about its state in the checkpoint that the run goes on from.</summary>
    private void Lookup(Letter question, Letter answer)
    {
        string name = RemoteEntry.Name(question);
        var header = question.Header;
        answer.Header.Length = 0;
        switch (header.Flag)
        {
            case RemoteEntry.Whole:
                long whole = 0;
                resume!.Number(name, ref whole);
                answer.Header.Number = whole;
                return;
            case RemoteEntry.Real:
                double real = 0;
                resume!.Number(name, ref real);
                answer.Header.Number = BitConverter.DoubleToInt64Bits(real);
                return;
        }
        int length = (int)header.Number, offset = (int)header.Version;
        if (offset == 0)
        {
            NativeVector<T>? vector = null;
            resume!.Vector(name, ref vector, length);
            if (vector is null)
            {
                answer.Header.Flag = RemoteEntry.Unused;
                return;
            }
            fetched[name] = vector;
        }
        int size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>(), count = Math.Min(Math.Max(1, (transport.ChunkBytes - RemoteEntry.NameBytes) / size), length - offset);
        answer.Header.Flag = RemoteEntry.Vector;
        answer.Header.Length = RemoteEntry.NameBytes + count * size;
        fetched[name].Span.Slice(offset, count).CopyTo(RemoteEntry.Slice<T>(answer));
        if (offset + count < length) return;
        fetched[name].Dispose();
        fetched.Remove(name);
    }
}
