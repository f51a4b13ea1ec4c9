using Hooke.Problems;

namespace Hooke.Models.Data;

/// <summary>
/// A folder of PNG, PPM or PGM images, a subfolder a class: all of one size, gray ones among colored ones becoming colored. With
/// subfolders train and test (or val) these hold the classes; else every tenth image, in the order of names, is a test example.
/// </summary>
internal sealed class ImageFolder : ExampleReader
{
    private readonly List<(string Path, int Label)> train = [], test = [];

    /// <summary>Lists the images and looks at their headers.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the data set.</param>
    /// <exception cref="InvalidDataSetException">There are no images, or they differ in size or are damaged.</exception>
    public ImageFolder(string folder, string name)
    {
        string? trainFolder = Subfolder(folder, "train"), testFolder = Subfolder(folder, "test") ?? Subfolder(folder, "val");
        string[] classes = Names(trainFolder ?? folder);
        if (classes.Length == 0) throw new InvalidDataSetException($"{trainFolder ?? folder}: there are no subfolders; expected one for each class, with PNG, PPM or PGM images");
        if (trainFolder is not null && testFolder is null) throw new InvalidDataSetException($"{folder}: there is a folder train but neither test nor val; expected one of them");
        if (trainFolder is not null)
        {
            if (Names(testFolder!).Except(classes).FirstOrDefault() is { } strange) throw new InvalidDataSetException($"{Path.Combine(testFolder!, strange)}: there is no such class in {trainFolder}");
            Add(train, trainFolder, classes);
            Add(test, testFolder!, classes);
        }
        else
        {
            List<(string, int)> all = [];
            Add(all, folder, classes);
            for (int k = 0; k < all.Count; k++) (Examples.IsHeldOut(k, all.Count) ? test : train).Add(all[k]);
        }
        if (train.Count == 0 || test.Count == 0) throw new InvalidDataSetException($"{folder}: there are {train.Count} training and {test.Count} test images (PNG, PPM or PGM in {classes.Length} classes); expected at least 1 of each");
        string first = train[0].Path;
        Shape shape = Size(first);
        foreach (var (path, _) in train.Concat(test))
        {
            Shape other = Size(path);
            if (other.Height != shape.Height || other.Width != shape.Width)
                throw new InvalidDataSetException($"{path}: the image has {other.Height}x{other.Width} pixels; expected {shape.Height}x{shape.Width} as in {first}");
            if (other.Channels > shape.Channels) shape = shape with { Channels = other.Channels };
        }
        Layout = new() { Name = name, Description = $"images of {folder}", Shape = shape, Classes = classes.Length, Names = new() { Classes = classes } };
    }

    /// <inheritdoc/>
    public override Layout Layout { get; }

    /// <summary>Whether a folder has subfolders with images.</summary>
    public static bool Is(string folder) => Directory.EnumerateDirectories(Subfolder(folder, "train") ?? folder).Any(sub => Images(sub).Any());

    /// <inheritdoc/>
    public override int Count(Split split) => Of(split).Count;

    /// <inheritdoc/>
    public override void ReadInput(Split split, int index, Span<byte> input)
    {
        string path = Of(split)[index].Path;
        byte[] file = Bytes(path);
        var (shape, samples) = Png.Is(file) ? Png.Read(path, file) : Netpbm.Read(path, file);
        if (shape.Height != Layout.Shape.Height || shape.Width != Layout.Shape.Width) throw new InvalidDataSetException($"{path}: the image has changed while it was read");
        if (shape == Layout.Shape) samples.CopyTo(input);
        else for (int k = 0; k < input.Length; k++) input[k] = samples[k / 3];
    }

    /// <inheritdoc/>
    public override void ReadTarget(Split split, int index, Span<byte> target) => BitConverter.TryWriteBytes(target, Of(split)[index].Label);

    private List<(string Path, int Label)> Of(Split split) => split == Split.Test ? test : train;

    private static void Add(List<(string, int)> list, string folder, string[] classes)
    {
        for (int label = 0; label < classes.Length; label++)
        {
            string sub = Path.Combine(folder, classes[label]);
            if (Directory.Exists(sub)) list.AddRange(Images(sub).Order(StringComparer.Ordinal).Select(path => (path, label)));
        }
    }

    private static string? Subfolder(string folder, string name) => Path.Combine(folder, name) is var sub && Directory.Exists(sub) ? sub : null;

    private static string[] Names(string folder) => [.. Directory.EnumerateDirectories(folder).Select(sub => Path.GetFileName(sub)!).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Images(string folder)
        => Directory.EnumerateFiles(folder).Where(path => Path.GetExtension(path).ToLowerInvariant() is ".png" or ".ppm" or ".pgm" && Path.GetFileName(path)[0] != '.');

    private static Shape Size(string path)
    {
        byte[] head = new byte[Netpbm.HeaderSize];
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
            head = head[..file.ReadAtLeast(head, head.Length, false)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
        if (Png.Is(head)) return Png.Size(path, head);
        if (Netpbm.Is(head)) return Netpbm.Size(path, head, out _);
        throw new InvalidDataSetException($"{path}: the file starts with 0x{Convert.ToHexString(head.AsSpan(0, Math.Min(4, head.Length)))}; expected a PNG image, or a binary PGM (P5) or PPM (P6) image");
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataSetException($"{path}: it cannot be read: {cause.Message}", cause);
        }
    }
}
