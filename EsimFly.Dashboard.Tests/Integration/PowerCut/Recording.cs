using System.Globalization;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration.PowerCut;

/// <summary>An answer 200 that left the application, and the step in the trace with which it left.</summary>
internal sealed record Acknowledgement(int Step, SentDelivery Delivery);

/// <summary>What one recording is to hold.</summary>
/// <param name="Deliveries">How many are acknowledged before the process is killed, and again before the next one is asked to end.</param>
/// <param name="OneInIsLarge">One delivery in so many has a large body.</param>
internal sealed record RecordingPlan(int Deliveries, int OneInIsLarge);

/// <summary>
/// Two runs of the application on one data folder, in system calls: the first is killed while it receives, the second recovers,
/// receives more and ends in order, whereby SQLite moves the rest of its log into the database.
/// </summary>
internal sealed class Recording(string folder, List<TraceStep> steps, List<Acknowledgement> acknowledgements)
{
    private const int Senders = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Folder => folder;

    public IReadOnlyList<TraceStep> Steps => steps;

    /// <summary>All of them, in the order of the trace.</summary>
    public IReadOnlyList<Acknowledgement> Acknowledgements => acknowledgements;

    /// <summary>How many writes moved the deliveries' write-ahead log into their database between two answers of the same run.</summary>
    public int MovedAmid
    {
        get
        {
            var (moved, since) = (0, (int?)null); // since the last answer; none before a run's first
            foreach (var step in steps.Where(step => step.IsEnd || step.Call.Kind == CallKind.Acknowledge))
            {
                (moved, since) = step.Call.Kind switch
                {
                    CallKind.Acknowledge => (moved + (since ?? 0), 0),
                    CallKind.ProcessEnd => (moved, null),
                    CallKind.Write when IsDatabase(step.Call) => (moved, since + 1),
                    _ => (moved, since),
                };
            }

            return moved;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{acknowledgements.Count} acknowledged, {Count(CallKind.Sync, ".db-wal")} syncs of logs, "
                + $"{Count(CallKind.Write, ".db")} writes into databases, {MovedAmid} of them amid deliveries"
        );

    /// <summary>Makes one, of processes that it starts and ends.</summary>
    public static async Task<Recording> MakeAsync(RecordingPlan plan)
    {
        using var temporary = new TempFolder();
        var folder = Path.Combine(temporary.Path, "data");
        var steps = new List<TraceStep>();
        var acknowledgements = new List<Acknowledgement>();
        foreach (var isKilled in new[] { true, false })
        {
            var trace = Path.Combine(temporary.Path, "trace");
            using var app = new TracedApp(folder, trace);
            await app.BecomeReadyAsync();
            var senders = Enumerable.Range(0, Senders).Select(_ => new Sender(app.Address, plan.OneInIsLarge)).ToList();
            try
            {
                var count = 0;
                bool IsEnough() => Volatile.Read(ref count) >= plan.Deliveries;
                Task Send(Sender sender) => sender.SendAsync(() => isKilled || !IsEnough(), () => Interlocked.Increment(ref count));
                var sending = senders.Select(sender => Task.Run(() => Send(sender), TestContext.Current.CancellationToken)).ToList();
                if (isKilled)
                {
                    bool HasFailed() => sending.Exists(task => task.IsCompleted);
                    await Eventually.IsTrueAsync(() => IsEnough() || HasFailed(), "enough is acknowledged", Patience);
                    await app.KillAsync();
                }

                await Task.WhenAll(sending);
                if (!isKilled)
                {
                    await app.StopAsync();
                }

                var first = steps.Count;
                steps.AddRange(new TraceReader(folder).Read(trace));
                acknowledgements.AddRange(Link(steps, first, senders));
            }
            finally
            {
                senders.ForEach(sender => sender.Dispose());
            }
        }

        var recording = new Recording(folder, steps, acknowledgements);
        recording.CompareWithTheRealFolder(Path.Combine(temporary.Path, "model"));
        return recording;
    }

    private static bool IsDatabase(SystemCall call) =>
        string.Equals(Path.GetFileName(call.Path), StateCheck.Database, StringComparison.Ordinal);

    private int Count(CallKind kind, string fileEnding) =>
        steps.Count(step => step.IsEnd && step.Call.Kind == kind && step.Call.Path.EndsWith(fileEnding, StringComparison.Ordinal));

    // With all that the traces say, the model must have the very bytes that the real files have: then they say all.
    private void CompareWithTheRealFolder(string target)
    {
        var disk = new Disk(folder);
        steps.ForEach(disk.Take);
        disk.WriteTo(target, CutMode.All, hasJournal: true, new Random(0));
        var names = Files(folder);
        Assert.Equal(names, Files(target), StringComparer.Ordinal);
        bool IsSame(string name) => Bytes(folder, name).AsSpan().SequenceEqual(Bytes(target, name));
        Assert.All(names, name => Assert.True(IsSame(name), $"The model has another {name}."));
    }

    private static byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private static IEnumerable<string> Files(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal);

    private static List<Acknowledgement> Link(List<TraceStep> steps, int first, List<Sender> senders)
    {
        var waiting = senders.ToDictionary(sender => sender.Port, sender => new Queue<SentDelivery>(sender.Sent));
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        var links = new List<Acknowledgement>();
        for (var i = first; i < steps.Count; i++)
        {
            var call = steps[i].Call;
            if (call.Kind == CallKind.Accept)
            {
                ports[call.Path] = call.Port;
            }
            else if (call.Kind == CallKind.Acknowledge && !steps[i].IsEnd && waiting.TryGetValue(ports[call.Path], out var sent))
            {
                links.Add(new(i, sent.Dequeue()));
            }
        }

        // No sender has seen an answer that is not in the trace.
        int Answered(Sender sender) => sender.Sent.Count - waiting[sender.Port].Count;
        Assert.All(senders, sender => Assert.True(Answered(sender) >= sender.Acknowledged, sender.ToString()));
        return links;
    }
}
