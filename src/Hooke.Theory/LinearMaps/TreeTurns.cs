using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using Matrix = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Hooke.Theory.LinearMaps;

/// <summary>
/// A tree's nodes in turns, read off a real <see cref="Star{T}"/> with its tree. Its state is what a run saves: the nodes'
/// numbers and the letters that wait; a turn may bring letters into being and open them.
/// </summary>
internal sealed class TreeTurns : IDisposable
{
    private const int MostTurns = 4096, MostStates = 512;
    private readonly Star<double> star;
    private readonly Dictionary<string, int> places = [];
    private readonly List<Turn> turns = [];
    private readonly int columns;

    private TreeTurns(Method method, int workers, int columns)
    {
        this.columns = columns;
        star = new(method with { Readout = null }, new UnitGradients(columns, start: 1), workers);
    }

    /// <summary>Reads the turns off.</summary>
    /// <param name="method">A method for trees.</param>
    /// <param name="workers">p, the leaves.</param>
    public static TurnSequence Of(Method method, int workers)
    {
        if (method.Schedule.Rate is not ConstantRate) throw new ArgumentException("the learning rate changes over time; a linear map of a round needs a constant one");
        var periods = method.Schedule.Tree!;
        // Every node steps once while every leaf does; the letters' comings and goings repeat after the periods' common multiple, from its second on.
        long sweeps = new[] { periods.LeafUp, periods.LeafDown, periods.Up, periods.Down }.Aggregate(1L, (all, next) => all > MostTurns ? all : all / Common(all, next) * next);
        if (sweeps * workers > MostTurns) throw new ArgumentException($"a round of this tree takes {sweeps * workers} turns of leaves; it must take at most {MostTurns}, so periods must be shorter or workers fewer");
        if (workers > MostStates) throw new ArgumentException($"workers is {workers}; it must be at most {MostStates} in a tree");

        int states = Count(method, workers, sweeps);
        if (states > MostStates) throw new ArgumentException($"this tree has {states} states; it must have at most {MostStates}, so workers must be fewer");
        using var probe = new TreeTurns(method, workers, states + 1);
        var start = Vector.Build.Dense(states);
        probe.Slots((place, values) => start[place] = values[0]);
        probe.Sweep(sweeps);
        Turn[] first = [.. probe.turns];
        probe.turns.Clear();
        probe.Sweep(sweeps);
        int[] leaves = [.. probe.star.Workers.Select(w => probe.places[$"worker.{w.Index}.x.0"])];
        int root = probe.places[$"worker.{probe.star.Tree!.Root.Index}.x.0"];
        int[] live = Live([.. first, .. probe.turns], [.. leaves, root]);
        int At(int place) => Array.IndexOf(live, place);
        return new(workers, [.. first.Select(turn => Restrict(turn, live))], [.. probe.turns.Select(turn => Restrict(turn, live))],
            Vector.Build.Dense(live.Length, k => start[live[k]]), [.. leaves.Select(At)], At(root), reduces: true);
    }

    public void Dispose() => star.Dispose();

    private static int Count(Method method, int workers, long sweeps)
    {
        using var probe = new TreeTurns(method, workers, 1);
        probe.Slots((_, _) => { });
        probe.Sweep(2 * sweeps, read: false);
        return probe.places.Count;
    }

    /// <summary>The places that leaves and root are made of, in the end: the root's memory, for one, is read by nobody.</summary>
    private static int[] Live(Turn[] turns, int[] ends)
    {
        var live = ends.ToHashSet();
        for (int before = 0; live.Count > before;)
        {
            before = live.Count;
            foreach (var (places, map) in turns)
                for (int row = 0; row < places.Length; row++)
                    for (int column = 0; live.Contains(places[row]) && column < places.Length; column++)
                        if (map.AtZero[row, column] != 0 || map.PerCurvature[row, column] != 0) live.Add(places[column]);
        }
        return [.. live.Order()];
    }

