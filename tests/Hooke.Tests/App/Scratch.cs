namespace Hooke.Tests.App;

/// <summary>A folder of a test's own, with a small data set in it: images of 4×4 pixels in three classes, each class brighter in rows of its own.</summary>
public sealed class Scratch : IDisposable
{
    public const int TrainCount = 300, TestCount = 60, Side = 4, Classes = 3;

    private readonly string root = Directory.CreateTempSubdirectory("hooke-app-").FullName;

    public Scratch()
    {
        Data = Directory.CreateDirectory(At("tiny")).FullName;
        (TrainPixels, TrainLabels) = WriteSet("train", TrainCount, 1);
        (TestPixels, TestLabels) = WriteSet("t10k", TestCount, 1_000_003);
    }

    /// <summary>The data set's folder.</summary>
    public string Data { get; }

    public byte[] TrainPixels { get; }

    public byte[] TrainLabels { get; }

    public byte[] TestPixels { get; }

    public byte[] TestLabels { get; }

    /// <summary>A path in the folder.</summary>
    public string At(string name) => Path.Combine(root, name);

    /// <summary>Options of a short run with one worker on the small data set.</summary>
    public string[] Train(string run, params string[] more) =>
        ["train", "--data", Data, "--hidden", "8", "--batch", "10", "--workers", "1", "--epochs", "3", "--evaluate-every", "0.5", "--learning-rate", "0.01", "--momentum", "0.9", "--run", At(run), .. more];

    public void Dispose() => Directory.Delete(root, true);

    private (byte[] Pixels, byte[] Labels) WriteSet(string set, int count, uint seed)
    {
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        for (int k = 0; k < pixels.Length; k++)
        {
            // Any numbers do, as long as they are the same every time.
            seed = seed * 1664525 + 1013904223;
            int label = labels[k / (Side * Side)] = (byte)(k / (Side * Side) % Classes);
            pixels[k] = (byte)((seed >> 24) / 2 + (k / Side % Side == label ? 100 : 0));
        }
        File.WriteAllBytes(Path.Combine(Data, $"{set}-images-idx3-ubyte"), [0, 0, 8, 3, .. BigEndian(count), .. BigEndian(Side), .. BigEndian(Side), .. pixels]);
        File.WriteAllBytes(Path.Combine(Data, $"{set}-labels-idx1-ubyte"), [0, 0, 8, 1, .. BigEndian(count), .. labels]);
        return (pixels, labels);
    }

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
