using System.Diagnostics;
using Hooke.App.Launching;
using Hooke.App.Terminal;
using Hooke.App.Training;
using Hooke.Tests.App;
using Xunit;

namespace Hooke.Tests.Mpi;

/// <summary>What the launcher does when a job does not begin, or ends as it should not; scripts stand in mpirun's place.</summary>
public sealed class SupervisorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Scratch scratch = new();
    private readonly StringWriter shown = new();

    public SupervisorTests()
    {
        using var folder = RunFolder.Create(scratch.At("run"), Resolution.Of(RunFile.Parse("""{ "workers": "2", "data": "DATA", "hidden": "8" }""".Replace("DATA", scratch.Data), "here"), _ => { }), _ => { });
    }

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_job_that_can_not_start_is_not_started_again_and_its_own_cause_is_shown()
    {
        var trouble = Assert.Throws<IOException>(() => Run("echo ---- >&2; echo started >> $0.count; echo 'ssh: no route to node7' >&2; exit 213"));
        Assert.Contains("mpirun ended with exit code 213; hooke launch -n 3 resume", trouble.Message);
        Assert.Contains("mpirun says: ssh: no route to node7", trouble.Message);
        Assert.Single(File.ReadAllLines(scratch.At("mpirun.count")));
    }

    [Fact]
    public void A_rank_that_dies_while_the_job_starts_ends_it()
    {
        var trouble = Assert.Throws<IOException>(() => Run("""
            for rank in 0 1 2; do OMPI_COMM_WORLD_RANK=$rank sleep 1000 & echo $! >> $0.ranks; done
            sleep 1
            kill -KILL $!
            wait
            """));
        Assert.Contains("rank 2 (process ", trouble.Message);
        Assert.Contains("ended before the run began", trouble.Message);
        AssertNothingIsLeft();
    }

    [Fact]
    public void A_rank_that_is_stopped_while_the_job_starts_is_given_up_after_the_lease()
    {
        var trouble = Assert.Throws<IOException>(() => Run("""
            for rank in 0 1 2; do OMPI_COMM_WORLD_RANK=$rank sleep 1000 & echo $! >> $0.ranks; done
            kill -STOP $!
            wait
            """));
        Assert.Matches("(rank 2 \\(process [0-9]+\\)|process [0-9]+ of mpirun's) has been stopped for", trouble.Message);
        AssertNothingIsLeft();
    }

    [Fact]
    public void A_stop_ends_a_job_that_has_not_begun()
    {
        using var stop = new CancellationTokenSource();
        var asking = new Thread(() =>
        {
            Await(scratch.At("mpirun.ranks"));
            stop.Cancel();
        }) { IsBackground = true };
        asking.Start();
        var trouble = Assert.Throws<IOException>(() => Run("OMPI_COMM_WORLD_RANK=0 sleep 1000 & echo $! >> $0.ranks; trap '' TERM; wait; wait", stop.Token));
        Assert.Contains("the run was stopped before it began; hooke launch -n 3 resume", trouble.Message);
        AssertNothingIsLeft();
    }

    [Fact]
    public void What_is_lost_after_its_first_word_is_started_again_as_often_as_it_may_be()
    {
        var trouble = Assert.Throws<IOException>(() => Run("echo started >> $0.count; printf 'text\\n\\001%s\\n' $$; sleep 0.5; kill -KILL $$", restarts: 2));
        Assert.Contains("the run ended without a result, after 2 restarts: mpirun was ended by signal 9", trouble.Message);
        Assert.Equal(3, File.ReadAllLines(scratch.At("mpirun.count")).Length);
        Assert.Contains("a center rank is lost: mpirun was ended by signal 9; the run starts again from its beginning", $"{shown}");
        Assert.Contains("text", $"{shown}");
        Assert.DoesNotContain("\u0001", $"{shown}");
    }

    [Fact]
    public void A_center_that_is_silent_after_its_first_word_is_given_up()
    {
        var trouble = Assert.Throws<IOException>(() => Run("""
            sleep 1000 & echo $! >> $0.ranks
            printf '\001%s\n' $!
            wait
            """, restarts: 0));
        Assert.Matches("rank 0 \\(process [0-9]+\\) has been silent for", trouble.Message);
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void A_note_of_rank_0_says_what_ended_the_run_and_its_exit_code(int code)
    {
        string script = $"printf '{code}\\nbecause of this\\n' > {scratch.At("run/state/failure")}; exit 1";
        var trouble = Record.Exception(() => Run(script));
        Assert.Equal("because of this", trouble?.Message);
        Assert.Equal(code == 2, trouble is BadInputException);
    }

    [Theory]
    [InlineData("\u000112", "12", "")]
    [InlineData("half a line \u0001saved", "saved", "half a line ")]
    [InlineData("a line", null, "a line")]
    public void Words_are_taken_out_of_what_is_shown(string line, string? word, string rest)
    {
        Assert.Equal(word, Words.Take(line, out string left));
        Assert.Equal(rest, left);
    }

    private RunResult Run(string script, CancellationToken stop = default, int restarts = 3)
    {
        string launcher = scratch.At("mpirun");
        File.WriteAllText(launcher, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return Supervisor.Run(new(3, 1, null, null, LeaseSeconds: 0.5, 0), scratch.At("run"), resume: false, restarts, new Screen(new GuardedWriter(shown, isTerminal: false)), stop, launcher);
    }

    private static void Await(string file)
    {
        for (var time = Stopwatch.StartNew(); time.Elapsed < Patience && !File.Exists(file);) Thread.Sleep(5);
    }

    private void AssertNothingIsLeft() => Assert.All(File.ReadAllLines(scratch.At("mpirun.ranks")), process => Assert.False(JobProcesses.IsAlive(int.Parse(process))));
}
