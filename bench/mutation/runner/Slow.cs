namespace Mutants;

/// <summary>Leaves out what takes long, so that rates are a little below what the whole suite would kill.</summary>
internal static class Slow
{
    private static readonly string[] Never = ["Second_moments_are_those_of_noisy_runs", "Second_moments_under_multiplicative_noise_are_those_of_runs", "Variance_of_an_average_over_time_is_that_of_runs",
        "Easgd_under_multiplicative_noise_is_fastest", "After_few_steps_the_distance_is_near_its_bound", "Momentum_costs_stability", "An_eigenvalue_that_does_not_settle"];
    private static readonly string[] FewRows = ["The_long_run_is_what_many_rounds_lead_to", "Every_method_of_the_catalog_can_be_measured"];
    private static readonly string[] Methods = ["sgd", "msgd", "easgd", "admm", "easgd-tree"];
    private static readonly string[] Rows = ["Runs_keep_the_bounds#0", "Runs_keep_the_bounds#7", "Runs_keep_the_bounds#8"];

    /// <summary>Whether a test is played.</summary>
    public static bool IsQuick(TestCase test)
        => !Never.Any(test.Name.Contains) && (!FewRows.Any(test.Name.Contains) || Methods.Contains(test.Arguments[0])) && (!test.Name.Contains("Runs_keep_the_bounds") || Rows.Any(test.Name.EndsWith));
}
