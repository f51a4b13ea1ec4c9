using System.Numerics;
using System.Text;
using Hooke.Numerics;
using Hooke.Runs;

namespace Hooke.Engine.Mpi;

/// <summary>What letters about a worker's state have behind their header: a name in 64 bytes, then perhaps a slice of a vector.</summary>
internal static class RemoteEntry
{
    public const int NameBytes = 64, Whole = 0, Real = 1, Vector = 2, Unused = 3;

    public static void WriteName(Letter letter, string name)
    {
        letter.Payload[..NameBytes].Clear();
        Encoding.UTF8.GetBytes(name, letter.Payload[..NameBytes]);
    }

    public static string Name(Letter letter) => Encoding.UTF8.GetString(letter.Payload[..NameBytes]).TrimEnd('\0');

    public static Span<T> Slice<T>(Letter letter) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, T>(letter.Payload[NameBytes..]);
}

/// <summary>Sends a worker's state to the hub, entry by entry.</summary>
/// <param name="send">Sends a letter: writes it, and how long it is.</param>
/// <param name="worker">Which worker.</param>
/// <param name="withVectors">Whether vectors are sent, too.</param>
/// <param name="chunkBytes">Bytes of a vector in a letter.</param>
internal sealed unsafe class RemoteWriter<T>(Action<Action<Letter>, int> send, int worker, bool withVectors, int chunkBytes) : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Number(string name, ref long value) => Send(name, RemoteEntry.Whole, value);

    public void Number(string name, ref double value) => Send(name, RemoteEntry.Real, BitConverter.DoubleToInt64Bits(value));

    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (!withVectors) return;
        if (vector is null)
        {
            Send(name, RemoteEntry.Unused, length);
            return;
        }
        var source = vector;
        int chunk = Math.Max(1, (chunkBytes - RemoteEntry.NameBytes) / sizeof(T));
        for (int offset = 0; offset < length; offset += chunk)
        {
            int from = offset, count = Math.Min(chunk, length - offset);
            send(letter =>
            {
                RemoteEntry.WriteName(letter, name);
                letter.Header.Flag = RemoteEntry.Vector;
                letter.Header.Number = length;
                letter.Header.Version = from;
                source.Span.Slice(from, count).CopyTo(RemoteEntry.Slice<T>(letter));
            }, RemoteEntry.NameBytes + count * sizeof(T));
        }
    }

    private void Send(string name, int kind, long bits) => send(letter =>
    {
        RemoteEntry.WriteName(letter, name);
        (letter.Header.Flag, letter.Header.Number, letter.Header.Shard) = (kind, bits, worker);
    }, RemoteEntry.NameBytes);
}

/// <summary>Fetches a worker's state from the hub's checkpoint, entry by entry.</summary>
/// <param name="ask">Sends a letter, and gives the answer.</param>
/// <param name="worker">Which worker.</param>
/// <param name="withVectors">Whether vectors are fetched, too.</param>
/// <param name="chunkBytes">Bytes of a vector in a letter.</param>
internal sealed unsafe class RemoteReader<T>(Func<Action<Letter>, int, Letter> ask, int worker, bool withVectors, int chunkBytes) : IArchive<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Number(string name, ref long value) => value = Ask(name, RemoteEntry.Whole, 0, 0).Header.Number;

    public void Number(string name, ref double value) => value = BitConverter.Int64BitsToDouble(Ask(name, RemoteEntry.Real, 0, 0).Header.Number);

    public void Vector(string name, ref NativeVector<T>? vector, int length)
    {
        if (!withVectors) return;
        int chunk = Math.Max(1, (chunkBytes - RemoteEntry.NameBytes) / sizeof(T));
        for (int offset = 0; offset < length; offset += chunk)
        {
            var answer = Ask(name, RemoteEntry.Vector, length, offset);
            if (answer.Header.Flag == RemoteEntry.Unused)
            {
                vector?.Span.Clear();
                return;
            }
            vector ??= new(length);
            RemoteEntry.Slice<T>(answer).CopyTo(vector.Span[offset..]);
        }
    }

    private Letter Ask(string name, int kind, int length, int offset) => ask(letter =>
    {
        RemoteEntry.WriteName(letter, name);
        (letter.Header.Flag, letter.Header.Number, letter.Header.Version, letter.Header.Shard) = (kind, length, offset, worker);
    }, RemoteEntry.NameBytes);
}
