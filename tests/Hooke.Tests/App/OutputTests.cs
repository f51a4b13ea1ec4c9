using System.Text;
using System.Text.Json;
using Hooke.App.Commands;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Runs;
using Xunit;
using Progress = Hooke.Runs.Progress;

namespace Hooke.Tests.App;

/// <summary>What a view, a log or a pipe does never ends a run: it goes on, one line says what is lost, and the exit code is 1.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("--json", "> /dev/full", "No space left on device")]
    [InlineData("", "> /dev/full", "No space left on device")]
    [InlineData("--json", "2> /dev/full", "")]
    [InlineData("", "| head -n 1 > first", "Broken pipe")]
    [InlineData("--json", "| true", "Broken pipe")]
    public void Output_that_finds_no_room_or_no_reader_is_lost_and_the_run_is_not(string json, string where, string reason)
    {
        var printed = Shell.Run(scratch.At(""), $"set -o pipefail; $hooke {Words(scratch.Train("run"))} {json} {where}");
        Assert.Equal(1, printed.Code);
        Assert.Equal(reason.Length > 0 ? $"hooke: standard output can't be written: {reason}; the command goes on" : "", Lines(printed.Error, "hooke:"));
        AssertWhole(scratch.At("run"));
        if (where.StartsWith("2>")) Assert.Equal("eamsgd", printed.Json.GetProperty("method").GetString());
    }

    [Fact]
    public void A_log_beyond_the_limit_for_files_is_lost_and_nothing_else()
    {
        var listed = Shell.Run(scratch.At(""), "trap '' XFSZ; ulimit -f 0; $hooke methods --json > log");
        Assert.Equal((1, "hooke: standard output can't be written: File too large; the command goes on\n"), (listed.Code, listed.Error));
    }

    [Theory]
    [InlineData("methods --json")]
    [InlineData("--version")]
    [InlineData("train --help")]
    [InlineData("theory bound thesis-nothing")]
    [InlineData("data")]
    public void Every_command_survives_a_full_disk_behind_its_output(string command)
    {
        var printed = Shell.Run(scratch.At(""), $"$hooke {command} > /dev/full");
        Assert.Equal(command.Contains("nothing") ? 2 : 1, printed.Code);
        Assert.Single(printed.Error.Trim().Split('\n'));
    }

    [Fact]
    public void A_writer_that_throws_loses_its_text_and_nothing_else()
    {
        var error = new StringWriter();
        int code = CommandLine.Run([.. scratch.Train("run"), "--json"], new Broken(), error);
        Assert.Equal(1, code);
        Assert.Contains("hooke: standard output can't be written: torn; the command goes on", error.ToString());
        AssertWhole(scratch.At("run"));
    }

    [Theory]
    [InlineData(nameof(RunView.Begin))]
    [InlineData(nameof(RunView.Show))]
    [InlineData(nameof(RunView.Tick))]
    [InlineData(nameof(RunView.Point))]
    [InlineData(nameof(RunView.End))]
    public void A_view_that_throws_is_off_and_the_run_goes_on(string where)
    {
        var text = new StringWriter();
        var screen = new Screen(new GuardedWriter(text, isTerminal: false));
        var said = new RunFile { ["model"] = "mlp", ["data"] = scratch.Data, ["hidden"] = "8", ["batch"] = "10", ["workers"] = "1", ["epochs"] = "2" };
        var run = Resolution.Of(said, _ => { });
        RunResult result;
        using (var folder = RunFolder.Create(scratch.At("run"), run, screen.Warn))
            result = Session.Run(run, folder, new GuardedView(new Throwing(screen, where)), resume: false, default);
        Assert.Equal(2 * Scratch.TrainCount, result.Samples);
        Assert.True(screen.HasLost);
        Assert.Equal($"warning: the view failed and is off, FormatException: {where}; the run goes on", Lines(text.ToString(), "warning: the view"));
        AssertWhole(scratch.At("run"));
    }

    [Fact]
    public void An_error_of_the_run_is_not_hidden_by_the_view_that_shows_it()
    {
        var screen = new Screen(new GuardedWriter(TextWriter.Null, isTerminal: false));
        Assert.Throws<TimeoutException>(() => new GuardedView(new Throwing(screen, "")).Show<int>(() => throw new TimeoutException("late")));
        Assert.False(screen.HasLost);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 80)]
    [InlineData(24, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 15)]
    public void In_a_terminal_of_any_size_the_page_shrinks_and_the_run_goes_on(int rows, int columns)
    {
        string command = $"stty rows {rows} cols {columns}; exec $hooke {Words(scratch.Train("run"))}";
        var printed = Shell.Run(scratch.At(""), $"export TERM=xterm; script -qec '{command}' /dev/null < /dev/null");
        Assert.True(printed.Code == 0, printed.Output + printed.Error);
        Assert.DoesNotContain("warning", printed.Output);
        AssertWhole(scratch.At("run"));
    }

    [Fact]
    public void A_terminal_may_become_smaller_than_any_page_while_the_run_goes_on()
    {
        // Long enough to see the terminal change; it is stopped then.
        string[] options = scratch.Train("run");
        options[Array.IndexOf(options, "--epochs") + 1] = "100000";
        options[Array.IndexOf(options, "--evaluate-every") + 1] = "10";
        File.WriteAllText(scratch.At("inner.sh"), $"stty rows 24 cols 80; tty > terminal; echo $$ > process; exec $hooke {Words(options)}\n");
        var printed = Shell.Run(scratch.At(""), $$"""
            export TERM=xterm
            lines() { [ -e run/trace.jsonl ] && [ "$(wc -l < run/trace.jsonl)" -ge "$1" ]; }
            script -qec "bash inner.sh" /dev/null < /dev/null > page & page=$!
            await 'lines 3' || exit 1
            for size in "1 80" "24 1" "1 1" "5 200" "2 3"; do
                set -- $size
                stty -F "$(cat terminal)" rows $1 cols $2
                now=$(wc -l < run/trace.jsonl)
                await "lines $((now + 4))" || exit 1
            done
            kill -TERM "$(cat process)"
            ended $page
            """);
        Assert.True(printed.Code == 0, printed.Output + printed.Error);
        Assert.DoesNotContain("internal error", File.ReadAllText(scratch.At("page")));
        Assert.DoesNotContain("view failed", File.ReadAllText(scratch.At("page")));
        Assert.True(JsonDocument.Parse(File.ReadAllText(scratch.At("run/result.json"))).RootElement.GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public void A_picture_that_finds_no_room_costs_the_picture()
    {
        var printed = Cli.Run("theory", "map", "--x", "learning-rate=0:2:4", "--y", "moving-rate=-1:1:4", "--svg", "/dev/full", "--json");
        Assert.Equal(1, printed.Code);
        Assert.Contains("picture /dev/full can't be written", printed.Error);
        Assert.NotEqual(JsonValueKind.Undefined, printed.Json.ValueKind);
    }

    private static string Words(IEnumerable<string> options) => string.Join(' ', options);

    private static string Lines(string text, string beginning) => string.Join('\n', text.Split('\n').Where(line => line.StartsWith(beginning)));

    private static void AssertWhole(string folder)
    {
        foreach (string file in (string[])["center.safetensors", "result.json", "curves.svg"]) Assert.True(File.Exists(Path.Combine(folder, file)), file);
    }

    private sealed class Broken : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("torn");
    }

    /// <summary>A view that throws in one of its methods.</summary>
    private sealed class Throwing(Screen screen, string where) : RunView(screen)
    {
        private void Maybe(string here)
        {
            if (here == where) throw new FormatException(here);
        }

        public override void Begin(RunTitle run, string? folder, IReadOnlyList<TracePoint> earlier) => Maybe(nameof(Begin));

        public override TResult Show<TResult>(Func<TResult> body)
        {
            Maybe(nameof(Show));
            return body();
        }

        public override void Tick(Progress progress) => Maybe(nameof(Tick));

        public override void Point(TracePoint point) => Maybe(nameof(Point));

        public override void End(RunResult result, IReadOnlyList<TracePoint> points) => Maybe(nameof(End));
    }
}
