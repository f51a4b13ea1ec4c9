using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Hooke.Samples;
using Xunit;

namespace Hooke.Tests.Docs;

public sealed partial class SampleTests
{
    [Fact]
    public void The_elastic_quadratic_ends_near_its_minimum() => Assert.InRange(ElasticQuadratic.Run(TextWriter.Null), 0, 0.5);

    [Fact]
    public void The_composed_method_ends_in_the_right_well() => Assert.InRange(OwnMethod.Run(TextWriter.Null), 0.5, 1.2);

    [Fact]
    public void Every_level_of_the_tree_is_calmer_than_the_one_below()
    {
        var (leaves, parents, root) = TreeQuadratic.Run(TextWriter.Null);
        Assert.True(leaves > 1.5 * parents && parents > 1.2 * root, $"{leaves} {parents} {root}");
    }

    [Fact]
    public void Two_workers_learn_the_glyphs() => Assert.InRange(TrainGlyphs.Run(TextWriter.Null), 0, 0.4);

    [Fact]
    public void The_simulated_cluster_survives_its_fault() => Assert.InRange(SimulatedCluster.Run(TextWriter.Null), 0, 0.5);

    [Fact]
    public void The_measured_gap_is_within_what_is_allowed()
    {
        var (measured, allowed) = MeasuredStability.Run(TextWriter.Null);
        Assert.InRange(measured, 0, allowed);
    }

    [Fact]
    public void The_searched_rates_are_faster_than_the_chosen_ones()
    {
        var (chosen, fastest) = StabilityOfAMethod.Run(TextWriter.Null);
        Assert.InRange(fastest, 0, 0.8 * chosen);
    }

    [Fact]
    public void The_modified_equation_has_the_moments_of_asynchronous_sgd()
    {
        // 4000 paths: a standard error of 0.0003; the equation is 0.001 off.
        var (path, equation, exact) = Hooke.Samples.ModifiedEquations.Run(TextWriter.Null);
        Assert.Equal(exact, path, 0.0015);
        Assert.Equal(exact, equation, 0.003);
    }

    [Fact]
    public void Workers_without_locks_learn_in_low_precision()
    {
        // An untrained model has loss log 2; races and rounding move the trained one's by a few percent.
        var (floats, low) = LockFreeTexts.Run(TextWriter.Null);
        Assert.InRange(floats, 0, 0.4);
        Assert.InRange(low, 0, 0.4);
    }

    [Fact]
    public void Every_code_block_of_the_docs_is_compiled_in_a_sample()
    {
        string root = Root();
        string samples = string.Concat(Directory.GetFiles(Path.Combine(root, "samples"), "*.cs", SearchOption.AllDirectories).Select(file => Squeeze(File.ReadAllText(file))));
        int blocks = 0;
        foreach (string page in Directory.GetFiles(Path.Combine(root, "docs"), "*.md").Append(Path.Combine(root, "README.md")))
            foreach (Match block in CodeBlock().Matches(File.ReadAllText(page)))
            {
                blocks++;
                Assert.True(samples.Contains(Squeeze(block.Groups[1].Value)), $"{page} shows code that no sample compiles:\n{block.Groups[1].Value}");
            }
        Assert.True(blocks > 0, "the docs show no code at all");
    }

    [Fact]
    public void Every_link_of_the_docs_leads_to_a_file()
    {
        string root = Root();
        foreach (string page in Directory.GetFiles(Path.Combine(root, "docs"), "*.md").Append(Path.Combine(root, "README.md")).Append(Path.Combine(root, "ARCHITECTURE.md")))
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                string target = link.Groups[1].Value.Split('#')[0];
                if (target.Length == 0 || target.StartsWith("http", StringComparison.Ordinal)) continue;
                Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target)), $"{page} links to {target}, which does not exist");
            }
    }

    private static string Root([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));

    /// <summary>Indentation differs between a sample and a page.</summary>
    private static string Squeeze(string code) => WhiteSpace().Replace(code, " ").Trim();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
