using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Postgres;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Storage.Postgres;

/// <summary>Two instances on one database: what is changed at one holds at the other within a second.</summary>
[OnPostgres]
public sealed class SharedStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);

    private readonly TempFolder folder = new();
    private DashboardApp first = null!;
    private DashboardApp second = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        (first, second) = (new DashboardApp(folder: folder.Path), new DashboardApp(folder: folder.Path));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Clock_OfAMachineThatIsAhead_MakesUpNoDowntime_AndIsNamed()
    {
        var clock = new ShiftedClock();
        clock.Shift(TimeSpan.FromMinutes(10));
        await using var ahead = new DashboardApp(
            folder: folder.Path,
            services: all => all.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))
        );
        for (var i = 0; i < 5; i++)
        {
            await ahead.Get<Heartbeat>().BeatAsync(Token);
            await first.Get<Heartbeat>().BeatAsync(Token);
        }

        Assert.Empty((await Lifeline.Setting.ReadAsync(first.Get<IDbContextFactory<LogDbContext>>(), Token)).Downtimes);
        Assert.InRange(ahead.Get<Heartbeat>().ClockAhead, TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(10.1));
        using var ready = await ahead.Client.GetAsync("/health/ready", Token);
        Assert.Contains("ahead of the database", await ready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Duties_AreThoseOfOneInstance()
    {
        await Eventually.IsTrueAsync(
            () => Leases(first).IsProjector || Leases(second).IsProjector,
            "one of them projects the log into the read model"
        );
        await Eventually.IsTrueAsync(() => Leases(first).IsLeader || Leases(second).IsLeader, "and one does the rest");

        Assert.NotEqual(Leases(first).IsProjector, Leases(second).IsProjector);
        Assert.NotEqual(Leases(first).IsLeader, Leases(second).IsLeader);
    }

    [Fact]
    public async Task Delivery_AtEither_IsFoldedOnce_AndBothKnowWhereTheDeskStands()
    {
        await first.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await second.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await second.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await first.SettleAsync();
        await second.SettleAsync();

        await using var readModel = second.OpenReadModel();
        Assert.Equal(2, await readModel.Deliveries.CountAsync(Token));
        Assert.Equal(3, await readModel.Arrivals.CountAsync(Token));
        await Eventually.IsTrueAsync(
            async () => await readModel.Arrivals.AllAsync(row => row.DurationUs != null, Token),
            "each has noted how long its own answers took"
        );
        await Eventually.IsTrueAsync(
            () => first.Get<ReadModelState>().Position == 3 && second.Get<ReadModelState>().Position == 3,
            "both know the position"
        );
    }

    // Each draws its numbers where the other does: one waits for the other, and none is refused.
    [Fact]
    public async Task Deliveries_AtBothAtOnce_AreAllTaken_WithoutAGap()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 400)
                .Select(i =>
                    (i % 2 == 0 ? first : second).DeliverAsync(
                        Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"BOTH-{i}"))
                    )
                )
        );

        Assert.Equal("400 400", first.Database!.Scalar<string>("SELECT COUNT(*) || ' ' || MAX(\"Seq\") FROM log.\"Log\""));
    }

    [Fact]
    public async Task Secret_AddedAtOne_VerifiesAtTheOther_AndNoLongerOnceItIsEnded()
    {
        var admin = await first.JoinAsync(AccountRole.Admin);
        var secret = "whsec_" + new string('n', 40);
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(second, secret, "1"));

        await first.Get<SecretActions>().AddAsync(admin, "new", secret, Token);
        await WithinASecondAsync(async () => await PostAsync(second, secret, "2") == HttpStatusCode.OK, "it verifies at the other");

        var id = (await first.Get<SecretActions>().ListAsync(admin, Token)).Single(row => row.Label is "new").Id;
        await first.Get<SecretActions>().RetireAsync(admin, id, Token);
        await WithinASecondAsync(async () => await PostAsync(second, secret, "3") == HttpStatusCode.Unauthorized, "it has ended there");
    }

    [Fact]
    public async Task Account_DisabledAtOne_IsOutAtTheOther()
    {
        var admin = await first.JoinAsync(AccountRole.Admin);
        var support = await first.JoinAsync(AccountRole.Support);
        var guard = second.Get<EsimFly.Dashboard.Access.AccessGuard>();
        await guard.RequireViewerAsync(support, Token);

        await first.Get<AccountActions>().DisableAsync(admin, await first.IdOfAsync(People.EmailOf(AccountRole.Support)), Token);

        await WithinASecondAsync(
            async () => await Record.ExceptionAsync(() => guard.RequireViewerAsync(support, Token)) is not null,
            "nothing is shown to it any more"
        );
    }

    [Fact]
    public async Task Token_RevokedAtOne_EndsItsConnectionAtTheOther()
    {
        var admin = await first.JoinAsync(AccountRole.Admin);
        var tokens = first.Get<ApiTokens>();
        var token = await tokens.CreateAsync(admin, "one", ApiScopes.All, lifetime: null, Token);
        await using var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(second.Address, LiveHub.Path), options => options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        var isClosed = false;
        hub.Closed += _ =>
        {
            isClosed = true;
            return Task.CompletedTask;
        };
        await hub.StartAsync(Token);

        await tokens.RevokeAsync(admin, (await tokens.ListAsync(admin, Token)).Single(row => row.Id is not null).Id!.Value, Token);

        await WithinASecondAsync(() => Task.FromResult(isClosed), "the connection is ended");
    }

    [Fact]
    public async Task DataKey_RotatedAtOne_OpensAtTheOther()
    {
        await first.Get<DataKeys>().RotateAsync(first.Get<Sealer>(), first.Get<LogWriter>(), static (_, _) => { }, Token);
        var value = first.Get<Sealer>().Seal("codes"u8, SealPurpose.LogEntry);

        Assert.Equal("codes"u8.ToArray(), second.Get<Sealer>().Open(value, SealPurpose.LogEntry));
        Assert.Equal(first.Get<Sealer>().CurrentKey, second.Get<Sealer>().CurrentKey);
    }

    [Fact]
    public async Task Change_PublishedAtOne_IsHeardAtTheOther_ByName_OrAsMuch()
    {
        var heard = new ConcurrentQueue<ChangeSet>();
        using var subscription = second
            .Get<ChangeNotifier>()
            .Subscribe(
                [Topic.Order],
                changes =>
                {
                    heard.Enqueue(changes);
                    return Task.CompletedTask;
                }
            );
        first.Get<ChangeNotifier>().Publish([new Change(Topic.Order, "ORD,1|x", IsTest: true)]);
        await WithinASecondAsync(
            () => Task.FromResult(heard.Any(set => set.Changes.Contains(new Change(Topic.Order, "ORD,1|x", IsTest: true)))),
            "it is heard by its name"
        );

        first.Get<ChangeNotifier>().Publish([.. Enumerable.Range(0, 5000).Select(i => new Change(Topic.Order, $"ORD-{i}", IsTest: false))]);
        await WithinASecondAsync(() => Task.FromResult(heard.Any(set => set.IsPartial)), "that much has changed");
    }

    [Fact]
    public async Task Requeue_AtTheOneThatStandsBy_IsTriedAgain()
    {
        var standBy = await StandByAsync();
        await standBy.DeliverAsync(Signing.Request("{}"u8.ToArray()));
        await standBy.SettleAsync();

        Assert.True(await standBy.Get<EsimFly.Dashboard.Projection.ProjectionRetries>().RequeueAsync(1, Token));

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var readModel = standBy.OpenReadModel();
                return (await readModel.Deliveries.SingleAsync(Token)) is { State: DeliveryState.Quarantined, Tries: 1 };
            },
            "it was tried, and is quarantined again"
        );
    }

    [Fact]
    public async Task Desk_DroppedWhileBothRun_IsWorkedOutAgain()
    {
        await Scene.PlayAsync(first);
        var before = await ProjectionBench.RowsAsync(first.OpenReadModel);

        first.Database!.Execute($"DROP SCHEMA read_model_{ReadModelSchema.Version} CASCADE");
        await second.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-MEANWHILE")));

        await Eventually.IsTrueAsync(
            async () => await Record.ExceptionAsync(second.SettleAsync) is null,
            "it is derived",
            TimeSpan.FromSeconds(40)
        );
        var after = await ProjectionBench.RowsAsync(second.OpenReadModel);
        Assert.Equal(before, string.Join('\n', after.Split('\n').Where(row => !row.Contains("ORD-MEANWHILE", StringComparison.Ordinal))));
        Assert.Contains("ORD-MEANWHILE", after, StringComparison.Ordinal);
        Assert.Equal(
            0,
            (await second.Get<EsimFly.Dashboard.Projection.Rebuild>().RunAsync(apply: false, progress: null, Token)).DifferenceCount
        );
    }

    [Fact]
    public async Task Desks_OfOtherVersions_AreDropped_OnceNoInstanceHasThem()
    {
        var database = first.Database!;
        database.Execute("CREATE SCHEMA desk_4; CREATE SCHEMA desk_5; CREATE SCHEMA desk_6_old_1; CREATE SCHEMA desktop");
        database.Execute(
            """
            INSERT INTO log."Instances" VALUES (
                'x', 'older', '1', 5, 1, (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint - 3600000, false, false, 0)
            """
        );

        await first.Get<EsimFly.Dashboard.Projection.RetentionWorker>().DropUnusedReadModelsAsync(Token);

        Assert.Equal(
            $"desk_5,desktop,read_model_{ReadModelSchema.Version}",
            database.Scalar<string>(
                "SELECT string_agg(nspname, ',' ORDER BY nspname COLLATE \"C\") FROM pg_namespace WHERE nspname ~ '^(desk|read_model)'"
            )
        );
    }

    [Fact]
    public async Task Keys_WrappedByACertificate_AreInTheDatabase_AndOpenWithIt()
    {
        using var certificate = new TempFolder();
        var file = Path.Combine(certificate.Path, "keys.p12");
        using (var key = RSA.Create(2048))
        using (
            var made = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
                DateTimeOffset.UnixEpoch,
                DateTimeOffset.UnixEpoch.AddYears(200)
            )
        )
        {
            await File.WriteAllBytesAsync(file, made.Export(X509ContentType.Pkcs12, "secret"), Token);
        }

        using var database = new TestDatabase();
        (string, string?)[] settings =
        [
            .. database.Settings,
            ("Storage:KeyCertificate", file),
            ("Storage:KeyCertificatePassword", "secret"),
        ];
        await using var one = new DashboardApp(settings); // each with a folder of its own
        await using var other = new DashboardApp(settings);
        await one.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await other.SettleAsync();

        Assert.Empty(Directory.EnumerateFiles(one.Get<StoragePaths>().Keys));
        var kept = database.Scalar<string>("SELECT string_agg(\"Xml\", '') FROM log.\"DataProtectionKeys\"");
        Assert.Contains("EncryptedData", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("<value>", kept, StringComparison.Ordinal);
        var sealedByOne = one.Get<Sealer>().Seal("codes"u8, SealPurpose.LogEntry);
        Assert.Equal("codes"u8.ToArray(), other.Get<Sealer>().Open(sealedByOne, SealPurpose.LogEntry));
    }

    [Fact]
    public void Models_OfBothDatabases_AreOne_AndTheirMigrationsAreUpToDate()
    {
        var options = Options.Create(new StorageOptions { Directory = folder.Path });
        using var sqlite = new LogDbContext(
            new DbContextOptionsBuilder<LogDbContext>()
                .UseSqlite(new SqliteLogDatabase(new StoragePaths(options), options).File.ConnectionString)
                .Options
        );
        using var postgres = new PostgresLogDesign().CreateDbContext([]);

        Assert.False(postgres.Database.HasPendingModelChanges(), "a migration of PostgreSQL is missing");
        Assert.False(sqlite.Database.HasPendingModelChanges(), "a migration of SQLite is missing");
        Assert.Equal(Describe(sqlite.Model), Describe(postgres.Model));
    }

    // What must be the same: tables, columns, keys and indexes; not how a value is stored.
    private static List<string> Describe(IModel model) =>
        [
            .. model
                .GetRelationalModel()
                .Tables.SelectMany(table =>
                    table
                        .Columns.Select(column => $"{table.Name}.{column.Name} {(column.IsNullable ? "null" : "not null")}")
                        .Append($"{table.Name} key {string.Join(',', table.PrimaryKey!.Columns.Select(column => column.Name))}")
                        .Concat(
                            table.Indexes.Select(index =>
                                $"{table.Name} index {string.Join(',', index.Columns.Select(column => column.Name))} "
                                + $"{index.IsUnique} {index.Filter}"
                            )
                        )
                )
                .Order(StringComparer.Ordinal),
        ];

    private static Leases Leases(DashboardApp app) => app.Get<Leases>();

    private async Task<DashboardApp> StandByAsync()
    {
        await Eventually.IsTrueAsync(
            () => Leases(first).IsProjector || Leases(second).IsProjector,
            "one of them projects the log into the read model"
        );
        return Leases(first).IsProjector ? second : first;
    }

    private static async Task<HttpStatusCode> PostAsync(DashboardApp app, string secret, string id)
    {
        using var request = Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = id), secret: secret);
        using var response = await app.Client.SendAsync(request, Token);
        return response.StatusCode;
    }

    private static async Task WithinASecondAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        await Eventually.IsTrueAsync(condition, what);
        var took = Stopwatch.GetElapsedTime(started);
        Assert.True(took < ASecond, $"It took {took.TotalMilliseconds:0} ms until {what}.");
    }
}
