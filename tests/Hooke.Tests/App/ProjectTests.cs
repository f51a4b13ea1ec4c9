using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace Hooke.Tests.App;

/// <summary>The dependency rules of ARCHITECTURE.md: App → {Engine, Simulator, Theory, Models} → Hooke, and nothing else.</summary>
public sealed class ProjectTests
{
    /// <summary>What each project may reference: other projects, and packages beside build tools.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Hooke"] = ["System.Numerics.Tensors"],
        ["Hooke.Models"] = ["Hooke", "System.Numerics.Tensors"],
        ["Hooke.Engine"] = ["Hooke", "System.Numerics.Tensors"],
        ["Hooke.Simulator"] = ["Hooke"],
        ["Hooke.Theory"] = ["Hooke", "MathNet.Numerics"],
        ["Hooke.App"] = ["Hooke", "Hooke.Models", "Hooke.Engine", "Hooke.Simulator", "Hooke.Theory", "System.CommandLine", "Spectre.Console"],
    };

    private static readonly string Source = Path.Combine(Root(), "src");

    public static TheoryData<string> Projects => [.. Allowed.Keys];

    public static TheoryData<string> Libraries => [.. Allowed.Keys.Where(name => name != "Hooke.App")];

    [Fact]
    public void Every_project_has_a_rule() => Assert.Equal(Allowed.Keys.Order(), Directory.EnumerateDirectories(Source).Select(folder => Path.GetFileName(folder)!).Order());

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_file_references_only_what_it_may(string project)
    {
        var file = XDocument.Load(Path.Combine(Source, project, project + ".csproj"));
        var projects = file.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
        var packages = file.Descendants("PackageReference").Where(reference => reference.Attribute("PrivateAssets")?.Value != "all").Select(reference => reference.Attribute("Include")!.Value);
        Assert.Empty(projects.Concat(packages).Except(Allowed[project]));
        Assert.Empty(file.Descendants("Reference"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_compiled_assembly_references_only_what_it_may(string project)
    {
        var references = Assembly.Load(project).GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => !IsFramework(name));
        Assert.Empty(references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_bans_the_console_and_unseeded_randomness(string project)
    {
        string banned = File.ReadAllText(Path.Combine(Source, project, "BannedSymbols.txt"));
        Assert.Contains("T:System.Console;", banned);
        Assert.Contains("T:System.Random;", banned);
    }

    [Fact]
    public void Bans_and_warnings_break_the_build()
    {
        Assert.Contains("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>", File.ReadAllText(Path.Combine(Root(), "Directory.Build.props")));
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", File.ReadAllText(Path.Combine(Root(), "Directory.Build.targets")));
    }

    /// <summary>Packages may be named as the framework is: System.CommandLine is not part of it.</summary>
    private static bool IsFramework(string name) => File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Hooke.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests are not within the project's folder");
    }
}
