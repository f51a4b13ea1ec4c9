using Hooke.Methods;
using Hooke.Numerics;
using Hooke.Problems;
using Hooke.Runs;
using MathNet.Numerics.LinearAlgebra;

namespace Hooke.Theory.LinearMaps;

/// <summary>
/// What one iteration does to a worker w ∈ ℝᵏ and the center c ∈ ℝᵐ on a quadratic with gradient g(y) = u y − ξ: rules act
/// element by element and gradients are linear, so
///     w ← (W₀ + u W₁)(w, c) + a ξ,   message = (G₀ + u G₁)(w, c) + γ ξ.
/// </summary>
/// <param name="Move">W₀, k × (k + m).</param>
/// <param name="MovePerCurvature">W₁, k × (k + m).</param>
/// <param name="MovePerNoise">a, k.</param>
/// <param name="Message">G₀, k + m; null if the iteration sends nothing.</param>
/// <param name="MessagePerCurvature">G₁, k + m.</param>
/// <param name="MessagePerNoise">γ.</param>
internal sealed record Iteration(Matrix<double> Move, Matrix<double> MovePerCurvature, Vector<double> MovePerNoise, Vector<double>? Message, Vector<double> MessagePerCurvature, double MessagePerNoise);

/// <summary>
/// A method's rules as linear maps, read off by playing a real <see cref="Worker{T}"/> on unit states: component j of the
/// played vectors holds unit state j, so one play of a period reads all columns at once.
/// </summary>
/// <param name="Iterations">The iterations of a period.</param>
/// <param name="Keep">D, m × m: the center without a message.</param>
/// <param name="Absorb">E, m: what a message adds to the center.</param>
internal sealed record WorkerMap(IReadOnlyList<Iteration> Iterations, Matrix<double> Keep, Vector<double> Absorb)
{
    /// <summary>k, the numbers that a worker carries from one iteration to the next; the first is x.</summary>
    public int WorkerStates => Iterations[0].MovePerNoise.Count;

    /// <summary>m, the center's numbers, of which the first is x̃; 0 if the method is sequential.</summary>
    public int CenterStates => Absorb.Count;

    /// <summary>Reads the maps off a method for a star or a lone worker.</summary>
    /// <param name="method">The method; its rates must be constant.</param>
    public static WorkerMap Of(Method method)
    {
        if (method.Schedule.Rate is not ConstantRate) throw new ArgumentException("the learning rate changes over time; a linear map of a round needs a constant one");
        if (method.Local is Nesterov { Momentum: not ConstantMomentum } or HeavyBall { Momentum: not ConstantMomentum }) throw new ArgumentException("the momentum changes over time; a linear map of a round needs a constant one");
        var (keep, absorb, publish) = CenterOf(method);
        var raw = Play(method, publish);
        int[] live = Live(raw, raw[0].MovePerNoise.Count);
        return new([.. raw.Select(iteration => Restrict(iteration, live, absorb.Count))], keep, absorb);
    }

    /// <summary>An iteration of workers and center together, over (w, c): the center absorbs a number of equal messages, p where w is the average of p workers.</summary>
    /// <param name="i">The iteration.</param>
    /// <param name="messages">How many.</param>
    public RandomMap Together(Iteration i, int messages)
    {
        int k = WorkerStates, size = k + CenterStates;
        double Kept(int row, int column) => column < k ? 0 : i.Message is null ? (row == column ? 1 : 0) : Keep[row - k, column - k];
        double Told(int row, Vector<double>? message, int column) => message is null ? 0 : messages * Absorb[row - k] * message[column];
        return new(
            Matrix<double>.Build.Dense(size, size, (row, column) => row < k ? i.Move[row, column] : Kept(row, column) + Told(row, i.Message, column)),
            Matrix<double>.Build.Dense(size, size, (row, column) => row < k ? i.MovePerCurvature[row, column] : Told(row, i.MessagePerCurvature, column)),
            Vector<double>.Build.Dense(size, row => row < k ? i.MovePerNoise[row] : messages * Absorb[row - k] * i.MessagePerNoise));
    }

    /// <summary>D, E and the published vector as a row over the center's numbers.</summary>
    private static (Matrix<double> Keep, Vector<double> Absorb, Vector<double> Publish) CenterOf(Method method)
    {
        if (method.Topology == Topology.None) return (Matrix<double>.Build.Dense(0, 0), Vector<double>.Build.Dense(0), Vector<double>.Build.Dense(0));
        int states = 1 + method.Center.StateVectors, columns = states + 1;
        double[] center = new double[columns], state = new double[columns * (states - 1)], message = new double[columns], published = new double[columns];
        center[0] = 1;
        for (int s = 1; s < states; s++) state[(s - 1) * columns + s] = 1;
        message[states] = 1;
        method.Center.Publish<double>(center, state, published);
        method.Center.Absorb<double>(center, state, message, age: 0);
        double After(int row, int column) => row == 0 ? center[column] : state[(row - 1) * columns + column];
        return (Matrix<double>.Build.Dense(states, states, After), Vector<double>.Build.Dense(states, row => After(row, states)), Vector<double>.Build.Dense(states, column => published[column]));
    }

