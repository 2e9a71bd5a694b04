using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Integration;

/// <summary>Three processes on one PostgreSQL server: what was acknowledged is there once, whatever goes.</summary>
[Collection(Processes.Name)]
public sealed class InstancesTests(ITestOutputHelper output)
{
    private const int Senders = 6;
    private const int EachTime = 200;

    private static readonly TimeSpan Failover = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// As Jepsen looks at a store (jepsen.io): the clients note what was acknowledged, what was refused and what they cannot know, faults
    /// come meanwhile, and at the end the store is compared with the notes.
    /// </summary>
    [Fact]
    public async Task Deliveries_UnderFaultsOfEveryKind_AreThereOnceWhenAcknowledged()
    {
        using var server = new PostgresProcess();
        using var group = new InstanceGroup(server);
        foreach (var name in new[] { "a", "b", "c" })
        {
            await group.StartAsync(name);
        }

        await using var proxy = await LoadBalancer.StartAsync(group.All);
        var notes = new Notes();
        using var load = new CancellationTokenSource();
        var sending = Enumerable.Range(0, Senders).Select(sender => SendAsync(proxy.Address, sender, notes, load.Token)).ToList();
        await notes.MoreAsync(EachTime);

        var projector = await group.NextProjectorAsync(gone: null);
        var standBy = group.All.Keys.First(name => !string.Equals(name, projector, StringComparison.Ordinal));
        group.All[standBy].Process.Kill();
        await notes.MoreAsync(EachTime);

        var started = Stopwatch.GetTimestamp();
        group.All[projector].Process.Kill();
        var next = await group.NextProjectorAsync(projector);
        var tookOver = Stopwatch.GetElapsedTime(started);
        Assert.True(tookOver < Failover, $"It took {tookOver.TotalSeconds:0.0} s.");
        await notes.MoreAsync(EachTime);

        server.CrashAndStart();
        await notes.MoreAsync(EachTime);
        await load.CancelAsync();
        await Task.WhenAll(sending);

        await FoldedAsync(group.All[next]);
        var orders = server.Query($"SELECT \"OrderId\" FROM {InstanceGroup.ReadModelName}.\"Orders\"").ToHashSet(StringComparer.Ordinal);
        output.WriteLine(
            $"acknowledged {notes.Acknowledged.Count}, ambiguous {notes.Ambiguous.Count}, refused {notes.Refused.Count}; "
                + $"in the desk {orders.Count}; the projector was replaced in {tookOver.TotalSeconds:0.0} s"
        );
        Assert.DoesNotContain(notes.Acknowledged, id => !orders.Contains(id));
        Assert.Subset(
            notes.Acknowledged.Concat(notes.Ambiguous).Concat(notes.Refused).ToHashSet(StringComparer.Ordinal),
            orders.ToHashSet(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["0"],
            server.Query(
                $"SELECT COUNT(*) FROM (SELECT 1 FROM {InstanceGroup.ReadModelName}.\"Events\" GROUP BY \"OrderId\" HAVING COUNT(*) > 1) x"
            )
        );
        Assert.Equal(["0"], server.Query($"SELECT COUNT(*) FROM {InstanceGroup.ReadModelName}.\"Deliveries\" WHERE \"State\" <> 1"));
        // Without a gap in the numbers: a reader of what comes after its position can have passed over nothing.
        Assert.Equal(["t"], server.Query("SELECT CASE WHEN COUNT(*) = MAX(\"Seq\") THEN 't' ELSE 'f' END FROM log.\"Log\""));
    }

    [Fact]
    public async Task Projector_ThatStandsStill_IsReplaced_AndWritesNothingWhenItGoesOn()
    {
        using var server = new PostgresProcess();
        using var group = new InstanceGroup(server);
        var first = await group.StartAsync("a");
        var second = await group.StartAsync("b");
        Assert.Equal("a", await group.NextProjectorAsync(gone: null));
        var sending = Enumerable
            .Range(0, 400)
            .Select(async i =>
            {
                // As many as are under way when it is stopped: some of them amid a transaction of its own.
                await InstanceGroup
                    .PostAsync((i % 2 == 0 ? first : second).Client, $"BEFORE-{i}", Token)
                    .WaitAsync(TimeSpan.FromSeconds(20), Token);
            });
        var all = Task.WhenAll(sending);
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("BEFORE") > 20, "folding goes on");

        var started = Stopwatch.GetTimestamp();
        await first.SignalAsync("STOP");
        Assert.Equal("b", await group.NextProjectorAsync("a"));
        var tookOver = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"The frozen projector was replaced in {tookOver.TotalSeconds:0.0} s.");
        Assert.True(tookOver < Failover, $"It took {tookOver.TotalSeconds:0.0} s.");
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(second.Client, "MEANWHILE-1", Token));
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("MEANWHILE") == 1, "the other one folds");

        await first.SignalAsync("CONT");
        await Task.WhenAny(all); // some of them may have failed
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(first.Client, "AFTER-1", Token));
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("AFTER") == 1, "what it receives is folded");
        Assert.Equal("b", group.Projector());
        await FoldedAsync(second);
        Assert.Equal(
            ["0"],
            server.Query(
                $"SELECT COUNT(*) FROM (SELECT 1 FROM {InstanceGroup.ReadModelName}.\"Events\" GROUP BY \"OrderId\" HAVING COUNT(*) > 1) x"
            )
        );
    }

    [Fact]
    public async Task Projector_WhoseLineIsCut_IsReplaced_AndStandsByWhenItIsBack()
    {
        using var server = new PostgresProcess();
        await using var line = new CutLine(server.Port);
        using var group = new InstanceGroup(server);
        var first = await group.StartAsync("a", line.Port);
        var second = await group.StartAsync("b");
        Assert.Equal("a", await group.NextProjectorAsync(gone: null));

        var started = Stopwatch.GetTimestamp();
        line.Cut();
        Assert.Equal("b", await group.NextProjectorAsync("a"));
        var tookOver = Stopwatch.GetElapsedTime(started);
        output.WriteLine($"The projector without a line was replaced in {tookOver.TotalSeconds:0.0} s.");
        Assert.True(tookOver < Failover, $"It took {tookOver.TotalSeconds:0.0} s.");
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(second.Client, "MEANWHILE-1", Token));
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("MEANWHILE") == 1, "the other one folds");

        line.Mend();
        await first.BecomeReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await InstanceGroup.PostAsync(first.Client, "AFTER-1", Token));
        await Eventually.IsTrueAsync(() => group.OrdersInReadModel("AFTER") == 1, "what it receives is folded");
        Assert.Equal("b", group.Projector());
    }

    [Fact]
    public void Server_ThatMayLoseCommits_IsRefusedWithASentence()
    {
        using var server = new PostgresProcess("-c fsync=off");
        using var folder = new TempFolder();
        using var app = new AppProcess(
            folder.Path,
            environment: [("Storage__Provider", "Postgres"), ("ConnectionStrings__Desk", server.ConnectionString)]
        );

        app.Process.WaitForExit();

        Assert.Equal(1, app.Process.ExitCode);
        Assert.Contains("fsync=off", app.Output, StringComparison.Ordinal);
    }

    private static async Task SendAsync(Uri address, int sender, Notes notes, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(12) };
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var id = $"JEPSEN-{sender}-{i}";
            try
            {
                var status = await InstanceGroup.PostAsync(client, id, Token);
                var list = status switch
                {
                    HttpStatusCode.OK => notes.Acknowledged,
                    HttpStatusCode.ServiceUnavailable => notes.Refused,
                    _ => notes.Ambiguous, // of the proxy: the instance may have kept it
                };
                list.Add(id);
            }
            catch (Exception fault)
                when (fault is HttpRequestException or TaskCanceledException or IOException && !Token.IsCancellationRequested)
            {
                notes.Ambiguous.Add(id);
            }
        }
    }

    private static Task FoldedAsync(AppProcess app) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                using var response = await app.Client.GetAsync("/health/ready", Token);
                return (await response.Content.ReadAsStringAsync(Token)).Contains("Nothing waits.", StringComparison.Ordinal);
            },
            "all is folded"
        );

    /// <summary>What the senders noted.</summary>
    private sealed class Notes
    {
        public ConcurrentBag<string> Acknowledged { get; } = [];

        public ConcurrentBag<string> Ambiguous { get; } = [];

        public ConcurrentBag<string> Refused { get; } = [];

        public Task MoreAsync(int count)
        {
            var before = Acknowledged.Count;
            return Eventually.IsTrueAsync(() => Acknowledged.Count >= before + count, "more is acknowledged", TimeSpan.FromSeconds(30));
        }
    }
}
