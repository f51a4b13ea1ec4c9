using System.Diagnostics;
using Hooke.Theory.ModifiedEquations;
using Xunit;
namespace Hooke.Tests.Theory;
public class Scratchpad(ITestOutputHelper output)
{
    [Fact]
    public void Fig5()
    {
        var well = new Translates<Well>(2, 1, -2, 0.1);
        var law = StalenessLaw.Geometric(0.95);
        var plan = new EnsemblePlan(100_000, 500) { Points = 2 };
        for (int rep = 0; rep < 2; rep++)
        {
            Time("asgd", () => Ensemble.Run(new AsynchronousSgd<Translates<Well>>(well, 0.01, law), plan));
            Time("split", () => Ensemble.Run(new Solution<AsynchronousEquation<Translates<Well>>, Splitting>(new(well, 0.01, law), [0.1]), plan));
            Time("em", () => Ensemble.Run(new Solution<AsynchronousEquation<Translates<Well>>, EulerMaruyama>(new(well, 0.01, law), [0.1]), plan));
            Time("weak2", () => Ensemble.Run(new Solution<AsynchronousEquation<Translates<Well>>, WeakSecondOrder>(new(well, 0.01, law), [0.1]), plan));
            Time("sgd", () => Ensemble.Run(new Solution<StochasticGradientEquation<Translates<Well>>, EulerMaruyama>(new(well, 0.01), [0.1]), plan));
            Time("sgd2", () => Ensemble.Run(new Solution<StochasticGradientEquation<Translates<Well>>, WeakSecondOrder>(new(well, 0.01), [0.1]), plan));
        }
        void Time(string name, Func<Ensemble> run)
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            var e = run();
            var used = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            output.WriteLine($"{name} {e.FractionPositive} mean {e.Moments()[^1].Mean} wall {watch.Elapsed.TotalSeconds:f2} cpu ns/step {used.TotalSeconds * 1e9 / (plan.Paths * plan.Steps):f2}");
        }
    }
}
