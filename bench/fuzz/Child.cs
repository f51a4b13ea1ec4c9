using System.Diagnostics;
using System.Globalization;

namespace Hooke.Fuzz;

/// <summary>The process that reads inputs, one after the other, and says of each what became of it.</summary>
internal static class Child
{
    /// <summary>What a line says: that an input begins, or what became of it.</summary>
    public const string Begins = "begins", Ended = "ended", Done = "done";

    private const long Tidy = 300_000_000; // bytes from which on what is left of earlier inputs is collected
    private const int StackBytes = 16 << 20;

    /// <summary>Reads inputs of a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="seed">Seed of the campaign.</param>
    /// <param name="from">The first input.</param>
    /// <param name="to">The input after the last.</param>
    /// <param name="folder">Where they are written.</param>
    /// <param name="output">Where it is said.</param>
    public static void Run(InputFormat format, ulong seed, long from, long to, string folder, TextWriter output)
    {
        // Recursion that is too deep for a usual stack is too deep.
        Thread reader = new(() =>
        {
            for (long number = from; number < to; number++)
            {
                byte[] input = format.Input(seed, number);
                if (Environment.WorkingSet > Tidy) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                ResetPeak();
                output.WriteLine($"{Begins} {number}");
                output.Flush();
                var before = Environment.CpuUsage.TotalTime; // others may use the machine, too
                var outcome = format.Try(folder, input);
                double seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
                string text = outcome.Text.ReplaceLineEndings(" ");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Ended} {number} {outcome.Verdict} {seconds:f3} {Peak() / 1e6:f0} {text}"));
                output.Flush();
            }
            output.WriteLine(Done);
            output.Flush();
        }, StackBytes);
        reader.Start();
        reader.Join();
    }

    // Linux forgets the greatest resident size if it is told to.
    private static void ResetPeak()
    {
        if (OperatingSystem.IsLinux()) File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static double Peak()
    {
        if (!OperatingSystem.IsLinux()) return Process.GetCurrentProcess().PeakWorkingSet64;
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return double.Parse(line["VmHWM:".Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
    }
}
