using System.Numerics;

namespace Hooke.Models.Data;

/// <summary>
/// Unpacks bzip2 files, which .NET has no reader for. What comes out of a block is its first run-length code: four equal bytes are
/// followed by how many more there are. Every checksum is compared.
/// </summary>
/// <param name="packed">The file, which is closed in the end; several streams one behind the other are one file.</param>
internal sealed class Bzip2(Stream packed) : Stream
{
    private readonly Bzip2Blocks blocks = new(packed);
    private bool hasBlock;
    private int left, run, repeats;
    private uint place, check;
    private byte last;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length)
        {
            byte value;
            if (repeats > 0)
            {
                repeats--;
                value = last;
            }
            else if (left == 0)
            {
                if (hasBlock && ~check != blocks.Check)
                    throw new InvalidDataException("the checksum of a block is not the one that it announces");
                hasBlock = blocks.Next();
                if (!hasBlock) break;
                (left, place, run, check) = (blocks.Length, blocks.First, 0, ~0u);
                continue;
            }
            else
            {
                uint link = blocks.Links[place];
                (place, value) = (link >> 8, (byte)link);
                left--;
                if (run == 4)
                {
                    (run, repeats) = (0, value);
                    continue;
                }
                run = run > 0 && value == last ? run + 1 : 1;
                last = value;
            }
            buffer[count++] = value;
            check = check << 8 ^ Bzip2Blocks.Checks[check >> 24 ^ value];
        }
        return count;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) packed.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>
/// Decodes the blocks of bzip2 files, of up to 900,000 bytes: Huffman codes that change every fifty symbols, run lengths of
/// zeros, move to front, and the transform of Burrows and Wheeler. (Seward, "bzip2 and libbzip2"; Burrows, Wheeler, "A block-sorting
/// lossless data compression algorithm", 1994)
/// </summary>
internal sealed class Bzip2Blocks(Stream packed)
{
    private const ulong BlockMark = 0x314159265359, EndMark = 0x177245385090;
    private const int Hundred = 100_000, LongestCode = 20, GroupLength = 50, MostGroups = 6, RunA = 0, RunB = 1;

    private readonly byte[] buffer = new byte[1 << 16];
    private int at, filled, bitCount, streams, most;
    private ulong bits; // the next bitCount bits, the first highest
    private bool isOpen;
    private uint combined;

    /// <summary>Steps of the checksum, a CRC of 32 bits with its highest bit first.</summary>
    public static uint[] Checks { get; } = [.. Enumerable.Range(0, 256).Select(n =>
    {
        uint c = (uint)n << 24;
        for (int k = 0; k < 8; k++) c = (c & 0x80000000) != 0 ? c << 1 ^ 0x04C11DB7 : c << 1;
        return c;
    })];

    /// <summary>Of every byte of the block its value, in the lowest bits, and where the next one is.</summary>
    public uint[] Links { get; private set; } = [];

    /// <summary>Where the first byte is.</summary>
    public uint First { get; private set; }

    /// <summary>Bytes in the block.</summary>
    public int Length { get; private set; }

    /// <summary>The checksum that the block announces of what comes out of it.</summary>
    public uint Check { get; private set; }

    /// <summary>Decodes the next block.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, cut, or has other bytes behind its end.</exception>
    public bool Next()
    {
        while (true)
        {
            if (!isOpen)
            {
                if (streams > 0 && bitCount == 0 && !HasByte()) return false;
                if (Bits(24) != 0x425A68) throw new InvalidDataException("a stream does not start with BZh");
                int level = (int)Bits(8) - '0';
                if (level is < 1 or > 9) throw new InvalidDataException("the size of blocks is none from 1 to 9");
                if (Links.Length < level * Hundred) Links = new uint[level * Hundred];
                (isOpen, combined, most) = (true, 0, level * Hundred);
            }
            ulong mark = (ulong)Bits(24) << 24 | Bits(24);
            if (mark == BlockMark)
            {
                Check = Bits(32);
                Decode();
                combined = BitOperations.RotateLeft(combined, 1) ^ Check;
                return true;
            }
            if (mark != EndMark) throw new InvalidDataException("a block does not start with its mark");
            if (Bits(32) != combined) throw new InvalidDataException("the checksum of all blocks is not the one that the file announces");
            bitCount -= bitCount % 8; // the rest of the byte is nothing
            isOpen = false;
            streams++;
        }
    }

