using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Hooke.Tests.App;

/// <summary>
/// A <c>center.safetensors</c>, evaluated from nothing but what is in the file, step by step as the page on the run folder does
/// it in NumPy. Values are [channel][row][column].
/// </summary>
internal sealed class SavedModel
{
    private readonly Dictionary<string, (int[] Shape, float[] Values)> tensors;

    public SavedModel(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, length)).RootElement;
        tensors = header.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
        {
            int[] place = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => 8 + length + offset.GetInt32())];
            return (entry.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt32()).ToArray(), MemoryMarshal.Cast<byte, float>(bytes.AsSpan(place[0]..place[1])).ToArray());
        });
        Metadata = header.GetProperty("__metadata__");
    }

    public JsonElement Metadata { get; }

    /// <summary>Reads a list of names of the metadata, which are written as in a table.</summary>
    public string[] Names(string key)
    {
        string text = Metadata.GetProperty(key).GetString()!;
        List<string> names = [""];
        bool isQuoted = false;
        for (int k = 0; k < text.Length; k++)
        {
            bool isTwice = isQuoted && text[k] == '"' && k + 1 < text.Length && text[k + 1] == '"';
            if (isTwice) names[^1] += text[k++]; // two quotes inside stand for one
            else if (text[k] == '"') isQuoted = !isQuoted;
            else if (text[k] == ',' && !isQuoted) names.Add("");
            else names[^1] += text[k];
        }
        return [.. names];
    }

    public IEnumerable<float[]> Tensors => tensors.Values.Select(tensor => tensor.Values);

    /// <summary>Reads a list of numbers of the metadata.</summary>
    public double[] Numbers(string key) => [.. Metadata.GetProperty(key).GetString()!.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    /// <summary>Computes the outputs, [answer][number].</summary>
    /// <param name="stored">An example as it is stored, [row][column][channel].</param>
    /// <param name="input">Receives what the model saw.</param>
    public double[] Outputs(double[] stored, out double[] input)
    {
        int[] shape = [.. Numbers("storedShape").Select(n => (int)n)], crop = [.. Numbers("crop").Select(n => (int)n)];
        double[] mean = Numbers("pixelMean"), deviation = Numbers("pixelDeviation");
        double scale = Numbers("inputScale")[0];
        Image x = new(shape[2], crop[2], crop[3]);
        for (int c = 0; c < x.Channels; c++)
            for (int row = 0; row < x.Height; row++)
                for (int column = 0; column < x.Width; column++)
                    x[c, row, column] = (stored[((row + crop[0]) * shape[1] + column + crop[1]) * shape[2] + c] / scale - mean[c % mean.Length]) / deviation[c % deviation.Length];
        input = x.Values;
        foreach (string step in Metadata.GetProperty("layers").GetString()!.Split("; "))
        {
            string[] words = step.Split(' ');
            int[] Option(string name) => [.. words.Single(word => word.StartsWith(name + "=")).Split('=')[1].Split(',').Select(int.Parse)];
            x = words[0].TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9') switch
            {
                "relu" => x.Map(v => Math.Max(v, 0)),
                "tanh" => x.Map(Math.Tanh),
                "sigmoid" => x.Map(v => 1 / (1 + Math.Exp(-v))),
                "maxpool" => Pool(x, Option("size")[0], Option("stride")[0]),
                "conv" => Convolve(x, words[0], Option("stride")[0], Option("padding")),
                "recurrent" => Recur(x, words[0], Option("last")[0]),
                _ when words[0] == "linear" => Image.Row(Multiply("weight", x.Values, tensors["bias"].Values)),
                _ => Image.Row(Multiply(words[0] + ".weight", x.Values, tensors[words[0] + ".bias"].Values)),
            };
        }
        if (x.Height == 1) return x.Values;
        return [.. Enumerable.Range(0, x.Height).SelectMany(answer => Enumerable.Range(0, x.Channels).Select(number => x[number, answer, 0]))];
    }

    private double[] Multiply(string name, double[] x, float[] start)
        => [.. start.Select((value, row) => value + x.Select((each, column) => each * tensors[name].Values[row * x.Length + column]).Sum())];

    private static Image Pool(Image x, int size, int stride)
    {
        Image y = new(x.Channels, (x.Height - size) / stride + 1, (x.Width - size) / stride + 1);
        y.Fill((c, row, column) => Enumerable.Range(0, size * size).Max(k => x[c, row * stride + k / size, column * stride + k % size]));
        return y;
    }

    private Image Convolve(Image x, string name, int stride, int[] padding)
    {
        var (shape, weights) = tensors[name + ".weight"];
        Image y = new(shape[0], (x.Height + 2 * padding[0] - shape[2]) / stride + 1, (x.Width + 2 * padding[1] - shape[3]) / stride + 1);
        y.Fill((o, row, column) =>
        {
            double sum = tensors[name + ".bias"].Values[o];
            for (int c = 0; c < shape[1]; c++)
                for (int i = 0; i < shape[2]; i++)
                    for (int j = 0; j < shape[3]; j++)
                    {
                        int above = row * stride + i - padding[0], left = column * stride + j - padding[1];
                        if (above >= 0 && left >= 0 && above < x.Height && left < x.Width) sum += weights[((o * shape[1] + c) * shape[2] + i) * shape[3] + j] * x[c, above, left];
                    }
            return sum;
        });
        return y;
    }

    private Image Recur(Image x, string name, int last)
    {
        float[] bias = tensors[name + ".bias"].Values;
        double[] h = new double[bias.Length];
        Image states = new(h.Length, last, 1);
        for (int t = 0; t < x.Height; t++)
        {
            // A row's values are [column][channel].
            double[] row = [.. Enumerable.Range(0, x.Width * x.Channels).Select(k => x[k % x.Channels, t, k / x.Channels])];
            h = [.. Multiply(name + ".input", row, bias).Zip(Multiply(name + ".recurrent", h, new float[h.Length]), (a, b) => Math.Tanh(a + b))];
            for (int c = 0; c < h.Length && t >= x.Height - last; c++) states[c, t - (x.Height - last), 0] = h[c];
        }
        return states;
    }

    /// <summary>Values [channel][row][column].</summary>
    private sealed class Image(int channels, int height, int width)
    {
        public int Channels => channels;

        public int Height => height;

        public int Width => width;

        public double[] Values { get; private init; } = new double[channels * height * width];

        public double this[int channel, int row, int column]
        {
            get => Values[(channel * height + row) * width + column];
            set => Values[(channel * height + row) * width + column] = value;
        }

        public static Image Row(double[] values) => new(values.Length, 1, 1) { Values = values };

        public Image Map(Func<double, double> function) => new(channels, height, width) { Values = [.. Values.Select(function)] };

        public void Fill(Func<int, int, int, double> value)
        {
            for (int c = 0; c < channels; c++)
                for (int row = 0; row < height; row++)
                    for (int column = 0; column < width; column++) this[c, row, column] = value(c, row, column);
        }
    }
}
