using System.Runtime.InteropServices;
using Hooke.Claims;

return Entrance.Run(args, Console.Out, Console.Error);

namespace Hooke.Claims
{
    /// <summary>The command line.</summary>
    internal static class Entrance
    {
        private const int Done = 0, Broken = 1, BadInput = 2;

        /// <summary>Does what is asked, and gives the exit code.</summary>
        public static int Run(string[] words, TextWriter output, TextWriter error)
        {
            try
            {
                var arguments = Arguments.Parse(words);
                if (!arguments.Explain) return Run(arguments, output, error);
                output.WriteLine(Arguments.Help);
                return Done;
            }
            catch (BadRowsException trouble)
            {
                error.WriteLine($"claims: {trouble.Message}");
                return BadInput;
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                error.WriteLine($"claims: {trouble.Message}");
                return Broken;
            }
        }

        private static int Run(Arguments arguments, TextWriter output, TextWriter error)
        {
            string bench = Path.Combine(arguments.Root, "bench"), scratch = Path.Combine(arguments.Root, "artifacts", "claims");
            var rows = RowFiles.Read(Path.Combine(bench, "rows"));
            var needs = new Needs(Path.Combine(bench, "rows", "needs.json"), rows);
            var chosen = arguments.Choose(rows);
            if (arguments.List) return List(chosen, output);
            var ledger = new Ledger(Path.Combine(bench, "claims.jsonl"));
            var sources = new Sources(arguments.Root);
            using var stop = new CancellationTokenSource();
            using var interrupt = Stops(PosixSignal.SIGINT, stop);
            using var terminate = Stops(PosixSignal.SIGTERM, stop);
            if (!arguments.Status)
            {
                Directory.CreateDirectory(scratch);
                using var only = Alone(Path.Combine(scratch, "lock"));
                var campaign = new Campaign(rows, ledger, sources.Commit, job => job.Run(arguments.Root, stop.Token), needs.Lacks, error.WriteLine) { Scratch = scratch, Machine = Machine.Here() };
                try
                {
                    campaign.Run(chosen, arguments.Again, arguments.AtMost, stop.Token);
                }
                catch (OperationCanceledException)
                {
                    error.WriteLine("claims: stopped; what is done is kept");
                }
                finally
                {
                    Write(rows, ledger, Path.Combine(bench, "claims.md"));
                }
            }
            else
            {
                Write(rows, ledger, Path.Combine(bench, "claims.md"));
            }
            Standing[] standings = [.. chosen.Select(row => Standing.Of(row, ledger))];
            string commit = sources.Commit();
            (arguments.Json ? error : output).Write(Report.Text(standings, commit, needs.Lacks));
            if (arguments.Json) output.WriteLine(Report.Json(standings, commit, needs.Lacks));
            return stop.IsCancellationRequested || standings.Any(each => each.Holds == false) ? Broken : Done;
        }

        /// <summary>Holds a file as long as rows run: two at once would disturb each other's figures and overwrite each other's values.</summary>
        private static FileStream Alone(string path)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                throw new IOException($"another ./bench/claims is running rows here, which holds {path}; --status and --list work meanwhile");
            }
        }

        private static int List(IReadOnlyList<Row> chosen, TextWriter output)
        {
            foreach (var row in chosen) output.WriteLine($"{row.Id}  {row.Seeds.Count} × {row.Minutes:0.##} min  {row.Run}");
            // Rows with the same command share its runs.
            double minutes = chosen.GroupBy(row => (row.Run, row.Busy)).Sum(same => same.Max(row => row.Minutes * row.Seeds.Count));
            output.WriteLine($"{chosen.Count} rows, about {minutes:0} min");
            return Done;
        }

        /// <summary>Writes the table where it has changed.</summary>
        private static void Write(IReadOnlyList<Row> rows, Ledger ledger, string path)
        {
            string table = Report.Markdown([.. rows.Select(row => Standing.Of(row, ledger))]);
            if (!File.Exists(path) || File.ReadAllText(path) != table) Ledger.Replace(path, table);
        }

        private static PosixSignalRegistration Stops(PosixSignal signal, CancellationTokenSource stop) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
    }
}
