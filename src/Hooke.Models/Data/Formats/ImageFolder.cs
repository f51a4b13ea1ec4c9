using Hooke.Problems;

namespace Hooke.Models.Data;

/// <summary>
/// A folder of PNG, PPM or PGM images, a subfolder a class, with images at any depth in it: all of one size, gray ones among colored
/// ones becoming colored. With subfolders train and test (or val) these hold the classes; else <see cref="Division"/> draws the test
/// images. Hidden files and what archives leave behind (__MACOSX) are no part of it; whatever else is not read is said.
/// </summary>
internal sealed class ImageFolder : ExampleReader
{
    private const string Read = "PNG, PPM and PGM";

    private static readonly string[] TrainNames = ["train", "training"], TestNames = ["test", "testing", "val", "valid", "validation"],
        Unread = [".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".heic", ".avif", ".pbm", ".pnm"];

    private readonly List<(string Path, int Label)> train = [], test = [];

    /// <summary>Lists the images and looks at their headers.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name of the data set.</param>
    /// <param name="notice">Told which files are left out, if not null.</param>
    /// <exception cref="InvalidDataSetException">A class has no images, or they differ in size or are damaged.</exception>
    public ImageFolder(string folder, string name, Action<string>? notice = null)
    {
        LeftOut left = new(folder);
        string? trainFolder = Part(folder, TrainNames), testFolder = Part(folder, TestNames);
        string[] classes = Names(trainFolder ?? folder);
        if (classes.Length == 0)
            throw new InvalidDataSetException($"{trainFolder ?? folder}: there are no subfolders; expected one for each class, "
                + $"with PNG, PPM or PGM images");
        if (trainFolder is not null && testFolder is null)
            throw new InvalidDataSetException($"{folder}: there is a folder train but neither test nor val; expected one of them");
        if (trainFolder is not null)
        {
            if (Names(testFolder!).Except(classes).FirstOrDefault() is { } strange)
                throw new InvalidDataSetException($"{Path.Combine(testFolder!, strange)}: there is no such class in {trainFolder}");
            Add(train, trainFolder, classes, left, demands: true);
            Add(test, testFolder!, classes, left, demands: false);
            foreach (string other in Names(folder).Select(sub => Path.Combine(folder, sub)))
                if (other != trainFolder && other != testFolder) left.All(other);
        }
        else
        {
            List<(string, int)> all = [];
            Add(all, folder, classes, left, demands: true);
            if (classes.Length == 1)
                throw new InvalidDataSetException($"{folder}: there is one class, {classes[0]}; there must be at least 2, "
                    + $"a subfolder "
                    + $"each{(Names(Path.Combine(folder, classes[0])).Length > 1 ? $" (are they in {Path.Combine(folder, classes[0])}?)" : "")}");
            for (int k = 0; k < all.Count; k++) (Division.IsTest(k, all.Count) ? test : train).Add(all[k]);
        }
        if (trainFolder is not null) left.Files(folder);
        left.Say(notice);
        if (train.Count == 0 || test.Count == 0)
            throw new InvalidDataSetException($"{folder}: there are {train.Count} training and {test.Count} test images (PNG, "
                + $"PPM or PGM in {classes.Length} classes); expected at least 1 of each");
        string first = train[0].Path;
        Shape shape = Size(first);
        foreach (var (path, _) in train.Concat(test))
        {
            Shape other = Size(path);
            if (other.Height != shape.Height || other.Width != shape.Width)
                throw new InvalidDataSetException($"{path}: the image has {other.Height}x{other.Width} pixels; "
                    + $"expected {shape.Height}x{shape.Width} as in {first}");
            if (other.Channels > shape.Channels) shape = shape with { Channels = other.Channels };
        }
        Layout = new() { Name = name, Description = $"images of "
            + $"{folder}", Shape = shape, Classes = classes.Length, Names = new() { Classes = classes } };
    }

    /// <inheritdoc/>
    public override Layout Layout { get; }

    /// <summary>Whether a folder has subfolders with images, of whatever kind.</summary>
    public static bool Is(string folder)
    {
        string top = Part(folder, TrainNames) ?? folder;
        return Names(top).Any(sub => Folders.Below(Path.Combine(top, sub)).Any(path => IsRead(path) || Unread.Contains(Ending(path))));
    }

    /// <inheritdoc/>
    public override int Count(Split split) => Of(split).Count;

    /// <inheritdoc/>
    public override void ReadInput(Split split, int index, Span<byte> input)
    {
        string path = Of(split)[index].Path;
        byte[] file = Bytes(path);
        var (shape, samples) = Png.Is(file) ? Png.Read(path, file) : Netpbm.Read(path, file);
        if (shape.Height != Layout.Shape.Height || shape.Width != Layout.Shape.Width)
            throw new InvalidDataSetException($"{path}: the image has changed while it was read");
        if (shape == Layout.Shape) samples.CopyTo(input);
        else for (int k = 0; k < input.Length; k++) input[k] = samples[k / 3];
    }

    /// <inheritdoc/>
    public override void ReadTarget(Split split, int index, Span<byte> target)
        => BitConverter.TryWriteBytes(target, Of(split)[index].Label);

    private List<(string Path, int Label)> Of(Split split) => split switch { Split.Training => train, Split.Test => test, _ => [] };

    private static void Add(List<(string, int)> list, string folder, string[] classes, LeftOut left, bool demands)
    {
        left.Files(folder);
        for (int label = 0; label < classes.Length; label++)
        {
            string sub = Path.Combine(folder, classes[label]);
            if (!Directory.Exists(sub)) continue;
            LeftOut here = new(sub);
            int before = list.Count;
            foreach (string path in Folders.Below(sub).Order(StringComparer.Ordinal))
                if (IsRead(path)) list.Add((path, label));
                else here.Add(path);
            if (list.Count == before && demands)
                throw new InvalidDataSetException($"{sub}: class {classes[label]} has no images; "
                    + $"{(here.Count > 0 ? here : "the folder is empty")}; {Read} images are read, "
                    + $"and a folder without them must not lie among the classes");
            left.Add(here);
        }
    }

    // The subfolder for a part of the examples, in whatever case.
    private static string? Part(string folder, string[] names)
    {
        string[] subfolders = Names(folder);
        foreach (string name in names)
            if (subfolders.FirstOrDefault(sub => sub.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found) return Path.Combine(folder, found);
        return null;
    }

    private static string[] Names(string folder)
        => [.. Folders.Subfolders(folder).Select(sub => Path.GetFileName(sub)).Order(StringComparer.Ordinal)];

    private static string Ending(string path) => Path.GetExtension(path).ToLowerInvariant();

    private static bool IsRead(string path) => Ending(path) is ".png" or ".ppm" or ".pgm";

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
        throw new InvalidDataSetException($"{path}: the file starts with "
            + $"0x{Convert.ToHexString(head.AsSpan(0, Math.Min(4, head.Length)))}; expected a PNG image, "
            + $"or a binary PGM (P5) or PPM (P6) image");
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