    private void Decode()
    {
        if (Bits(1) != 0) throw new InvalidDataException("a block is of a version of 1996 that is no longer read");
        uint origin = Bits(24);
        byte[] front = Symbols();
        int end = front.Length + 1; // after two for runs of zeros and one for each symbol but the first
        int groups = (int)Bits(3), selectorCount = (int)Bits(15);
        if (groups is < 2 or > MostGroups || selectorCount == 0) throw new InvalidDataException("a block has no codes");
        byte[] selectors = Selectors(groups, selectorCount);
        Code[] codes = [.. Enumerable.Range(0, groups).Select(_ => ReadCode(end + 1))];
        int[] counts = new int[256];
        int length = 0, used = 0, runLength = 0, weight = 1;
        for (int symbols = 0; ; symbols++)
        {
            if (symbols % GroupLength == 0 && used == selectorCount) throw new InvalidDataException("a block has no end");
            if (symbols % GroupLength == 0) used++;
            int symbol = Symbol(codes[selectors[used - 1]]);
            if (symbol is RunA or RunB)
            {
                // Digits 1 and 2 of a number to the base 2, the lowest first.
                runLength += (symbol + 1) * weight;
                weight *= 2;
                if (runLength > most) throw new InvalidDataException("a block is longer than it may be");
                continue;
            }
            if (runLength > 0)
            {
                if (length + runLength > most) throw new InvalidDataException("a block is longer than it may be");
                counts[front[0]] += runLength;
                Links.AsSpan(length, runLength).Fill(front[0]);
                (length, runLength, weight) = (length + runLength, 0, 1);
            }
            if (symbol == end) break;
            byte value = front[symbol - 1];
            front.AsSpan(0, symbol - 1).CopyTo(front.AsSpan(1));
            front[0] = value;
            if (length == most) throw new InvalidDataException("a block is longer than it may be");
            counts[value]++;
            Links[length++] = value;
        }
        if (origin >= length) throw new InvalidDataException("a block starts behind its end");
        Link(counts, length);
        (First, Length) = (Links[origin] >> 8, length);
    }

    // The transform's inverse: the k-th byte of a value in the last column is the k-th of that value in the first.
    private void Link(int[] counts, int length)
    {
        int sum = 0;
        for (int value = 0; value < 256; value++) (counts[value], sum) = (sum, sum + counts[value]);
        for (int k = 0; k < length; k++) Links[counts[(byte)Links[k]]++] |= (uint)k << 8;
    }

    // The values that a block has, in two steps: which sixteens, and which of them.
    private byte[] Symbols()
    {
        uint sixteens = Bits(16);
        List<byte> symbols = [];
        for (int high = 0; high < 16; high++)
        {
            if ((sixteens & 0x8000u >> high) == 0) continue;
            uint some = Bits(16);
            for (int low = 0; low < 16; low++)
                if ((some & 0x8000u >> low) != 0) symbols.Add((byte)(16 * high + low));
        }
        return symbols.Count > 0 ? [.. symbols] : throw new InvalidDataException("a block has no symbols");
    }

    // Which code each fifty symbols use, moved to front.
    private byte[] Selectors(int groups, int count)
    {
        byte[] order = [0, 1, 2, 3, 4, 5], selectors = new byte[count];
        for (int k = 0; k < count; k++)
        {
            int place = 0;
            while (Bits(1) != 0)
                if (++place == groups) throw new InvalidDataException("a code is chosen that there is not");
            byte chosen = order[place];
            order.AsSpan(0, place).CopyTo(order.AsSpan(1));
            selectors[k] = order[0] = chosen;
        }
        return selectors;
    }

    private Code ReadCode(int symbols)
    {
        byte[] lengths = new byte[symbols];
        int length = (int)Bits(5);
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            while (true)
            {
                if (length is < 1 or > LongestCode) throw new InvalidDataException("a code word is longer than it may be");
                if (Bits(1) == 0) break;
                length += Bits(1) == 0 ? 1 : -1;
            }
            lengths[symbol] = (byte)length;
        }
        // Words of one length follow each other, in the order of symbols.
        int[] limits = new int[LongestCode + 2], offsets = new int[LongestCode + 2];
        int[] order = [.. Enumerable.Range(0, symbols).OrderBy(symbol => lengths[symbol])];
        int word = 0, before = 0;
        for (int l = 1; l <= LongestCode; l++)
        {
            int count = lengths.Count(each => each == l);
            offsets[l] = before - word;
            word += count;
            before += count;
            limits[l] = word; // words of this length are below
            word <<= 1;
        }
        return new(limits, offsets, order);
    }

    private int Symbol(Code code)
    {
        int word = 0;
        for (int length = 1; length <= LongestCode; length++)
        {
            word = word << 1 | (int)Bits(1);
            if (word < code.Limits[length] && word + code.Offsets[length] is >= 0 and var place && place < code.Order.Length)
                return code.Order[place];
        }
        throw new InvalidDataException("there is no such code word");
    }

    private uint Bits(int count)
    {
        while (bitCount < count)
        {
            if (!HasByte()) throw new InvalidDataException("the file is truncated");
            bits = bits << 8 | buffer[at++];
            bitCount += 8;
        }
        bitCount -= count;
        return (uint)(bits >> bitCount & (1UL << count) - 1);
    }

    private bool HasByte()
    {
        if (at == filled) (at, filled) = (0, packed.Read(buffer));
        return at < filled;
    }

    private readonly record struct Code(int[] Limits, int[] Offsets, int[] Order);
}
