using Hooke.App.Launching;
using Hooke.App.Training;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>What a user says of hosts and networks, before mpirun reads it.</summary>
public sealed class HostFileTests : IDisposable
{
    private readonly string path = Path.GetTempFileName();

    public void Dispose() => File.Delete(path);

    [Theory]
    [InlineData("localhost slots=2\n")]
    [InlineData("# two hosts\n\nroot@localhost  slots = 2 max-slots=4 # here\n192.0.2.7 slots=1")]
    [InlineData("localhost\nlocalhost\n")]
    [InlineData("localhost\tslots=2 user=someone\n")]
    public void A_host_file_that_mpirun_can_use_passes(string text)
    {
        File.WriteAllText(path, text);
        HostFile.Check(path);
    }

    [Theory]
    [InlineData("localhost slots=2\nlocalhost slots=2\n", ", line 2: localhost is the host of line 1, too; a host with slots must have one line")]
    [InlineData("# hosts\nlocalhost slots=2\n\n127.0.0.1 slots=2\n", ", line 4: 127.0.0.1 is the host of line 2, too")]
    [InlineData("localhost\n192.0.2.7\nlocalhost slots=1\n", ", line 3: localhost is the host of line 1, too")]
    [InlineData("192.0.2.7\nlocalhost slots=2\r\n", ", line 2: it ends with a carriage return")]
    [InlineData("localhost\rlocalhost\r", ", line 1: it ends with a carriage return")]
    [InlineData("localhost\nnowhere.invalid slots=2\n", ", line 2: host nowhere.invalid is not known; it must be the name or address of a host")]
    [InlineData("", " names no host; it must have a line a host")]
    [InlineData("\n # localhost\n", " names no host")]
    [InlineData("localhost slots=x\n", ", line 1: slots is x; it must be a whole number from 1 to 1048576")]
    [InlineData("localhost slots=0\n", ", line 1: slots is 0")]
    [InlineData("localhost slots=\n", ", line 1: slots is empty")]
    [InlineData("localhost max-slots=-1\n", ", line 1: max-slots is -1")]
    [InlineData("localhost bogus=2\n", ", line 1: bogus=2 is not known; after a host may come slots=N")]
    [InlineData("localhost 2\n", ", line 1: 2 is not known")]
    [InlineData("slots=2\n", ", line 1: host is slots=2; it must be a name or an address")]
    [InlineData("\"localhost\" slots=2\n", ", line 1: host is \"localhost\"; it must be a name")]
    [InlineData("\0\0\0\n", ", line 1: host is \0\0\0; it must be a name")]
    public void A_wrong_host_file_is_refused_with_its_line(string text, string message)
    {
        File.WriteAllText(path, text);
        Assert.Contains($"host file {path}{message}", Assert.Throws<BadInputException>(() => HostFile.Check(path)).Message);
    }

    [Theory]
    [InlineData("/dev/zero", "has more than 1048576 bytes")]
    [InlineData("/proc", "is a folder")]
    [InlineData("/proc/none", "does not exist")]
    public void What_is_no_file_of_hosts_is_refused(string file, string message)
        => Assert.Contains($"host file {file} {message}", Assert.Throws<BadInputException>(() => HostFile.Check(file)).Message);

    [Theory]
    [InlineData("lo")]
    [InlineData("127.0.0.0/8")]
    [InlineData("lo,127.0.0.0/8")]
    public void A_network_of_this_machine_passes(string network) => Networks.Check(network);

    [Theory]
    [InlineData("nowhere0", "interface is nowhere0; it must be one of this machine's: ")]
    [InlineData("lo,nowhere0", "interface is nowhere0; it must be")]
    [InlineData("", "interface is empty; it must be")]
    [InlineData("203.0.113.0/24", "interface is 203.0.113.0/24; this machine has no address in it, but lo (127.0.0.1")]
    [InlineData("10.0.0.0/99", "interface is 10.0.0.0/99; a network must be an address and its leading bits, for example 10.0.0.0/24")]
    public void A_network_that_this_machine_has_not_is_refused(string network, string message)
        => Assert.Contains(message, Assert.Throws<BadInputException>(() => Networks.Check(network)).Message);
}
