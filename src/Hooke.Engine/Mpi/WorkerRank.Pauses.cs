using System.Text;

namespace Hooke.Engine.Mpi;

/// <content>What a worker does at pauses.</content>
internal sealed partial class WorkerRank<T>
{
    private void Inspect()
    {
        Await(isStreamDone, noStream); // an exchange that overlaps steps
        streams.Measure();
        Await(isStreamDone, noStream);
        if (tree is not null) ShowMessages();
        bool isFinite = worker.IsFinite;
        lock (transport.Gate)
        {
            var letter = transport.Rent(0, Operation.Inspected, worker.Index, streams.Incarnation);
            letter.Header.Flag = isFinite ? 1 : 0;
            letter.Header.Number = BitConverter.DoubleToInt64Bits(streams.SquaredDistance);
            letter.Header.Version = worker.HoldsRemainder ? 1 : 0;
            if (transport.Checks)
            {
                worker.Scratch.Clear();
                worker.AddTo(worker.Scratch, isDisplaced);
                double sum = 0;
                foreach (T value in worker.Scratch) sum += double.CreateChecked(value);
                letter.Room<double>(1)[0] = sum;
            }
            transport.Send(0, letter);
        }
    }

    private void Save(bool withVectors)
    {
        Await(isStreamDone, noStream);
        var archive = new RemoteWriter<T>(Send, worker.Index, withVectors, transport.ChunkBytes);
        worker.Archive(archive);
        if (isFirst) tree?.Archive(archive, withMail: withVectors);
        lock (transport.Gate) transport.Send(0, transport.Rent(0, Operation.Saved, worker.Index, streams.Incarnation));

        void Send(Action<Letter> write, int bytes)
        {
            transport.Await(() => HasNews() || transport.Outgoing(0) < 4, plan.WaitLimit, () => "rank 0 has not taken the worker's state");
            lock (transport.Gate)
            {
                var letter = transport.Rent(bytes, Operation.Entry, worker.Index, streams.Incarnation);
                write(letter);
                transport.Send(0, letter);
            }
        }
    }

    private void Finish(int level)
    {
        if (tree is not null) Flush(level);
        else
        {
            worker.BeginRemainder();
            Push();
            worker.Settle();
            lock (transport.Gate) Tell(); // of the bytes
        }
        Done(Operation.Finished);
    }

    private void Done(Operation operation)
    {
        lock (transport.Gate) transport.Send(0, transport.Rent(0, operation, worker.Index, streams.Incarnation));
    }

    private void Fail(Exception reason)
    {
        lock (transport.Gate)
        {
            byte[] text = Encoding.UTF8.GetBytes(reason is DivergedException { Divergence: var found } ? found.What : reason.Message);
            var letter = transport.Rent(text.Length, Operation.Failed, worker.Index, streams.Incarnation);
            letter.Header.Flag = reason is DivergedException ? 1 : 0;
            letter.Header.Number = worker.Steps;
            text.CopyTo(letter.Payload);
            transport.Send(0, letter);
        }
        while (true)
        {
            var command = NextCommand();
            if (command.Header.Operation != Operation.End) continue;
            if (command.Header.Flag != 0) world.Lose();
            return;
        }
    }
}
