using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Hooke.Engine.Checkpoints;
using Xunit;

namespace Hooke.Tests.Engine;

public class SafetensorsTests
{
    private static readonly float[] Weights = [1.5f, -2, float.MaxValue, 0.1f, -0f, float.Epsilon];
    private static readonly float[] Biases = [7];

    [Fact]
    public void Another_reader_of_the_format_finds_everything()
    {
        using var folder = new Folder();
        Write(folder["a"]);
        byte[] bytes = File.ReadAllBytes(folder["a"]);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + length) % 64);
        Assert.Equal((byte)'{', bytes[8]);
        var header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        Assert.Equal(["__metadata__", "weight", "bias", "none"], header.Select(entry => entry.Key));
        Assert.Equal("ν = \"7\"", (string?)header["__metadata__"]!["note"]);
        Assert.Equal([2, 3], header["weight"]!["shape"]!.AsArray().Select(extent => (int)extent!));
        int end = 0;
        foreach (var (name, values) in new (string, float[])[] { ("weight", Weights), ("bias", Biases), ("none", []) })
        {
            var entry = header[name]!;
            Assert.Equal("F32", (string?)entry["dtype"]);
            int from = (int)entry["data_offsets"]![0]!, to = (int)entry["data_offsets"]![1]!;
            Assert.Equal(end, from);
            Assert.Equal(values, MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + length + from, to - from)).ToArray());
            end = to;
        }
        Assert.Equal(bytes.Length, 8 + length + end);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        using var folder = new Folder();
        Write(folder["a"]);
        var (tensors, metadata) = Safetensors.Read(folder["a"], "F32");
        Assert.Equal(["weight", "bias", "none"], tensors.Select(tensor => tensor.Name));
        Assert.Equal([2, 3], tensors[0].Shape);
        Assert.Empty(tensors[1].Shape);
        Assert.Equal([0, 5], tensors[2].Shape);
        Assert.Equal(MemoryMarshal.AsBytes(Weights.AsSpan()).ToArray(), tensors[0].Data.ToArray());
        Assert.Equal("ν = \"7\"", metadata["note"]);
    }

    [Fact]
    public void A_file_of_another_program_needs_no_checksum()
    {
        using var folder = new Folder();
        WriteRaw(folder["a"], """{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 8);
        var (tensors, metadata) = Safetensors.Read(folder["a"], "F32");
        Assert.Equal(["a", "b"], tensors.Select(tensor => tensor.Name));
        Assert.Empty(metadata);
    }

    [Theory]
    [InlineData("""[]""", 0)]
    [InlineData("""{"a":""", 0)]
    [InlineData("""{"a":7}""", 0)]
    [InlineData("""{"a":{}}""", 0)]
    [InlineData("""{"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1e30]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[2305843009213693951],"data_offsets":[0,9223372036854775804]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,9223372036854775807]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"__metadata__":7}""", 0)]
    [InlineData("""{"__metadata__":{"a":7}}""", 0)]
    [InlineData("""{"__metadata__":{"a":null}}""", 0)]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0)]
    [InlineData("""{"__metadata__":{"sha256":"00"}}""", 0)]
    public void A_hostile_header_is_refused(string header, int data)
    {
        using var folder = new Folder();
        WriteRaw(folder["a"], header, data);
        Assert.StartsWith(folder["a"], Assert.Throws<InvalidFileException>(() => Safetensors.Read(folder["a"], "F32")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1L)]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(1000L)]
    public void A_header_of_impossible_length_is_refused(long length)
    {
        using var folder = new Folder();
        byte[] bytes = new byte[100];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        File.WriteAllBytes(folder["a"], bytes);
        Assert.Equal($"{folder["a"]} has a header of {length} bytes in a file of 100: it is truncated or no safetensors file", Assert.Throws<InvalidFileException>(() => Safetensors.Read(folder["a"], "F32")).Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_refused()
    {
        using var folder = new Folder();
        Assert.Equal($"{folder["a"]} does not exist", Assert.Throws<InvalidFileException>(() => Safetensors.Read(folder["a"], "F32")).Message);
        Assert.EndsWith("does not exist", Assert.Throws<InvalidFileException>(() => Safetensors.Read(Path.Combine(folder["a"], "b"), "F32")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["a"]);
        Assert.StartsWith($"{folder["a"]} can't be read: ", Assert.Throws<InvalidFileException>(() => Safetensors.Read(folder["a"], "F32")).Message, StringComparison.Ordinal);
    }

    private static void Write(string path) => Safetensors.Write(path, "F32", [Tensor("weight", [2, 3], Weights), Tensor("bias", [], Biases), Tensor("none", [0, 5], [])], new Dictionary<string, string> { ["note"] = "ν = \"7\"" });

    private static Tensor Tensor(string name, long[] shape, float[] values) => new(name, shape, MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static void WriteRaw(string path, string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), bytes = new byte[8 + text.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, text.Length);
        text.CopyTo(bytes, 8);
        File.WriteAllBytes(path, bytes);
    }
}
