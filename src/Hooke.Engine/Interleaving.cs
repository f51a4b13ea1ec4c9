using System.Globalization;
using System.Numerics;
using System.Text;
using Hooke.Runs;

namespace Hooke.Engine;

/// <summary>
/// The record of an asynchronous run: which worker acted next, act by act. An act takes a batch, or touches a shard of the
/// center or a tree's mail, under the lock of what it touches; what a worker does between two acts is its own. So the numbers
/// of the workers in this order are all that tells the run from any other of the same run file, see <see cref="Replay{T}"/>.
/// </summary>
/// <remarks>The format: a line of text, then a byte an act, or two, low byte first, if there are more than 256 workers.</remarks>
public sealed class Interleaving : IDisposable
{
    /// <summary>What a checkpoint calls the number of acts.</summary>
    internal const string Acts = "record.acts";

    private const string Format = "hooke interleaving 1";
    private readonly Lock gate = new();
    private readonly Stream stream;
    private readonly byte[] buffer = new byte[1 << 16];
    private readonly long start;
    private readonly int width;
    private int filled;
    private long acts;
    private bool isChanged; // whether what lies behind is another run's end
    private IOException? trouble;

    /// <summary>Writes the record of a run from its start. Of an earlier part of the same run, a resumed one keeps what its checkpoint knows of.</summary>
    /// <param name="stream">Where to; it can be read and sought.</param>
    /// <param name="workers">p.</param>
    /// <exception cref="InvalidDataException">What is there is no record of a run with so many workers; it stays as it is.</exception>
    public Interleaving(Stream stream, int workers)
    {
        this.stream = stream;
        width = Width(workers);
        string header = Header(workers);
        start = header.Length;
        stream.Position = 0;
        if (stream.Length > 0) CheckHeader(stream, header);
        else stream.Write(Encoding.ASCII.GetBytes(header));
    }

    /// <summary>Reads the record of a run.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="workers">p.</param>
    /// <exception cref="InvalidDataException">It is not one of a run with so many workers.</exception>
    public static IEnumerable<int> Read(Stream stream, int workers)
    {
        byte[] buffer = new byte[1 << 16];
        CheckHeader(stream, Header(workers));
        return All();

        IEnumerable<int> All()
        {
            int width = Width(workers);
            for (int length; (length = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0;)
                for (int k = 0; k + width <= length; k += width)
                {
                    int worker = width == 1 ? buffer[k] : buffer[k] | buffer[k + 1] << 8;
                    yield return worker < workers ? worker : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"it names worker {worker}; it must be below {workers}"));
                }
        }
    }

    /// <summary>Notes that a worker acts, under the lock of what it touches.</summary>
    internal void Note(int worker)
    {
        lock (gate)
        {
            acts++;
            buffer[filled++] = (byte)worker;
            if (width == 2) buffer[filled++] = (byte)(worker >> 8);
            if (filled == buffer.Length) Flush();
        }
    }

    /// <summary>Saves how far the record is, or takes back what came after a checkpoint.</summary>
    internal void Archive<T>(IArchive<T> archive) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        lock (gate)
        {
            Flush();
            if (trouble is null) stream.Flush();
            long before = acts;
            archive.Number(Acts, ref acts);
            if (acts == before) return;
            if (stream.Length < start + acts * width) throw new InvalidDataException($"it has {stream.Length} bytes; the checkpoint knows of {start + acts * width}");
            stream.SetLength(start + acts * width);
            stream.Position = stream.Length;
            isChanged = true;
        }
    }

    /// <summary>What made the record fail, if something did; the run goes on without.</summary>
    public string? Trouble => trouble?.Message;

    /// <summary>Writes what is still in memory, and nothing behind it.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            Flush();
            if (trouble is null && isChanged) stream.SetLength(stream.Position);
            stream.Dispose();
        }
    }

    private void Flush()
    {
        try
        {
            isChanged |= filled > 0;
            if (trouble is null) stream.Write(buffer.AsSpan(0, filled));
        }
        catch (IOException failed)
        {
            trouble = failed; // a full disk costs the record, not the run
        }
        filled = 0;
    }

    private static string Header(int workers) => $"{Format}, {workers} workers\n";

    private static void CheckHeader(Stream stream, string expected)
    {
        byte[] bytes = new byte[expected.Length];
        string found = Encoding.ASCII.GetString(bytes, 0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (found != expected) throw new InvalidDataException($"it starts with \"{found.Split('\n')[0]}\"; it must start with \"{expected.TrimEnd()}\"");
    }

    private static int Width(int workers) => workers <= 256 ? 1 : 2;
}
