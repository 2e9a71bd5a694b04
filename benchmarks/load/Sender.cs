using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Load;

/// <summary>
/// Sends at a constant rate, whatever the answers do: what is due while every connection is busy waits, and its time counts from
/// when it was due. Or as fast as the answers come, in order, sending again what was refused.
/// </summary>
internal sealed class Sender
{
    private readonly IPEndPoint address;
    private readonly RequestWriter writer;
    private readonly int connections;
    private readonly Lock turn = new();
    private readonly Dictionary<int, long> statuses = [];

    public Sender(Uri url, string secret, int connections)
    {
        address = new IPEndPoint(IPAddress.Parse(url.Host), url.Port);
        writer = new RequestWriter(secret, url.Authority);
        this.connections = connections;
    }

    /// <summary>Open loop: <paramref name="rate"/> a second for so long.</summary>
    public Dictionary<string, object> AtRate(double rate, double seconds, IEnumerable<Content> contents)
    {
        var total = (int)(rate * seconds);
        var times = new List<float>(total);
        var late = new Queue<long>();
        var idle = new Stack<Connection>();
        var under = 0;
        var broken = 0;
        var mostLate = 0;
        var isOver = false;
        using var next = contents.GetEnumerator();
        var open = Enumerable.Range(0, connections).Select(_ => new Connection(address, Answered)).ToList();
        open.ForEach(idle.Push);

        var started = Stopwatch.GetTimestamp();
        var due = 0;
        while (due < total)
        {
            // Ticks of a millisecond: what became due within one is sent at its end, and timed from when it was due.
            Thread.Sleep(1);
            var until = Math.Min(total, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate));
            lock (turn)
            {
                for (; due < until; due++)
                {
                    late.Enqueue(started + (long)(due / rate * Stopwatch.Frequency));
                }

                mostLate = Math.Max(mostLate, late.Count);
                while (late.Count > 0 && idle.TryPop(out var connection))
                {
                    Start(connection);
                }
            }

            if (broken == connections)
            {
                break;
            }
        }

        // Bounded: what is not answered half a minute after the end never will be.
        var waited = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(waited).TotalSeconds < 30 && broken < connections)
        {
            lock (turn)
            {
                if (late.Count == 0 && under == 0)
                {
                    break;
                }
            }

            Thread.Sleep(1);
        }

        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
        lock (turn)
        {
            // Nothing is sent any more, not even where answers still come.
            isOver = true;
            var result = Result(took, times);
            result["due"] = total;
            result["mostLate"] = mostLate;
            open.ForEach(connection => connection.Dispose());
            return result;
        }

        void Start(Connection connection)
        {
            next.MoveNext();
            connection.DueAt = late.Dequeue();
            connection.Request.ResetWrittenCount();
            writer.Write(next.Current, connection.Request);
            under++;
            connection.Send();
        }

        void Answered(Connection connection, int status)
        {
            lock (turn)
            {
                if (isOver)
                {
                    return;
                }

                under--;
                Count(status);
                if (status == 0)
                {
                    broken++;
                    return;
                }

                times.Add((float)Stopwatch.GetElapsedTime(connection.DueAt).TotalMilliseconds);
                if (late.Count > 0)
                {
                    Start(connection);
                }
                else
                {
                    idle.Push(connection);
                }
            }
        }
    }

    /// <summary>Closed loop: each connection its next as soon as the last is answered, until all are; refused ones again.</summary>
    public Dictionary<string, object> All(IEnumerable<Content> contents, TextWriter progress)
    {
        // Made beforehand by a thread of its own, some thousand at most.
        using var made = new BlockingCollection<Content>(8192);
        var maker = Task.Run(() =>
        {
            foreach (var content in contents)
            {
                made.Add(content);
            }

            made.CompleteAdding();
        });
        long done = 0;
        var running = connections;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var started = Stopwatch.GetTimestamp();
        var open = Enumerable.Range(0, connections).Select(_ => new Connection(address, Answered)).ToList();
        open.ForEach(Next);
        while (!ended.Task.Wait(TimeSpan.FromSeconds(10)))
        {
            var so = Interlocked.Read(ref done);
            progress.WriteLine($"  {so:#,0} sent, {so / Stopwatch.GetElapsedTime(started).TotalSeconds:#,0} a second");
        }

        maker.GetAwaiter().GetResult();
        return Result(Stopwatch.GetElapsedTime(started).TotalSeconds, []);

        void Next(Connection connection)
        {
            if (!made.TryTake(out var content, Timeout.Infinite))
            {
                if (Interlocked.Decrement(ref running) == 0)
                {
                    ended.SetResult();
                }

                return;
            }

            connection.Request.ResetWrittenCount();
            writer.Write(content, connection.Request);
            connection.Send();
        }

        void Answered(Connection connection, int status)
        {
            lock (turn)
            {
                Count(status);
            }

            if (status == 200)
            {
                Interlocked.Increment(ref done);
                Next(connection);
            }
            else if (status is 429 or >= 500)
            {
                // Busy: a sender of webhooks would wait longer, and nothing is gained by it here.
                _ = Task.Delay(100).ContinueWith(_ => connection.Send(), TaskScheduler.Default);
            }
            else
            {
                var problem = status == 0 ? "A connection broke." : $"A delivery was answered {status}.";
                ended.TrySetException(new InvalidOperationException(problem));
            }
        }
    }

    private void Count(int status) => statuses[status] = statuses.GetValueOrDefault(status) + 1;

    private Dictionary<string, object> Result(double seconds, List<float> times)
    {
        times.Sort();
        double At(double share) => times.Count == 0 ? 0 : Math.Round(times[Math.Min(times.Count - 1, (int)(times.Count * share))], 2);
        return new()
        {
            ["accepted"] = statuses.GetValueOrDefault(200),
            ["refused"] = statuses.Where(pair => pair.Key != 200).Sum(pair => pair.Value),
            ["statuses"] = statuses.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value),
            ["seconds"] = Math.Round(seconds, 3),
            ["p50"] = At(0.5),
            ["p99"] = At(0.99),
            ["most"] = At(1),
        };
    }
}