    private static Turn Restrict(Turn turn, int[] live)
    {
        int[] kept = [.. Enumerable.Range(0, turn.Places.Length).Where(k => live.Contains(turn.Places[k]))];
        Matrix Part(Matrix m) => Matrix.Build.Dense(kept.Length, kept.Length, (r, c) => m[kept[r], kept[c]]);
        return new([.. kept.Select(k => Array.IndexOf(live, turn.Places[k]))], new(Part(turn.Map.AtZero), Part(turn.Map.PerCurvature), Vector.Build.Dense(kept.Length, k => turn.Map.PerNoise[kept[k]])));
    }

    private static long Common(long a, long b) => b == 0 ? a : Common(b, a % b);

    private void Sweep(long sweeps, bool read = true)
    {
        var tree = star.Tree!;
        for (long sweep = 0; sweep < sweeps; sweep++)
            foreach (var leaf in star.Workers)
            {
                Take(leaf.Index, read);
                for (var node = tree.Nodes[leaf.Index].Parent; node is not null; node = node.Parent)
                    if (node.Beat()) Take(node.Index, read);
            }
    }

    private void Take(int node, bool read)
    {
        if (!read)
        {
            Play();
            Slots((_, _) => { });
            return;
        }
        int states = columns - 1;
        var known = new bool[states];
        var shown = new List<int>();
        Slots((place, values) =>
        {
            known[place] = true;
            shown.Add(place);
            values.Clear();
            values[place] = values[columns + place] = 1;
        });
        Play();
        Matrix atZero = Matrix.Build.Dense(states, states), perCurvature = Matrix.Build.Dense(states, states);
        var perNoise = Vector.Build.Dense(states);
        Slots((place, values) =>
        {
            foreach (int column in shown)
            {
                atZero[place, column] = values[column];
                perCurvature[place, column] = values[columns + column] - values[column];
            }
            perNoise[place] = values[states];
            known[place] = true;
        });
        for (int place = 0; place < states; place++)
            if (!known[place]) atZero[place, place] = 1; // a letter that is nowhere: 0 stays 0
        turns.Add(Turn(atZero, perCurvature, perNoise));

        void Play()
        {
            var player = star.Players[0];
            player.Begin(star.Tree!.Nodes[node], new Draw(0, node, 0, 0, 1));
            while (Turns.Play(player) != Need.Batch) { }
        }
    }

    /// <summary>The turn on the places that it changes or reads.</summary>
    private static Turn Turn(Matrix atZero, Matrix perCurvature, Vector perNoise)
    {
        int states = perNoise.Count;
        int[] touched = [.. Enumerable.Range(0, states).Where(place => perNoise[place] != 0 || Enumerable.Range(0, states).Any(other =>
            atZero[place, other] != (place == other ? 1 : 0) || atZero[other, place] != (place == other ? 1 : 0) || perCurvature[place, other] != 0 || perCurvature[other, place] != 0))];
        Matrix Part(Matrix m) => Matrix.Build.Dense(touched.Length, touched.Length, (r, c) => m[touched[r], touched[c]]);
        return new(touched, new(Part(atZero), Part(perCurvature), Vector.Build.Dense(touched.Length, r => perNoise[touched[r]])));
    }

    private void Slots(Action<int, Span<double>> each) => star.Archive(new Archive(this, each));

    /// <summary>Shows every vector of the run, in pieces of the model's length.</summary>
    private sealed class Archive(TreeTurns turns, Action<int, Span<double>> each) : IArchive<double>
    {
        public void Vector(string name, ref NativeVector<double>? vector, int total)
        {
            int length = 2 * turns.columns;
            for (int piece = 0; vector is not null && piece * length < total; piece++)
            {
                string own = $"{name}.{piece}";
                if (!turns.places.TryGetValue(own, out int place)) turns.places.Add(own, place = turns.places.Count);
                each(place, vector.Span.Slice(piece * length, length));
            }
        }

        public void Number(string name, ref long value) { }

        public void Number(string name, ref double value) { }
    }
}
