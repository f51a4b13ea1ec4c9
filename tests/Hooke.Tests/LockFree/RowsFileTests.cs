using System.Security.Cryptography;
using Hooke.Models.Linear;
using Xunit;

namespace Hooke.Tests.LockFree;

/// <summary>A file of rows that is damaged is built again with a notice; one that finds no room leaves the rows in memory.</summary>
public sealed class RowsFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("hooke-rows-").FullName;
    private readonly List<string> notices = [];

    public void Dispose() => Directory.Delete(folder, true);

    private string Text => Path.Combine(folder, "big.svm");

    private string Cache => Text + LinearDataFile.Extension;

    [Fact]
    public void Flipped_bytes_anywhere_are_noticed_and_the_file_is_built_again()
    {
        WriteText(0.5);
        var first = Load();
        byte[] good = File.ReadAllBytes(Cache);
        var when = File.GetLastWriteTimeUtc(Cache);
        Assert.Equal("reading", notices.Single()[..7]);
        // In magic, stamp, fields, checksum, labels, features, starts, and rows from the first to the last.
        foreach (long place in (long[])[3, 20, 41, 45, 50, 54, 57, 70, 97, 120, good.Length / 40, good.Length / 3, good.Length / 2, good.Length - 1])
        {
            notices.Clear();
            byte[] damaged = [.. good];
            damaged[place] ^= 0x40;
            Replace(damaged);
            File.SetLastWriteTimeUtc(Cache, when);
            AssertSame(first, Load());
            // What is damaged in the stamp is of another text.
            Assert.Equal(place == 20 ? 1 : 2, notices.Count);
            if (place != 20) Assert.Contains("is not used, and is built again: ", notices[0]);
            Assert.Equal(SHA256.HashData(good), SHA256.HashData(File.ReadAllBytes(Cache)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(95)]
    [InlineData(200)]
    [InlineData(-1)]
    [InlineData(-4096)]
    public void A_file_that_was_cut_is_built_again(int length)
    {
        WriteText(0.5);
        var first = Load();
        byte[] good = File.ReadAllBytes(Cache);
        notices.Clear();
        Replace(good[..(length >= 0 ? length : good.Length + length)]);
        AssertSame(first, Load());
        Assert.Contains("is not used, and is built again: ", notices[0]);
        Assert.Equal(good.Length, new FileInfo(Cache).Length);
    }

    [Fact]
    public void Starts_and_indices_are_checked_even_where_the_checksum_is_right()
    {
        WriteText(0.5);
        var data = Load();
        Assert.True(Enumerable.Range(0, data.Rows.Count).All(row => data.Rows.IsSound(row, data.Classes.Count)));
        int second = Enumerable.Range(0, data.Rows.Count).First(row => data.Rows.Target(row) == 1);
        Assert.False(data.Rows.IsSound(second, classes: 1));
        var broken = LinearSets.Sparse([.. Enumerable.Range(0, 4).Select(k => ((float)(k % 2), ((int, float)[])[(0, 1f), (1, 2f)]))], 2);
        Assert.True(broken.Rows.IsSound(0, 2) && broken.Rows.HasSoundStarts());
        unsafe
        {
            ushort* indices = (ushort*)broken.Rows.Indices(0);
            (ushort a, ushort b) = (indices[0], indices[1]);
            foreach (var (x, y) in ((ushort, ushort)[])[(a, 2), (b, a), (a, a)])
            {
                (indices[0], indices[1]) = (x, y);
                Assert.False(broken.Rows.IsSound(0, 2));
            }
            (indices[0], indices[1]) = (a, b);
            float* values = (float*)broken.Rows.Values(0);
            values[1] = float.NaN;
            Assert.False(broken.Rows.IsSound(0, 2));
            values[1] = 2;
            long* starts = broken.Rows.Starts;
            long kept = starts[1];
            foreach (long start in (long[])[starts[0] - 2, starts[2] + 2, long.MinValue, long.MaxValue, starts[0] + 1])
            {
                starts[1] = start;
                Assert.False(broken.Rows.HasSoundStarts());
            }
            starts[1] = kept + 2;
            Assert.True(broken.Rows.HasSoundStarts());
            Assert.False(broken.Rows.IsSound(0, 2));
        }
    }

    [Fact]
    public void Text_of_the_same_length_and_time_but_other_content_is_read_again()
    {
        WriteText(0.5);
        var when = File.GetLastWriteTimeUtc(Text);
        double Value() => Mean(Load(Hooke.App.Training.FileTimes.Of));
        double before = Value();
        Assert.Equal(before, Value());
        Assert.Single(notices);
        WriteText(0.7);
        File.SetLastWriteTimeUtc(Text, when);
        Assert.NotEqual(before, Value());
        Assert.Equal(2, notices.Count);
    }

    [Fact]
    public void On_a_full_disk_the_rows_stay_in_memory_with_a_notice()
    {
        // The text is of its own file system's; its rows would be beyond the limit that a shell gives to all files.
        WriteText(0.5);
        long most = new FileInfo(Text).Length / 2048;
        string run = $"trap '' XFSZ; ulimit -f {most}; exec $hooke train --data big.svm --method hogwild --model logistic --workers 1 --epochs 0.1 --run run --json";
        var printed = App.Shell.Run(folder, run);
        Assert.True(printed.Code == 0, printed.Error);
        Assert.Contains("big.svm.rows can't be written (there is no room for its", printed.Error);
        Assert.Contains("the rows stay in memory", printed.Error);
        Assert.Empty(Directory.EnumerateFiles(folder, "*.part"));
        Assert.False(File.Exists(Cache));
        // The same where the file system itself is full: a signal, without the room being taken first.
        string full = $"""
            mkdir small; mount -t tmpfs -o size=6m none small || exit 77
            trap 'umount small' EXIT
            cp big.svm small/big.svm || exit 9
            $hooke train --data small/big.svm --method hogwild --model logistic --workers 1 --epochs 0.1 --run other --json
            """;
        printed = App.Shell.Run(folder, full);
        if (printed.Code == 77) return; // not everybody may mount; the limit above stands for it
        Assert.True(printed.Code == 0, printed.Error);
        Assert.Contains("big.svm.rows can't be written (there is no room for its", printed.Error);
    }

    private LinearData Load(Func<string, long>? timeOf = null) => LinearDataCatalog.Load(Text, true, LinearSets.Alone with { TimeOf = timeOf ?? (_ => 0), Notice = notices.Add });

    /// <summary>Puts other bytes in the file's place: where it is mapped it stays as it was.</summary>
    private void Replace(byte[] bytes)
    {
        File.WriteAllBytes(Cache + ".other", bytes);
        File.Move(Cache + ".other", Cache, overwrite: true);
    }

    /// <summary>Some five megabytes, above what is read anew every time.</summary>
    private void WriteText(double value)
        => File.WriteAllText(Text, string.Concat(Enumerable.Range(0, 110_000).Select(k => FormattableString.Invariant($"{k % 2} {k % 1000 + 1}:{value} {k % 1000 + 1001}:0.123456789 70001:1 70002:2\n"))));

    private static unsafe double Mean(LinearData data)
    {
        double sum = 0;
        for (int row = 0; row < data.Rows.Count; row++)
            foreach (float value in new ReadOnlySpan<float>(data.Rows.Values(row), data.Rows.Length(row))) sum += value;
        return sum / data.Rows.Count;
    }

    private static void AssertSame(LinearData expected, LinearData actual)
    {
        Assert.Equal((expected.TrainCount, expected.TestCount, Mean(expected)), (actual.TrainCount, actual.TestCount, Mean(actual)));
        Assert.Equal(expected.Order, actual.Order);
        Assert.Equal(expected.Classes, actual.Classes);
    }
}
