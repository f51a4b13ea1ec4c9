using System.Text;
using Hooke.Models.Data;
using Xunit;

namespace Hooke.Tests.Models;

/// <summary>The reader of bzip2 files, against files that the reference implementation has packed.</summary>
public sealed class Bzip2Tests
{
    // Two hundred rows of sparse text.
    internal const string Rows =
        "QlpoOTFBWSZTWasQPQ8AAZpYAAAQQAF/8EACjhQBhgpVQZ6mmkEU/R+qoGgIAAA0/VVNSb36qe0qTwmick2TROyaJsmyeE8z0AgAAQAMIAIAAEAIEAEAQAQC" +
        "AQAQBABAgBABAEAELCL2Iv3r4466561rvMzMzM2RbEXcyam7u7u7y2223ZMkz7xMhmQzIZkMyGZDMhmQzIZk7JMnfOu973ve3bbbb9oAAGyTJvm783d3dt22" +
        "2376AABskyb5u75u7u23bbb9/QAANkmTfN3d/N3dtt223+kmSZz9AAA7JMnfO973v+73ttt22/fwAADnznOc5z95y223lv3wAADnznOc5znvLbbby/fgAAHw" +
        "55znOc5z333333333gAAGyTJM3zkqa1oGIAWWAgwCgAUAMQAssBBgFABZYCDAKABQAxACywEGAUAG+1C/i7kinChIVYgeh4=";

    // A million x, abab nine times, every byte, and 259 y; in blocks of 100,000 bytes.
    private const string Runs =
        "QlpoMTFBWSZTWdGEW3oAB/d/////////////////////////////////////////////sADkkgAAAAAAAAAAJgAAAAAAAAAAEwAAAAAAAAAAAAAAAAAAmAmC" +
        "FUaAQwmEDACGjTAmJkwBMAgYjCYTAjABM0aACaNNoTRpoxGTTEYTCYRppgjE0wJhBkxNMTAI0MmACTAATAAEwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
        "AAYnkDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4//iAgoSGiIqMjpCSlJaYmpyeoKKkpqiqrK6" +
        "wsrS2uLq8vsDCwgIABNtbhEAIN7g49TquTm6Ors7vDy9Pb51n1+I6wgACAgIiRJAAgAgICIkigBABAQERJCVbRSBAoCCg4SFhoeIiYrrxfY7MZ2o0nHGsejx" +
        "8hIyUnKSstLzEzNTc5Oz0/QUNFR0lLTU9RU1VXWVtdX2FjZWdpa21vcXN1d3l7fX+Bg4WHiYuNj5GTlZeZm52foaOlp6mrra+xs7W3ubu9v8HDxcfJy83P0d" +
        "PV19nb3d/h4+Who//S09TV1nYQABAQERhteJ2Nna2xdyRThQkNGEW3o=";

    // "0 1:1" and "1 2:2" in turn, 40,000 times, in five blocks.
    private const string Blocks =
        "QlpoMTFBWSZTWTQYV1AAUV1YAAAQQABwECAAkBgAUqGTKQgYUIGFCBwoQPUhA9pQgdKEDShA7SEDhQgYUIGUhA+YoKyTKazmFfQ4gFmAbAAACCAAOAgQAEgM" +
        "AClKbKaUIGlCBpQgZSEDxQgcUIGUhA4oQPihAykIHihA91IQPzFBWSZTWc25XaUAcejYAAAQQABwECAAkBgAUqGTChAykIGFCBwoQPFCBtIQOUhA7pQgeKED" +
        "hQgdpCBpQgfMUFZJlNZlya1gQCiutgAABBAAHAQIACQGABSiDtIQOlCBnaQgaUIHKQgeKEDChA9SEDShAwoQN5SEDxQgfMUFZJlNZXnL2mABBKlgAABBAAHA" +
        "QIACQGABSlNlNhBLYQS2EEshBL0IJdCCWQgl0IJfQglkIJehBLoQS/F3JFOFCQZgDdgQ";

    private const string Empty = "QlpoORdyRThQkAAAAAA=";

    public static TheoryData<string, string> Files => new()
    {
        { Rows, string.Concat(Enumerable.Range(0, 200).Select(k => $"{k % 2} {k % 5 + 1}:0.5 9:{k}\n")) },
        { Runs, new string('x', 1_000_000) + string.Concat(Enumerable.Repeat("abab", 9)) + string.Concat(Enumerable.Range(0, 256).Select(k => (char)k)) + new string('y', 259) },
        { Blocks, string.Concat(Enumerable.Repeat("0 1:1\n1 2:2\n", 40_000)) },
        { Empty, "" },
    };

    [Theory, MemberData(nameof(Files))]
    public void What_was_packed_comes_out_whatever_is_read_at_once(string packed, string content)
    {
        byte[] file = Convert.FromBase64String(packed), expected = Encoding.Latin1.GetBytes(content);
        Assert.Equal(expected, Unpack(file, 1 << 16));
        Assert.Equal(expected, Unpack(file, 7));
        Assert.Equal([.. expected, .. expected], Unpack([.. file, .. file], 1000)); // several streams are one file
    }

    [Theory, MemberData(nameof(Files))]
    public void A_file_that_is_cut_or_damaged_anywhere_is_refused(string packed, string content)
    {
        byte[] file = Convert.FromBase64String(packed), expected = Encoding.Latin1.GetBytes(content);
        for (int cut = 1; cut < file.Length; cut += 1 + file.Length / 50) Assert.Throws<InvalidDataException>(() => Unpack(file[..^cut], 1 << 16));
        Assert.Throws<InvalidDataException>(() => Unpack([.. file, 0], 1 << 16));
        for (int k = 0; k < file.Length; k += 1 + file.Length / 100)
        {
            byte[] damaged = [.. file];
            damaged[k] ^= (byte)(1 << k % 8);
            try
            {
                // The size of blocks, bits behind the end and codes that nobody uses may change; what comes out does not.
                Assert.Equal(expected, Unpack(damaged, 1 << 16));
            }
            catch (InvalidDataException)
            {
            }
        }
    }

    private static byte[] Unpack(byte[] file, int size)
    {
        using Bzip2 stream = new(new MemoryStream(file));
        using MemoryStream all = new();
        byte[] buffer = new byte[size];
        for (int got; (got = stream.Read(buffer)) > 0;) all.Write(buffer, 0, got);
        return all.ToArray();
    }
}
