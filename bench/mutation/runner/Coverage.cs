using System.Collections;
using System.Diagnostics;

namespace Mutants;

/// <summary>Which mutants every test passes, and how long it takes.</summary>
public sealed class Coverage : IEnumerable<(string Name, double Milliseconds, HashSet<int> Passed)>
{
    private const int Most = 1 << 16;
    private readonly List<(string Name, double Milliseconds, HashSet<int> Passed)> tests = [];
    private HashSet<int> atLoad = [];

    /// <summary>Records from now on.</summary>
    public static void Begin() => Switch.Passed = new bool[Most];

    /// <summary>Measures it, or reads what was measured.</summary>
    /// <param name="tests">The tests.</param>
    /// <param name="file">Keeps it.</param>
    public static Coverage Of(IEnumerable<TestCase> tests, string file)
    {
        var coverage = new Coverage();
        if (File.Exists(file))
        {
            foreach (string line in File.ReadLines(file))
            {
                string[] fields = line.Split('\t');
                HashSet<int> passed = [.. fields[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
                if (fields[0] == "") coverage.atLoad = passed;
                else coverage.tests.Add((fields[0], double.Parse(fields[1]), passed));
            }
            Switch.Passed = null;
            return coverage;
        }
        // The tests' rows were listed since Begin.
        coverage.atLoad = [.. Ids(Switch.Passed!)];
        var all = tests.ToList();
        foreach (var test in all)
        {
            var first = Passed(test, out double milliseconds);
            var again = milliseconds > 500 ? first : Passed(test, out milliseconds);
            // What only the first run of a test passes belongs to what is static.
            coverage.atLoad.UnionWith(first.Except(again));
            coverage.tests.Add((test.Name, milliseconds, again));
            Console.Error.WriteLine($"{milliseconds:f0} ms {test.Name}");
        }
        using var writer = new StreamWriter(file);
        writer.WriteLine($"\t0\t{string.Join(' ', coverage.atLoad)}");
        foreach (var (name, milliseconds, passed) in coverage.tests) writer.WriteLine($"{name}\t{milliseconds:f3}\t{string.Join(' ', passed)}");
        return coverage;
    }

    /// <summary>Whether a mutant is passed only where something static is made.</summary>
    /// <param name="id">The mutant.</param>
    public bool IsStatic(int id) => atLoad.Contains(id);

    /// <inheritdoc/>
    public IEnumerator<(string Name, double Milliseconds, HashSet<int> Passed)> GetEnumerator() => tests.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static HashSet<int> Passed(TestCase test, out double milliseconds)
    {
        var passed = Switch.Passed = new bool[Most];
        var clock = Stopwatch.StartNew();
        test.Run();
        milliseconds = clock.Elapsed.TotalMilliseconds;
        Switch.Passed = null;
        return [.. Ids(passed)];
    }

    private static IEnumerable<int> Ids(bool[] passed) => Enumerable.Range(0, Most).Where(id => passed[id]);
}
