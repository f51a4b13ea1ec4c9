using System.Buffers.Binary;
using System.IO.Compression;
using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>Compressed files are read whole or refused.</summary>
public sealed class CompressedTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-gzip-").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(8192 - 30)]
    [InlineData(8192 - 23)]
    [InlineData(8192 - 10)]
    [InlineData(8192)]
    [InlineData(50_000)]
    public void A_file_is_read_to_its_end_and_one_that_is_cut_anywhere_is_refused(int size)
    {
        // Random bytes can't be packed, so that files end at all places about the reader's buffer.
        byte[] content = ImageFolderTests.Bytes(size, 3), packed = Pack(content);
        Assert.Equal(content, Unpack(packed));
        Assert.Equal([.. content, .. content], Unpack([.. packed, .. packed])); // several members are one file
        foreach (int cut in Enumerable.Range(1, Math.Min(40, packed.Length - 2)).Append(packed.Length / 2))
            Assert.ThrowsAny<InvalidDataException>(() => Unpack(packed[..^cut]));
        foreach (int changed in (int[])[1, 3, 5, 8])
        {
            byte[] damaged = [.. packed];
            damaged[^changed] ^= 0x10;
            Assert.ThrowsAny<InvalidDataException>(() => Unpack(damaged));
        }
        Assert.ThrowsAny<InvalidDataException>(() => Unpack([.. packed, 1, 2, 3]));
    }

    [Fact]
    public void Small_reads_give_the_same_bytes_as_large_ones()
    {
        byte[] content = ImageFolderTests.Bytes(3000, 4);
        string path = Path.Combine(folder, "x.gz");
        File.WriteAllBytes(path, Pack(content));
        foreach (int size in (int[])[1, 2, 3, 4, 5, 7, 100])
        {
            using Stream stream = Compressed.Open(path);
            List<byte> all = [];
            byte[] buffer = new byte[size];
            for (int got; (got = stream.Read(buffer)) > 0;) all.AddRange(buffer[..got]);
            Assert.Equal(content, all);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void Pixels_of_a_file_that_was_cut_within_its_checksum_are_not_taken(int cut)
    {
        string path = Path.Combine(folder, "train-images-idx3-ubyte.gz");
        byte[] packed = Pack([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 4, .. ImageFolderTests.Bytes(24, 1)]);
        File.WriteAllBytes(path, packed);
        Assert.Equal(24, Idx.Read(path, 3).Elements.Length);
        File.WriteAllBytes(path, packed[..^cut]);
        Assert.StartsWith($"{path}: the gzip data are corrupt; expected an intact gzip file", Assert.Throws<InvalidDataSetException>(() => Idx.Read(path, 3)).Message);
    }

    [Fact]
    public void What_a_compressed_header_promises_takes_no_memory_before_it_is_there()
    {
        byte[] header = [0, 0, 8, 3, .. new byte[12]];
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 1 << 20);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), 32);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(12), 32);
        string path = Path.Combine(folder, "promise.gz");
        File.WriteAllBytes(path, Pack([.. header, 1, 2, 3]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal($"{path}: the file is truncated: it has 3 of the 1073741824 elements that its header (1048576 x 32 x 32) announces", Assert.Throws<InvalidDataSetException>(() => Idx.Read(path, 3)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private byte[] Unpack(byte[] packed)
    {
        string path = Path.Combine(folder, "x.gz");
        File.WriteAllBytes(path, packed);
        using Stream stream = Compressed.Open(path);
        using MemoryStream all = new();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private static byte[] Pack(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest, true)) zip.Write(content);
        return packed.ToArray();
    }
}
