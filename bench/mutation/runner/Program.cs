using System.Diagnostics;
using System.Globalization;
using System.Runtime.Loader;
using System.Text.Json;
using Mutants;
using Switch = Mutants.Switch;

// Mutants FOLDER-OF-TESTS MUTATED.dll REPORT.json RESULTS [PART-OF-PATH | again | share=K/N]...
// In a random order with a fixed seed, portions by turns, so that a run that is ended early has tried a random sample of each.
// Child processes do the work, for a mutant may loop, fill the memory or end its process; all of these count as killed.
const string Child = "--child";
bool isChild = args[0] == Child;
if (isChild) args = args[1..];
string folder = Path.GetFullPath(args[0]), mutatedPath = Path.GetFullPath(args[1]), report = args[2], results = args[3];
string[] parts = [.. args[4..].Where(part => part != "again" && !part.StartsWith("share="))];
int[] share = args.FirstOrDefault(part => part.StartsWith("share=")) is { } text ? [.. text[6..].Split('/').Select(int.Parse)] : [0, 1];
string passed = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(results))!, "passed");

var mutants = new Dictionary<int, Mutant>();
using (var json = JsonDocument.Parse(File.ReadAllText(report)))
    foreach (var file in json.RootElement.GetProperty("files").EnumerateObject())
    {
        string path = file.Name[(file.Name.IndexOf("src/", StringComparison.Ordinal) + 4)..];
        if (parts.Length > 0 && !parts.Any(path.Contains)) continue;
        foreach (var mutant in file.Value.GetProperty("mutants").EnumerateArray())
            if (mutant.GetProperty("status").GetString() is not ("CompileError" or "Ignored"))
                mutants[int.Parse(mutant.GetProperty("id").GetString()!, CultureInfo.InvariantCulture)] = new(path, mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32(),
                    mutant.GetProperty("mutatorName").GetString()!, mutant.GetProperty("static").ValueKind == JsonValueKind.True, mutant.GetProperty("replacement").GetString()!);
    }

// Lines "id begin" and "id Killed|Survived|NoCoverage test".
var done = new Dictionary<int, string>();
if (File.Exists(results))
    foreach (string line in File.ReadLines(results))
    {
        string[] fields = line.Split(' ', 3);
        if (fields[1] != "begin") done[int.Parse(fields[0], CultureInfo.InvariantCulture)] = fields[1];
    }
if (!isChild && args.Contains("again"))
{
    // Mutants that were not killed are tried with the tests that there are now.
    done = done.Where(pair => pair.Value == "Killed").ToDictionary();
    File.WriteAllLines(results, done.Select(pair => $"{pair.Key} Killed"));
    File.Delete(passed);
}

if (!isChild)
{
    var start = new ProcessStartInfo(Environment.ProcessPath!) { Environment = { ["DOTNET_GCHeapHardLimit"] = "0x80000000", ["DOTNET_TieredPGO"] = "0" } };
    foreach (string argument in (string[])[Child, .. args]) start.ArgumentList.Add(argument);
    for (int code = 1; code != 0;)
    {
        using var child = Process.Start(start)!;
        child.WaitForExit();
        code = child.ExitCode;
        if (!File.Exists(results)) return 1;
        if (code != 0 && File.ReadLines(results).LastOrDefault()?.Split(' ') is [var id, "begin"]) File.AppendAllText(results, $"{id} Killed by its end\n");
    }
    Summary.Print(mutants, results);
    return 0;
}

byte[] mutated = World.Rewire(mutatedPath);
string mutatedName = Path.GetFileNameWithoutExtension(Directory.GetFiles(folder, "Hooke.Theory.dll").Single());
AssemblyLoadContext.Default.Resolving += (context, name) => Path.Combine(folder, name.Name + ".dll") is var path && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
Coverage.Begin();
var world = new World(folder, mutatedName, mutated, "Hooke.Tests");
var tests = TestCase.In(world.Tests).Where(Slow.IsQuick).ToDictionary(test => test.Name);
var coverage = Coverage.Of(tests.Values, passed);
using var log = new StreamWriter(results, append: true) { AutoFlush = true };
var clock = Stopwatch.StartNew();
int count = 0;
var random = new Random(1);
var order = mutants.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value, Place: random.NextDouble())).GroupBy(each => Summary.Portion(each.Value.Path))
    .SelectMany(group => group.OrderBy(each => each.Place).Select((each, k) => (each.Key, each.Value, Turn: k))).OrderBy(each => each.Turn).ToList();
foreach (var (id, mutant, turn) in order)
{
    if (turn % share[1] != share[0]) continue;
    count++;
    if (done.ContainsKey(id)) continue;
    log.WriteLine($"{id} begin");
    var candidates = coverage.Where(test => test.Passed.Contains(id)).OrderBy(test => test.Milliseconds).ToList();
    // What static fields are made by is passed once only, so such a mutant needs a world of its own, and all tests that start quickly.
    bool first = candidates.Count == 0 || coverage.IsStatic(id);
    string outcome;
    if (!first) outcome = Try(candidates.Select(test => (tests[test.Name], test.Milliseconds)), id);
    else if (!coverage.IsStatic(id)) outcome = "NoCoverage";
    else
    {
        Switch.Active = id;
        try
        {
            var own = new World(folder, mutatedName, mutated, "Hooke.Tests");
            var rows = TestCase.In(own.Tests).Where(Slow.IsQuick).ToDictionary(test => test.Name);
            outcome = Try(coverage.Where(test => test.Milliseconds < 100).OrderBy(test => test.Name.StartsWith("BoundTests") ? 0 : 1).ThenBy(test => test.Milliseconds)
                .Where(test => rows.ContainsKey(test.Name)).Select(test => (rows[test.Name], test.Milliseconds)), id);
            if (rows.Count != tests.Count && outcome == "Survived") outcome = "Killed tests that there are not";
            own.Unload();
        }
        catch (Exception error)
        {
            outcome = $"Killed {error.GetType().Name}";
        }
        Switch.Active = -1;
    }
    log.WriteLine($"{id} {outcome}");
    if (count % 100 == 0) Console.Error.WriteLine($"{count} of {mutants.Count}, {clock.Elapsed.TotalMinutes:f1} min");
}
// No mutant may leave something behind that fails the tests of the next.
if (Try(tests.Values.Select(test => (test, 60_000.0)), -1) is var last && last != "Survived") throw new InvalidOperationException($"without a mutant: {last}");
return 0;

// The first test that fails kills; one that takes far longer than it should ends this process, and counts as failed.
string Try(IEnumerable<(TestCase Test, double Milliseconds)> order, int id)
{
    foreach (var (test, usual) in order)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                test.Run();
            }
            catch (Exception error)
            {
                failure = error;
            }
        }, 16 << 20) { IsBackground = true };
        Switch.Active = id;
        thread.Start();
        bool ended = thread.Join(TimeSpan.FromMilliseconds(10_000 + 20 * usual));
        if (!ended)
        {
            log.WriteLine($"{id} Killed timeout {test.Name}");
            log.Flush();
            Environment.Exit(3);
        }
        Switch.Active = -1;
        if (failure is not null) return $"Killed {test.Name}";
    }
    return "Survived";
}
