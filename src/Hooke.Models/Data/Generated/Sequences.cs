namespace Hooke.Models.Data;

/// <summary>
/// The sequence tasks of the Survey's table 3, for recurrent networks: inputs (steps, 1, channels), an answer at the end.
/// [Hochreiter, Schmidhuber, "Long short-term memory", 1997; Martens, Sutskever, "Learning recurrent neural networks with
/// Hessian-free optimization", ICML 2011]
/// </summary>
/// <remarks>
/// Lengths are fixed, where the originals vary them by up to a tenth. In the table an answer of the first two tasks is wrong if it
/// is off by more than 0.04, and the error of the memory tasks is the number of symbols that are wrong.
/// </remarks>
public static class Sequences
{
    internal const string AddingName = "adding", MultiplicationName = "multiplication", Memory5Name = "memory-5bit", Memory20Name = "memory-20bit";

    internal const string AddingDescription = "adding problem: the mean of two marked numbers in a sequence of 80 (generated)";
    internal const string MultiplicationDescription = "multiplication problem: the product of two marked numbers in a sequence of 80 (generated)";
    internal const string Memory5Description = "5-bit memory problem: 5 bits repeated after a wait, 200 steps in all (generated)";
    internal const string Memory20Description = "20-bit memory problem: 10 symbols of 5 kinds repeated after a wait, 80 steps in all (generated)";

    /// <summary>
    /// The adding problem: two channels, numbers uniform in [0, 1), less ½, and a mark, 1 at one step of the first tenth and at one
    /// between there and the middle. The target is the mean of the two marked numbers (before ½ is subtracted), of variance 1/24.
    /// </summary>
    /// <param name="length">Steps T, from 10 to 10,000; 80 by default.</param>
    /// <param name="train">Number of training examples; 50,000 by default.</param>
    /// <param name="test">Number of test examples; 5,000 by default.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Adding(int length = 80, int train = 50_000, int test = 5_000, ulong seed = 1)
        => Marked(AddingName, AddingDescription, length, train, test, seed, (a, b) => (a + b) / 2);

    /// <summary>The multiplication problem: as <see cref="Adding"/>, but the target is the product, of variance 7/144.</summary>
    /// <param name="length">Steps T, from 10 to 10,000; 80 by default.</param>
    /// <param name="train">Number of training examples; 50,000 by default.</param>
    /// <param name="test">Number of test examples; 5,000 by default.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Multiplication(int length = 80, int train = 50_000, int test = 5_000, ulong seed = 1)
        => Marked(MultiplicationName, MultiplicationDescription, length, train, test, seed, (a, b) => a * b);

    /// <summary>
    /// The memory problem: n symbols of k kinds, then blanks with a cue n + 1 steps before the end. A channel for each kind, the
    /// cue and the blank, 1 where a step shows it. The target is (n, 1, k): the symbols, one-hot, which the last n steps answer.
    /// </summary>
    /// <param name="symbols">n, from 1 to 100; 5 in the 5-bit problem and 10 in the 20-bit one.</param>
    /// <param name="kinds">k, from 2 to 100; 2 and 5.</param>
    /// <param name="length">All steps T, from 2n + 1 to 10,000; 200 and 80 in the table.</param>
    /// <param name="train">Number of training examples. If there are at most 1024 sequences they take turns, else they are random.</param>
    /// <param name="test">Number of test examples.</param>
    /// <param name="seed">Seed.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public static DataSet Memory(int symbols, int kinds, int length, int train, int test, ulong seed = 1)
    {
        if (symbols is < 1 or > 100) throw new ArgumentException($"symbols is {symbols}; it must be from 1 to 100");
        if (kinds is < 2 or > 100) throw new ArgumentException($"kinds is {kinds}; it must be from 2 to 100");
        if (length < 2 * symbols + 1 || length > 10_000) throw new ArgumentException($"length is {length}; it must be from {2 * symbols + 1} to 10000");
        int channels = kinds + 2, all = 1;
        for (int s = 0; s < symbols && all <= 1024; s++) all *= kinds;
        bool small = symbols == 5 && kinds == 2;
        Layout layout = new()
        {
            Name = small ? Memory5Name : symbols == 10 && kinds == 5 ? Memory20Name : $"memory-{symbols}x{kinds}",
            Description = $"{symbols} symbols of {kinds} kinds repeated after a wait, {length} steps in all (generated)",
            Shape = new(length, 1, channels), Target = TargetKind.Values, TargetShape = new(symbols, 1, kinds), Standardized = false,
        };
        return Generated.Generate<byte, float>(layout, train, test, seed, (noise, index, input, target) =>
        {
            for (int t = 0, digits = index; t < length; t++)
            {
                int shown = t == length - symbols - 1 ? kinds : kinds + 1;
                if (t < symbols)
                {
                    shown = all <= 1024 ? digits % kinds : (int)noise.Integer(t, kinds);
                    digits /= kinds;
                    target[t * kinds + shown] = 1;
                }
                input[t * channels + shown] = 255; // a byte of 255 is read as 1
            }
        });
    }

    private static DataSet Marked(string name, string description, int length, int train, int test, ulong seed, Func<double, double, double> answer)
    {
        if (length is < 10 or > 10_000) throw new ArgumentException($"length is {length}; it must be from 10 to 10000");
        Layout layout = new()
        {
            Name = name, Description = description, Shape = new(length, 1, 2), Element = Element.Float, Target = TargetKind.Values, Standardized = false,
        };
        return Generated.Generate<float, float>(layout, train, test, seed, (noise, _, input, target) =>
        {
            for (int t = 0; t < length; t++) input[2 * t] = (float)(noise.Uniform(t) - 0.5);
            int first = (int)noise.Integer(length, length / 10), second = length / 10 + (int)noise.Integer(length + 1, length / 2 - length / 10);
            input[2 * first + 1] = input[2 * second + 1] = 1;
            target[0] = (float)answer(noise.Uniform(first), noise.Uniform(second));
        });
    }
}
