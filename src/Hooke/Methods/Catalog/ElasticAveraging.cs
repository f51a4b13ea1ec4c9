namespace Hooke.Methods.Catalog;

/// <summary>Elastic averaging SGD and its momentum variants. [Zhang16, ch. 2, sec. 6.2]</summary>
/// <remarks>
/// The symmetric form has β = pα, that is κ = α; <c>center-rate</c> decouples the two. By default β = 0.9 and α = β/p
/// [Zhang16, sec. 4.2].
/// </remarks>
public static class ElasticAveraging
{
    private static readonly TimingChoice[] All = [TimingChoice.Asynchronous, TimingChoice.Synchronous, TimingChoice.RoundRobin, TimingChoice.Overlapped, TimingChoice.OverlappedSynchronous];
    private static readonly Parameter[] Rates = [Parameter.MovingRate, Parameter.CenterRate, Parameter.Period(10)];

    /// <summary>EASGD in Jacobi form: gradient and elastic force at the same x. [Zhang16, Alg. 1, eqs. 2.3 and 2.4]</summary>
    public static Recipe Easgd { get; } = Jacobi("easgd", "elastic averaging SGD", "[Zhang16, Alg. 1; eqs. 2.3, 2.4]", _ => new GradientStep());

    /// <summary>EASGD in Gauss–Seidel form: elastic force, gradient steps, then the center. [Zhang16, eq. 6.3]</summary>
    public static Recipe GaussSeidel { get; } = new("easgd-gauss-seidel", "elastic averaging SGD in Gauss–Seidel form", "[Zhang16, eq. 6.3]", [LearningRates.Own, .. Rates], All[..3], ReadoutChoice.Center, c =>
    {
        var (moving, center) = c.Rates;
        return new("", new GradientStep(), new Relax(moving, center), new Accumulate(), Order.GaussSeidel, c.Schedule);
    });

    /// <summary>EASGD with Nesterov's momentum at the workers. [Zhang16, Alg. 2, eq. 2.5]</summary>
    public static Recipe Eamsgd { get; } = Jacobi("eamsgd", "elastic averaging momentum SGD (Nesterov)", "[Zhang16, Alg. 2; eq. 2.5]", c => new Nesterov(c.Momentum), Parameter.Momentum);

    /// <summary>EASGD with Polyak's momentum at the workers. [Zhang16, eq. 2.6]</summary>
    public static Recipe EamsgdHeavyBall { get; } = Jacobi("eamsgd-heavy-ball", "elastic averaging momentum SGD (heavy ball)", "[Zhang16, eq. 2.6]", c => new HeavyBall(c.Momentum), Parameter.Momentum);

    private static Recipe Jacobi(string name, string title, string reference, Func<Ingredients, ILocalRule> local, params Parameter[] more)
        => new(name, title, reference, [more.Length > 0 ? LearningRates.OwnWithMomentum : LearningRates.Own, .. Rates, .. more], All, ReadoutChoice.Center, c =>
        {
            var (moving, center) = c.Rates;
            return new("", local(c), new Elastic(moving, center), new Accumulate(), c.JacobiOrOverlapped, c.Schedule);
        });
}
