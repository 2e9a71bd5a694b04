using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace EsimFly.Dashboard.Tests.Integration;

/// <summary>A 200 means kept: the quick forms of the long runs.</summary>
[Collection(Processes.Name)]
public sealed class CrashTests
{
    private const int Cycles = 3;
    private const int Senders = 8;

    [Fact]
    public async Task Kill_WhilePosting_LosesNothingThatWasAcknowledgedAndAppliesNothingTwice()
    {
        using var folder = new TempFolder();
        var port = AppProcess.FreePort();
        var acknowledged = new ConcurrentBag<string>();
        var unsure = new ConcurrentBag<string>();
        var number = 0;
        for (var cycle = 0; cycle < Cycles; cycle++)
        {
            using var app = new AppProcess(folder.Path, port);
            await app.BecomeReadyAsync();
            while (unsure.TryTake(out var again))
            {
                Assert.Equal(HttpStatusCode.OK, await PostAsync(app, again)); // as the sender would
                acknowledged.Add(again);
            }

            var enough = 150 + (100 * cycle);
            var before = acknowledged.Count;
            var posting = Enumerable
                .Range(0, Senders)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (true)
                        {
                            var id = $"KILL-{Interlocked.Increment(ref number)}";
                            try
                            {
                                var status = await PostAsync(app, id);
                                (status == HttpStatusCode.OK ? acknowledged : unsure).Add(id);
                            }
                            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or IOException)
                            {
                                unsure.Add(id);
                                return;
                            }
                        }
                    })
                )
                .ToList();
            await Eventually.IsTrueAsync(() => acknowledged.Count >= before + enough, "enough is acknowledged to kill it amid the rest");
            app.Process.Kill();
            await Task.WhenAll(posting);
        }

        using (var app = new AppProcess(folder.Path, port))
        {
            var started = Stopwatch.GetTimestamp();
            await app.BecomeReadyAsync();
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
            await Eventually.IsTrueAsync(
                async () =>
                    (await app.Client.GetStringAsync("/health/ready", TestContext.Current.CancellationToken)).Contains(
                        "Nothing waits.",
                        StringComparison.Ordinal
                    ),
                "all is folded"
            );
        }

        await using var log = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "esimfly.db")};Pooling=false");
        await log.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["ok"], await ReadAsync(log, "PRAGMA integrity_check"));
        await using var database = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "read-model.db")};Pooling=false");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        var orders = (await ReadAsync(database, "SELECT \"OrderId\" FROM \"Orders\"")).ToHashSet(StringComparer.Ordinal);
        Assert.True(acknowledged.Count > 600);
        Assert.DoesNotContain(acknowledged, id => !orders.Contains(id));
        Assert.Equal(["ok"], await ReadAsync(database, "PRAGMA integrity_check"));
        Assert.Equal(
            ["0"],
            await ReadAsync(database, "SELECT count(*) FROM (SELECT 1 FROM \"Events\" GROUP BY \"OrderId\" HAVING count(*) > 1)")
        );
        Assert.Equal(["0"], await ReadAsync(database, "SELECT count(*) FROM \"Deliveries\" WHERE \"State\" <> 1"));
    }

    [Fact]
    public async Task Write_ThatFails_IsNotReady_ThoughNothingIsPosted()
    {
        RequiredTool.Need(RequiredTool.Strace);
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path);
        await app.BecomeReadyAsync();

        using var strace = Inject(app, "pwrite64");
        try
        {
            await Eventually.IsTrueAsync(
                async () =>
                {
                    using var response = await app.Client.GetAsync("/health/ready", TestContext.Current.CancellationToken);
                    return response.StatusCode == HttpStatusCode.ServiceUnavailable;
                },
                "the desk says that it is not ready"
            );
        }
        finally
        {
            strace.Kill();
            await strace.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task Fsync_ThatFails_IsAnswered503AndEndsTheProcess()
    {
        RequiredTool.Need(RequiredTool.Strace);
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path);
        await app.BecomeReadyAsync();
        Assert.Equal(HttpStatusCode.OK, await PostAsync(app, "BEFORE"));

        using var strace = Inject(app, "fsync,fdatasync");
        try
        {
            var last = HttpStatusCode.OK;
            var number = 0;
            await Eventually.IsTrueAsync(
                async () =>
                {
                    try
                    {
                        last = await PostAsync(app, $"AFTER-{number++}");
                    }
                    catch (HttpRequestException)
                    {
                        return app.Process.HasExited; // it ended before an answer
                    }

                    return last == HttpStatusCode.ServiceUnavailable;
                },
                "a delivery is refused"
            );

            Assert.Equal(74, await app.ExitAsync());
            Assert.Contains("FsyncFailed", app.Output, StringComparison.Ordinal);
        }
        finally
        {
            if (!strace.HasExited)
            {
                strace.Kill();
            }
        }
    }

    [Fact]
    public async Task Stop_WhileDeliveriesWaitForTheirCommit_KeepsAndAnswersThem()
    {
        using var folder = new TempFolder();
        var app = new DashboardApp([("Intake:BatchSize", "1")], folder: folder.Path);
        using var release = new ManualResetEventSlim();
        var isHeld = new TaskCompletionSource();
        var holding = Task.Run(
            () =>
                app.Get<LogWriter>()
                    .WriteAsync(
                        _ =>
                        {
                            isHeld.SetResult();
                            release.Wait(TimeSpan.FromSeconds(30));
                        },
                        CancellationToken.None
                    ),
            TestContext.Current.CancellationToken
        );
        await isHeld.Task;
        var posts = Enumerable
            .Range(0, 20)
            .Select(i =>
                app.Client.SendAsync(
                    Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"STOP-{i}")),
                    TestContext.Current.CancellationToken
                )
            )
            .ToList();
        await Eventually.IsTrueAsync(() => app.Get<DeliveryLog>().Waiting >= 19, "they wait; one may be in the writer's hands");

        var stopping = app.Get<IHost>().StopAsync(TestContext.Current.CancellationToken);
        release.Set();
        await holding;
        var answers = await Task.WhenAll(posts);
        await stopping;

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await app.DisposeAsync();
        await using var database = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "esimfly.db")};Pooling=false");
        await database.OpenAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["20"], await ReadAsync(database, "SELECT count(*) FROM \"Log\" WHERE \"Kind\" = 1"));
    }

    [Fact]
    public async Task Sigterm_EndsTheProcessCleanly()
    {
        using var folder = new TempFolder();
        using var app = new AppProcess(folder.Path);
        await app.BecomeReadyAsync();

        await app.SignalAsync("TERM");

        Assert.Equal(0, await app.ExitAsync());
    }

    // Every one of these system calls of the process fails from now on.
    private static Process Inject(AppProcess app, string calls) =>
        Process.Start(
            new ProcessStartInfo(
                "strace",
                [
                    "-f",
                    "-qq",
                    "-p",
                    app.Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                    "-e",
                    $"trace={calls}",
                    "-e",
                    $"inject={calls}:error=EIO",
                    "-o",
                    "/dev/null",
                ]
            )
        )!;

    private static async Task<HttpStatusCode> PostAsync(AppProcess app, string orderId)
    {
        var body = Samples.With(
            "2025-11/order.created",
            data =>
            {
                data["order_id"] = orderId;
                data["order_reference"] = $"R-{orderId}";
            }
        );
        using var response = await app.Client.SendAsync(Signing.Request(body, id: orderId), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task<List<string>> ReadAsync(SqliteConnection database, string sql)
    {
        await using var command = database.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetValue(0).ToString()!);
        }

        return rows;
    }
}
