using System.Diagnostics;

namespace Hooke.Engine.Mpi;

/// <summary>
/// The communication thread of a process: it moves letters on while others compute, and beats. A thread that waits for letters moves them
/// itself meanwhile.
/// </summary>
internal sealed class Courier : IDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(5);
    private readonly Transport transport;
    private readonly Action<TimeSpan> beat;
    private readonly Action<Exception> onFailure;
    private readonly Thread thread;
    private volatile bool ended;

    /// <summary>Time between two beats.</summary>
    public static readonly TimeSpan BeatTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Starts the thread.</summary>
    /// <param name="transport">What it moves.</param>
    /// <param name="beat">Called under the gate with the time since the last beat, as far as this process was running.</param>
    /// <param name="onFailure">Is told, under the gate, what ended the thread.</param>
    public Courier(Transport transport, Action<TimeSpan> beat, Action<Exception> onFailure)
    {
        (this.transport, this.beat, this.onFailure) = (transport, beat, onFailure);
        thread = new(Work) { Name = "courier", IsBackground = true };
        thread.Start();
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        ended = true;
        thread.Join(Patience);
    }

    private void Work()
    {
        var pace = new Pace();
        long last = Stopwatch.GetTimestamp();
        try
        {
            while (!ended)
            {
                bool moved;
                lock (transport.Gate)
                {
                    moved = transport.Step();
                    var passed = Stopwatch.GetElapsedTime(last);
                    if (passed >= BeatTime)
                    {
                        last = Stopwatch.GetTimestamp();
                        beat(passed < LongestTick ? passed : LongestTick); // a process that was suspended has heard nobody, and no one is to blame
                    }
                }
                pace.Idle(moved, transport.LastMoved);
            }
        }
        catch (Exception reason)
        {
            lock (transport.Gate) onFailure(reason);
        }
    }
}
