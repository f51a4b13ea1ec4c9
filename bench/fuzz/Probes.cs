using System.Runtime.InteropServices;
using Hooke.App.Training;

namespace Hooke.Fuzz;

/// <summary>Formats whose first changed input goes wrong, so that tests see that it is found.</summary>
internal static class Probes
{
    private const int Patience = 2, Large = 1_200_000_000;

    private static readonly byte[] Valid = [0];

    /// <summary>Finds one by name; null if there is none.</summary>
    public static InputFormat? Find(string name) => name switch
    {
        "probe-exit" => Of(name, _ => Environment.Exit(134)),
        "probe-hang" => Of(name, _ => Thread.Sleep(Timeout.Infinite)),
        "probe-slow" => Of(name, _ => Burn(1.25 * Patience)),
        "probe-memory" => Of(name, _ => GC.KeepAlive(Touched(Large))),
        "probe-native" => Of(name, _ => Fill(2L * Large)),
        "probe-unnamed" => Of(name, _ => throw new BadInputException("something is wrong somewhere")),
        "probe-error" => Of(name, _ => throw new InvalidOperationException("inside")),
        "probe-wrong" => Of(name, _ => { }) with { Read = path => File.ReadAllBytes(path)[0] == 1 ? "other elements were read" : null },
        _ => null,
    };

    // The first changed input is 1, all others are as the valid one.
    private static InputFormat Of(string name, Action<string> wrong) => new(name, "x", Valid, path =>
    {
        if (File.ReadAllBytes(path)[0] == 1) wrong(path);
        return null;
    })
    {
        Numbered = number => [(byte)(number == 0 ? 1 : 0)],
        Patience = name is "probe-hang" or "probe-slow" ? Patience : 10 * Patience,
    };

    private static void Burn(double seconds)
    {
        for (var before = Environment.CpuUsage.TotalTime; (Environment.CpuUsage.TotalTime - before).TotalSeconds < seconds;) Thread.SpinWait(1000);
    }

    private static byte[] Touched(int length)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        for (int at = 0; at < length; at += 4096) bytes[at] = 1;
        return bytes;
    }

    // More than a process may have, and does not give back.
    private static unsafe void Fill(long length)
    {
        byte* bytes = (byte*)NativeMemory.Alloc((nuint)length);
        for (long at = 0; at < length; at += 4096) bytes[at] = 1;
        Thread.Sleep(Timeout.Infinite);
    }
}
