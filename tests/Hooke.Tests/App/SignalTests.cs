using System.Text.Json;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>Ctrl-C, a termination signal and a hang-up stop any command cleanly in any phase; a second one ends it at once.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("train --data ../long.csv --run run --json", "TERM", "SIGTERM")]
    [InlineData("train --data ../long.csv --run run --json", "HUP", "SIGHUP")]
    [InlineData("train --data ../long.svm --method hogwild --model logistic --run run --json", "INT", "SIGINT")]
    [InlineData("simulate --data ../long.csv --run run --json", "TERM", "SIGTERM")]
    [InlineData("compare --data ../long.csv --json", "HUP", "SIGHUP")]
    [InlineData("data import ../long.csv set.hooke --json", "TERM", "SIGTERM")]
    [InlineData("simulate --cluster ../pipe --json", "INT", "SIGINT")]
    [InlineData("train ../pipe --json", "TERM", "SIGTERM")]
    public void While_data_are_read_a_signal_ends_the_process_and_leaves_nothing(string command, string signal, string name)
    {
        // Text that takes seconds to read, or a pipe from which nothing comes; who has it open is reading.
        string input = command.Split(' ').Single(word => word.StartsWith("../"))[3..];
        var printed = Shell.Run(scratch.At(""), $$"""
            mkfifo pipe
            case {{input}} in
                long.csv) yes '0.125,0.25,0.375,0.5,0.625,0.75,0.875,1' | head -c 60M > long.csv ;;
                long.svm) yes '1 1:0.125 2:0.25 3:0.375 4:0.5 5:0.625' | head -c 160M > long.svm ;;
            esac
            mkdir in; cd in
            $hooke {{command}} > ../out 2> ../err & process=$!
            exec 3<> ../pipe
            await 'ls -l /proc/$process/fd 2> /dev/null | grep -q "/{{input}}$"' || exit 9
            kill -{{signal}} $process
            ended $process
            """);
        string message = $"stopped by {name} before there was a result";
        Assert.True(printed.Code == 1, printed.Error + File.ReadAllText(scratch.At("err")));
        // What takes long may have said so.
        Assert.Equal($"hooke: {message}", File.ReadLines(scratch.At("err")).Last());
        var json = JsonDocument.Parse(File.ReadAllText(scratch.At("out"))).RootElement;
        Assert.Equal((message, 1), (json.GetProperty("error").GetString(), json.GetProperty("exitCode").GetInt32()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.At("in")));
        Assert.Empty(Directory.EnumerateFiles(scratch.At(""), "*.part"));
    }

    [Fact]
    public void A_file_that_is_half_written_when_a_signal_comes_is_deleted()
    {
        // Its notices go to a pipe that is full, so that the import stands still in the middle of its file.
        var printed = Shell.Run(scratch.At(""), """
            mkfifo notices; exec 3<> notices
            dd if=/dev/zero of=notices bs=4096 count=16 status=none
            mkdir in
            $hooke data import glyphs in/set.hooke > notices 2> err & process=$!
            await '[ -n "$(find in -name "*.part" -size +1M)" ]' || exit 9
            kill -TERM $process
            ended $process
            """);
        Assert.True(printed.Code == 1, printed.Error);
        Assert.Equal("hooke: stopped by SIGTERM before there was a result\n", File.ReadAllText(scratch.At("err")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(scratch.At("in")));
    }

    [Theory]
    [InlineData("train", "HUP")]
    [InlineData("train", "TERM")]
    [InlineData("train", "INT")]
    [InlineData("simulate", "HUP")]
    public void A_run_that_goes_on_stops_with_its_result(string command, string signal)
    {
        var printed = Shell.Run(scratch.At(""), $$"""
            $hooke {{command}} {{Endless()}} --json > out 2> err & process=$!
            await '[ -e run/trace.jsonl ] && [ "$(wc -l < run/trace.jsonl)" -ge 3 ]' || exit 9
            kill -{{signal}} $process
            ended $process
            """);
        Assert.True(printed.Code == 0, printed.Error + File.ReadAllText(scratch.At("err")));
        Assert.True(JsonDocument.Parse(File.ReadAllText(scratch.At("out"))).RootElement.GetProperty("stopped").GetBoolean());
        Assert.True(File.Exists(scratch.At("run/center.safetensors")));
        Assert.Empty(Directory.EnumerateFiles(scratch.At("run"), "*.tmp", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_terminal_that_hangs_up_leaves_a_run_with_its_result()
    {
        // The terminal is gone with all that could be printed on it, and its processes get the hang-up.
        var printed = Shell.Run(scratch.At(""), $$"""
            export TERM=xterm
            echo 'echo $$ > process; exec $hooke train {{Endless()}}' > inner.sh
            script -qec "bash inner.sh" /dev/null < /dev/null > page & terminal=$!
            await '[ -e run/trace.jsonl ] && [ "$(wc -l < run/trace.jsonl)" -ge 3 ]' || exit 9
            kill -KILL $terminal
            await '[ -e run/result.json ] && ! kill -0 $(cat process) 2> /dev/null'
            """);
        Assert.True(printed.Code == 0, printed.Error);
        Assert.True(JsonDocument.Parse(File.ReadAllText(scratch.At("run/result.json"))).RootElement.GetProperty("stopped").GetBoolean());
    }

    [Fact]
    public void A_run_that_was_started_to_outlive_its_terminal_does()
    {
        var printed = Shell.Run(scratch.At(""), $$"""
            lines() { [ -e run/trace.jsonl ] && [ "$(wc -l < run/trace.jsonl)" -ge "$1" ]; }
            nohup $hooke train {{Endless()}} > out 2> err & process=$!
            await 'lines 3' || exit 9
            kill -HUP $process
            await "lines $(($(wc -l < run/trace.jsonl) + 5))" || exit 8
            kill -TERM $process
            ended $process
            """);
        Assert.True(printed.Code == 0, printed.Error);
    }

    [Fact]
    public void The_second_signal_ends_at_once()
    {
        // The first asks for a result, which a pipe that nobody reads keeps from coming.
        var printed = Shell.Run(scratch.At(""), $$"""
            mkfifo text; exec 3<> text
            dd if=/dev/zero of=text bs=4096 count=16 status=none
            $hooke train {{Endless()}} > text 2> err & process=$!
            await '[ -e run/run.json ]' || exit 9
            kill -TERM $process
            await '! kill -TERM $process 2> /dev/null'
            wait $process
            """);
        Assert.True(printed.Code is 143 or 1, printed.Error);
    }

    /// <summary>Options of a run that only a signal ends.</summary>
    private string Endless()
    {
        string[] options = scratch.Train("run");
        options[Array.IndexOf(options, "--epochs") + 1] = "1000000";
        options[Array.IndexOf(options, "--evaluate-every") + 1] = "10";
        return string.Join(' ', options[1..]);
    }
}