    private static List<Iteration> Play(Method method, Vector<double> publish)
    {
        int vectors = 1 + method.Local.StateVectors + method.Coupling.StateVectors + (method.Order.Beats.Any(beat => beat.Act == Act.Visit) ? 2 : 0);
        int published = vectors, noise = vectors + 1, columns = vectors + 2;
        var objective = new UnitGradients(columns, start: 0);
        using var worker = new Worker<double>(method with { Name = "probe" }, objective, 0, new double[2 * columns]);
        var slots = new Slots();
        double[] inbox = new double[2 * columns], message = new double[2 * columns];
        inbox[published] = inbox[columns + published] = 1;

        // A first period brings every vector into being that the worker carries.
        var iterations = new List<Iteration>();
        for (int period = 0; period < 2; period++)
            for (int step = 0; step < method.Schedule.Period; step++)
            {
                if (period == 1) slots.SetUnits(columns);
                bool sends = Iterate();
                slots.Find(worker);
                if (period == 1) iterations.Add(Read(sends));
            }
        return iterations;

        bool Iterate()
        {
            bool sends = false;
            for (Moment moment; (moment = worker.Next()) != Moment.End;)
                switch (moment)
                {
                    case Moment.Gradient: worker.Compute(new Draw(0, 0, worker.Steps, 0, 1)); break;
                    case Moment.Read: inbox.CopyTo(worker.Inbox); break;
                    case Moment.Visit:
                        inbox.CopyTo(worker.Inbox);
                        worker.Meet();
                        goto case Moment.Send;
                    case Moment.Send:
                        worker.Outbox.CopyTo(message);
                        sends = true;
                        break;
                }
            return sends;
        }

        // The first half of the components saw u = 0, the second u = 1.
        Iteration Read(bool sends)
        {
            int states = slots.Count, center = publish.Count;
            double At(ReadOnlySpan<double> row, int column) => column < states ? row[column] : row[published] * publish[column - states];
            double Change(ReadOnlySpan<double> row, int column) => At(row[columns..], column) - At(row, column);
            return new(
                Matrix<double>.Build.Dense(states, states + center, (row, column) => At(slots[row], column)),
                Matrix<double>.Build.Dense(states, states + center, (row, column) => Change(slots[row], column)),
                Vector<double>.Build.Dense(states, row => slots[row][noise]),
                sends ? Vector<double>.Build.Dense(states + center, column => At(message, column)) : null,
                Vector<double>.Build.Dense(states + center, column => sends ? Change(message, column) : 0),
                sends ? message[noise] : 0);
        }
    }

    /// <summary>The numbers that an iteration reads, or that such a number is made of; x is always one.</summary>
    private static int[] Live(List<Iteration> iterations, int states)
    {
        var live = new bool[states];
        live[0] = true;
        for (bool grew = true; grew;)
        {
            grew = false;
            for (int column = 0; column < states; column++)
            {
                if (live[column] || !iterations.Any(Reads)) continue;
                live[column] = grew = true;
                bool Reads(Iteration i) => (i.Message is not null && (i.Message[column] != 0 || i.MessagePerCurvature[column] != 0))
                    || Enumerable.Range(0, states).Any(row => live[row] && (i.Move[row, column] != 0 || i.MovePerCurvature[row, column] != 0));
            }
        }
        return [.. Enumerable.Range(0, states).Where(s => live[s])];
    }

    private static Iteration Restrict(Iteration i, int[] live, int center)
    {
        int states = i.MovePerNoise.Count;
        int[] columns = [.. live, .. Enumerable.Range(states, center)];
        Matrix<double> Rows(Matrix<double> m) => Matrix<double>.Build.Dense(live.Length, columns.Length, (row, column) => m[live[row], columns[column]]);
        Vector<double> Row(Vector<double> v) => Vector<double>.Build.Dense(columns.Length, column => v[columns[column]]);
        return new(Rows(i.Move), Rows(i.MovePerCurvature), Vector<double>.Build.Dense(live.Length, row => i.MovePerNoise[live[row]]),
            i.Message is null ? null : Row(i.Message), Row(i.MessagePerCurvature), i.MessagePerNoise);
    }

    /// <summary>The vectors that a worker carries, cut into rows of 2 × (columns) components.</summary>
    private sealed class Slots : IArchive<double>
    {
        private readonly List<(NativeVector<double> Vector, int Offset, int Length)> rows = [];
        private int length;

        public int Count => rows.Count;

        public Span<double> this[int row] => rows[row].Vector.Span.Slice(rows[row].Offset, rows[row].Length);

        public void Find(Worker<double> worker)
        {
            rows.Clear();
            length = worker.X.Length;
            worker.Archive(this);
        }

        public void SetUnits(int columns)
        {
            for (int row = 0; row < Count; row++)
            {
                this[row].Clear();
                this[row][row] = this[row][columns + row] = 1;
            }
        }

        void IArchive<double>.Vector(string name, ref NativeVector<double>? vector, int total)
        {
            for (int offset = 0; vector is not null && offset < total; offset += length) rows.Add((vector, offset, length));
        }

        void IArchive<double>.Number(string name, ref long value) { }

        void IArchive<double>.Number(string name, ref double value) { }
    }
}
