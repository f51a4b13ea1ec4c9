using Hooke.Tests.Mpi;
using Xunit.Runner.InProc.SystemConsole;

namespace Hooke.Tests;

/// <summary>The test runner, or one process of a test that needs several.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args) => args switch
    {
        [RankSuite.Word, var suite, var report] => RankSuite.Run(suite, report, null),
        [RankSuite.Word, var suite, var report, var rank, var size] => RankSuite.Run(suite, report, (int.Parse(rank), int.Parse(size))),
        _ => await ConsoleRunner.Run(args),
    };
}
