using Hooke.Claims;
using Xunit;

namespace Hooke.Tests.Claims;

/// <summary>Commands that print documents, and those that don't.</summary>
public sealed class JobTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("hooke-job-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    private static Job Shell(string script, int busy = 0) => new(["sh", "-c", script], 1, busy);

    private System.Text.Json.JsonElement Run(Job job) => job.Run(root, CancellationToken.None);

    private string Trouble(Job job) => Assert.Throws<JobException>(() => Run(job)).Message;

    [Fact]
    public void A_command_gives_its_document_with_the_trace_of_its_run()
    {
        var document = Run(Shell("""mkdir run; echo '{"samples":1}' > run/trace.jsonl; echo '{"samples":2}' >> run/trace.jsonl; echo '{"run":"run"}'; echo words >&2"""));
        Assert.Equal(2, Expression.Of("trace[-1].samples", document));
    }

    [Fact]
    public void A_path_is_one_of_the_project_and_the_folder_of_a_command_is_its_own()
    {
        Directory.CreateDirectory(Path.Combine(root, "bench"));
        string script = Path.Combine(root, "bench", "one.sh");
        File.WriteAllText(script, "#!/bin/sh\ntouch here\necho \"[$(ls | wc -l)]\"\n");
        Run(Shell($"chmod +x {script}; echo 1"));
        Assert.Equal(1, Run(new(["bench/one.sh"], 1, 0))[0].GetInt32());
        Assert.Equal(["bench"], Directory.EnumerateFileSystemEntries(root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_command_that_is_killed_says_so() => Assert.Equal("was ended by signal 9: it said nothing", Trouble(Shell("kill -KILL $$")));

    [Fact]
    public void A_command_that_fails_says_its_last_word() => Assert.Equal("exit code 2: rate is 0", Trouble(Shell("echo first >&2; echo rate is 0 >&2; exit 2")));

    [Fact]
    public void A_command_that_prints_no_document_says_so() => Assert.StartsWith("printed no JSON document", Trouble(Shell("echo done")));

    [Fact]
    public void A_command_that_is_not_there_says_so() => Assert.Contains("did not start", Trouble(new(["bench/none.sh"], 1, 0)));

    [Fact]
    public void A_command_that_does_not_end_is_ended_with_all_that_it_started()
    {
        string pids = Path.Combine(root, "pids");
        Assert.StartsWith("did not end within", Trouble(Shell($"trap '' TERM; sleep 600 & echo $! > {pids}; wait; wait") with { Limit = TimeSpan.FromMilliseconds(500), Grace = TimeSpan.FromMilliseconds(200) }));
        // A process that was ended stays as a zombie where nobody asks for its end.
        string stat = $"/proc/{File.ReadAllText(pids).Trim()}/stat";
        Assert.True(SpinWait.SpinUntil(() => !File.Exists(stat) || File.ReadAllText(stat).Split(' ')[2] is "Z" or "X", TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Busy_processes_run_beside_it_and_are_gone_afterwards()
    {
        var document = Run(Shell("""printf '['; first=1; for p in /proc/[0-9]*; do case "$(tr '\0' ' ' < $p/cmdline 2>/dev/null)" in *'while :; do :; done '*) [ $first = 1 ] || printf ','; first=0; printf '%s' ${p#/proc/};; esac; done; printf ']'""", busy: 2));
        int[] busy = [.. document.EnumerateArray().Select(id => id.GetInt32())];
        Assert.True(busy.Length >= 2);
        Assert.DoesNotContain(busy, id => File.Exists($"/proc/{id}/stat") && File.ReadAllText($"/proc/{id}/stat").Split(' ')[3] == $"{Environment.ProcessId}");
    }
}
