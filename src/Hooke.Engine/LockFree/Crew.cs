namespace Hooke.Engine;

/// <summary>Threads that do something at once, while the caller looks after them.</summary>
internal static class Crew
{
    /// <summary>Runs a body on a thread for each worker, and waits for all of them.</summary>
    /// <param name="accounts">The workers' accounts; a body is watched between its beginning and its end.</param>
    /// <param name="limit">Longest time that a body may be busy without <see cref="Account.Begin"/>.</param>
    /// <param name="doing">What they do, for error messages.</param>
    /// <param name="body">What a worker does; it ends soon when another has failed.</param>
    /// <param name="tick">Called about ten times a second.</param>
    /// <exception cref="InvalidOperationException">A worker failed; the inner exception is what it threw.</exception>
    /// <exception cref="TimeoutException">A worker does not come back.</exception>
    public static void Run(Account[] accounts, TimeSpan limit, string doing, Action<int> body, Action? tick = null)
    {
        var failures = new Exception?[accounts.Length];
        var watch = new Watch(accounts, limit);
        Thread[] threads = [.. accounts.Select((account, worker) => new Thread(() =>
        {
            try
            {
                body(worker);
            }
            catch (Exception reason)
            {
                failures[worker] = reason;
            }
            finally
            {
                account.Rest();
            }
        }) { Name = $"worker {worker}", IsBackground = true })];
        for (int k = 0; k < threads.Length; k++)
        {
            accounts[k].Begin();
            threads[k].Start();
        }
        foreach (var thread in threads)
            while (!thread.Join(Watch.TickTime))
            {
                watch.Demand(doing);
                tick?.Invoke();
            }
        for (int k = 0; k < failures.Length; k++)
            if (failures[k] is { } reason) throw new InvalidOperationException($"worker {k} failed: {reason.Message}", reason);
    }

    /// <summary>Performs pieces of work, each by whoever is free.</summary>
    /// <param name="accounts">The workers' accounts.</param>
    /// <param name="limit">Longest time that a piece may take.</param>
    /// <param name="doing">What is done, for error messages.</param>
    /// <param name="pieces">How many.</param>
    /// <param name="perform">What a worker does with a piece. Of several failures that of the first piece counts.</param>
    public static void Share(Account[] accounts, TimeSpan limit, string doing, int pieces, Action<int, int> perform)
    {
        int next = -1;
        (int Piece, Exception Reason)? first = null;
        var guard = new Lock();
        Run(accounts, limit, doing, worker =>
        {
            for (int piece; (piece = Interlocked.Increment(ref next)) < pieces;)
            {
                accounts[worker].Begin();
                try
                {
                    perform(worker, piece);
                }
                catch (Exception reason)
                {
                    lock (guard) if (first is null || piece < first.Value.Piece) first = (piece, reason);
                    Interlocked.Add(ref next, pieces);
                }
            }
        });
        if (first is { } failure) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure.Reason);
    }
}
