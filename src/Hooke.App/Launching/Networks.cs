using System.Net;
using System.Net.NetworkInformation;
using Hooke.App.Training;

namespace Hooke.App.Launching;

/// <summary>The networks of this machine that messages may take, by an interface's name or an address range, several divided by commas.</summary>
internal static class Networks
{
    /// <summary>Makes sure that this machine, where the job is started, has them all.</summary>
    /// <param name="said">What <c>--interface</c> says.</param>
    /// <exception cref="BadInputException">It has not: which, and what there is.</exception>
    public static void Check(string said)
    {
        var all = NetworkInterface.GetAllNetworkInterfaces().Select(each => (each.Name, Addresses: each.GetIPProperties().UnicastAddresses.Select(address => address.Address).ToArray())).ToList();
        string known = string.Join(", ", all.Where(each => each.Addresses.Length > 0).Select(each => $"{each.Name} ({string.Join(", ", each.Addresses.Select(address => $"{address}"))})"));
        foreach (string each in said.Split(','))
        {
            string name = each.Trim();
            if (name.Contains('/'))
            {
                if (!IPNetwork.TryParse(name, out var network)) throw new BadInputException($"interface is {name}; a network must be an address and its leading bits, for example 10.0.0.0/24");
                if (!all.SelectMany(each => each.Addresses).Any(network.Contains)) throw new BadInputException($"interface is {name}; this machine has no address in it, but {known}");
                continue;
            }
            var found = all.FirstOrDefault(each => each.Name == name);
            if (found.Name is null) throw new BadInputException($"interface is {(name.Length > 0 ? name : "empty")}; it must be one of this machine's: {known}");
            if (found.Addresses.Length == 0) throw new BadInputException($"interface is {name}, which has no address; it must be one of those that have: {known}");
        }
    }
}
