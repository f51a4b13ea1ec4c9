using System.CommandLine;
using Hooke.App.Launching;
using Spectre.Console;

namespace Hooke.App.Commands;

/// <summary><c>hooke doctor</c>: checks what runs on many processes need, and says how to mend what is missing.</summary>
internal static class DoctorCommand
{
    private const string Group = "Processes";

    public static Command Create()
    {
        var command = new Command("doctor", "Check what hooke launch needs: MPI, binding, interfaces, limits, clocks; say how to mend each. All else works without MPI.");
        TextOption hosts = new("hosts", Group, "file", "mpirun's host file; default this machine"), network = new("interface", Group, "name", "network that messages take");
        command.Options.Add(hosts);
        command.Options.Add(network);
        command.SetBody(invocation =>
        {
            var plan = new LaunchPlan(2, 1, invocation[hosts], invocation[network], 10, 0);
            plan.Check();
            var checks = new List<Checkup>();
            foreach (var check in Doctor.Check(plan))
            {
                checks.Add(check);
                string line = $"{Mark(check.Health)}  {check.Name,-16}{check.Found}";
                if (check.Health == Health.Good) invocation.Screen.Line(line);
                else invocation.Screen.Line(line, check.Health == Health.Bad ? Color.Red : Color.Yellow);
                if (check.Remedy.Length > 0) invocation.Screen.Line($"      {check.Remedy}");
            }
            bool isWell = checks.All(check => check.Health != Health.Bad);
            invocation.Screen.Line(isWell ? "hooke launch will work here" : "hooke launch will not work here until what is bad is mended; all else works");
            invocation.Print(new { works = isWell, checks });
            return isWell ? ExitCode.Done : ExitCode.Other;
        });
        return command;
    }

    private static string Mark(Health health) => health switch { Health.Good => "good", Health.Doubtful => "?   ", _ => "BAD " };
}
