using System.Runtime.InteropServices;
using System.Text;

namespace Hooke.Engine.Mpi;

/// <summary>An MPI function failed.</summary>
/// <param name="operation">What was tried, with whom.</param>
/// <param name="kind">MPI's error class.</param>
/// <param name="text">What the library says.</param>
public sealed class MpiException(string operation, int kind, string text) : Exception($"{operation} failed: MPI error class {kind}, {text}")
{
    /// <summary>MPI's error class.</summary>
    public int Kind => kind;
}

/// <summary>Values that differ between the libraries: addresses of objects in Open MPI, numbers in MPICH's ABI and the standard one.</summary>
internal sealed record MpiConstants(nint World, nint Self, nint NoCommunicator, nint Byte, nint ErrorsReturn, nint NoInfo, int AnySource, int SourceOffset, int[] ThreadLevels);

/// <summary>
/// The MPI library of this machine, looked up at run time: Open MPI, or one with MPICH's ABI (MPICH, Intel MPI, MVAPICH, Cray).
/// </summary>
internal static unsafe class MpiLibrary
{
    private const string Override = "HOOKE_MPI_LIBRARY";
    private const int Now = 2, Global = 0x100;
    private static readonly Lock gate = new();
    private static nint handle;
    private static string name = "";
    private static MpiConstants? constants;

    static MpiLibrary() => NativeLibrary.SetDllImportResolver(typeof(MpiLibrary).Assembly, static (library, _, _) => library == Native.Library ? Load() : 0);

    /// <summary>The library's values.</summary>
    public static MpiConstants Constants => constants ??= Bind();

    /// <summary>Whether there is a library, and its file's name.</summary>
    public static bool IsThere(out string file)
    {
        lock (gate) TryLoad();
        file = name;
        return handle != 0;
    }

    /// <summary>Whether it is Open MPI, whose launcher lets a run survive the death of a worker.</summary>
    public static bool IsOpenMpi => NativeLibrary.TryGetExport(Load(), "ompi_mpi_comm_world", out _);

    /// <summary>The library's name and version, in its own words; may be asked before MPI is initialized.</summary>
    public static string Version
    {
        get
        {
            Load();
            byte* text = stackalloc byte[8192];
            int length;
            Check(Native.MPI_Get_library_version(text, &length), "MPI_Get_library_version");
            return Encoding.UTF8.GetString(text, length).Split('\n', '\0')[0].Trim();
        }
    }

    /// <summary>Turns an error code into an exception.</summary>
    /// <param name="code">What a function returned.</param>
    /// <param name="operation">What was tried, with whom.</param>
    public static void Check(int code, string operation)
    {
        if (code != 0) throw Error(code, operation);
    }

    /// <summary>The exception of an error code.</summary>
    public static MpiException Error(int code, string operation)
    {
        int kind, length;
        byte* text = stackalloc byte[2048];
        if (Native.MPI_Error_class(code, &kind) != 0) kind = -1;
        string words = Native.MPI_Error_string(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length).Split('\n', '\0')[0] : $"code {code}";
        return new(operation, kind, words);
    }

    private static nint Load()
    {
        lock (gate) TryLoad();
        return handle != 0 ? handle : throw new DllNotFoundException("no MPI library was found; hooke doctor says what to install");
    }

    private static void TryLoad()
    {
        if (handle != 0) return;
        // UCX takes SIGSEGV and SIGFPE for itself, by which .NET learns of null references. Native code reads its own environment.
        Native.SetEnvironment("UCX_ERROR_SIGNALS", "", 0);
        bool byMpich = Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_SIZE") is null && Environment.GetEnvironmentVariable("PMI_RANK") is not null;
        string[] names = Environment.GetEnvironmentVariable(Override) is { Length: > 0 } named ? [named]
            : byMpich ? ["libmpich.so.12", "libmpi.so.12"]
            : ["libmpi.so.40", "libmpich.so.12", "libmpi.so.12"];
        foreach (string each in names)
        {
            handle = Native.OpenLibrary(each, Now | Global); // Open MPI's plug-ins look for its symbols
            name = each;
            if (handle != 0) return;
        }
        name = "";
    }

    private static MpiConstants Bind()
    {
        nint library = Load();
        if (!NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world))
            return new(0x44000000, 0x44000001, 0x04000000, 0x4c00010d, 0x54000001, 0x1c000000, AnySource: -2, SourceOffset: 8, [0, 1, 2, 3]);
        nint Symbol(string symbol) => NativeLibrary.GetExport(library, symbol);
        return new(world, Symbol("ompi_mpi_comm_self"), Symbol("ompi_mpi_comm_null"), Symbol("ompi_mpi_byte"), Symbol("ompi_mpi_errors_return"), Symbol("ompi_mpi_info_null"), AnySource: -1,
            SourceOffset: 0, [0, 1, 2, 3]);
    }
}
