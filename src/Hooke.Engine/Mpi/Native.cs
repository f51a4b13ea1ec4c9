using System.Runtime.InteropServices;

namespace Hooke.Engine.Mpi;

/// <summary>
/// The functions of MPI that the engine calls. Every handle is an nint: a 32-bit handle of MPICH's travels in its lower half.
/// Arguments are blittable; <see cref="MpiLibrary"/> finds the library when the first is called.
/// </summary>
internal static unsafe partial class Native
{
    public const string Library = "mpi";

    [LibraryImport(Library)] public static partial int MPI_Get_library_version(byte* text, int* length);
    [LibraryImport(Library)] public static partial int MPI_Init_thread(int* argc, byte*** argv, int required, int* provided);
    [LibraryImport(Library)] public static partial int MPI_Finalize();
    [LibraryImport(Library)] public static partial int MPI_Abort(nint communicator, int code);
    [LibraryImport(Library)] public static partial int MPI_Comm_rank(nint communicator, int* rank);
    [LibraryImport(Library)] public static partial int MPI_Comm_size(nint communicator, int* size);
    [LibraryImport(Library)] public static partial int MPI_Comm_dup(nint communicator, nint* copy);
    [LibraryImport(Library)] public static partial int MPI_Comm_set_errhandler(nint communicator, nint handler);
    [LibraryImport(Library)] public static partial int MPI_Error_string(int code, byte* text, int* length);
    [LibraryImport(Library)] public static partial int MPI_Error_class(int code, int* kind);
    [LibraryImport(Library)] public static partial int MPI_Get_processor_name(byte* text, int* length);
    [LibraryImport(Library)] public static partial int MPI_Isend(void* buffer, int count, nint type, int to, int tag, nint communicator, nint* request);
    [LibraryImport(Library)] public static partial int MPI_Improbe(int from, int tag, nint communicator, int* found, nint* message, void* status);
    [LibraryImport(Library)] public static partial int MPI_Imrecv(void* buffer, int count, nint type, nint* message, nint* request);
    [LibraryImport(Library)] public static partial int MPI_Test(nint* request, int* done, void* status);
    [LibraryImport(Library)] public static partial int MPI_Get_count(void* status, nint type, int* count);
    [LibraryImport(Library)] public static partial int MPI_Comm_spawn(byte* command, byte** arguments, int processes, nint info, int root, nint communicator, nint* between, int* errors);
    [LibraryImport(Library)] public static partial int MPI_Comm_get_parent(nint* parent);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)] public static partial int SetEnvironment(string name, string value, int overwrite);
    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)] public static partial nint OpenLibrary(string path, int flags);
    [LibraryImport("libc", EntryPoint = "sched_yield"), SuppressGCTransition] public static partial int Yield();
    [LibraryImport("libc", EntryPoint = "nanosleep")] public static partial int Sleep(Duration* wanted, Duration* left);
    [LibraryImport("libc", EntryPoint = "_exit")] public static partial void ExitAtOnce(int code);
}

/// <summary>The C library's timespec.</summary>
internal readonly record struct Duration(long Seconds, long Nanoseconds);

/// <summary>MPI_Status, opaque: 32 bytes are enough for Open MPI (24), MPICH (20) and the standard ABI (32).</summary>
internal unsafe struct Status
{
    private fixed byte bytes[32];

    /// <summary>The sender's rank.</summary>
    public readonly int Source
    {
        get { fixed (byte* start = bytes) return *(int*)(start + MpiLibrary.Constants.SourceOffset); }
    }
}
