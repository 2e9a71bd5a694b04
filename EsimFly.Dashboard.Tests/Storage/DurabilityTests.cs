using System.Net;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Storage;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Connections_OfTheLog_AreFullySynchronousAndOfTheDeskNormally()
    {
        await using var store = new TestStore();

        var writing = await store.Log.WriteAsync(
            transaction => (transaction.Scalar<long>("PRAGMA synchronous"), transaction.Scalar<string>("PRAGMA journal_mode")),
            TestContext.Current.CancellationToken
        );
        var readModel = await store.ReadModel.WriteAsync(
            transaction => (transaction.Scalar<long>("PRAGMA synchronous"), transaction.Scalar<string>("PRAGMA journal_mode")),
            TestContext.Current.CancellationToken
        );
        await using var context = store.Logs.CreateDbContext();
        var reading = await context
            .Database.SqlQueryRaw<long>("SELECT synchronous AS Value FROM pragma_synchronous")
            .SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2L, "wal"), writing);
        Assert.Equal((1L, "wal"), readModel); // NORMAL: it can be rebuilt
        Assert.Equal(2L, reading);
    }

    // A row that changes or goes leaves nothing of itself in the file: what is erased later could be read there.
    [Fact]
    public async Task Writers_OverwriteWhatTheyDelete()
    {
        await using var store = new TestStore();

        foreach (StorageWriter writer in new StorageWriter[] { store.Log, store.ReadModel })
        {
            Assert.Equal(
                1,
                await writer.WriteAsync(
                    static transaction => transaction.Scalar<long>("PRAGMA secure_delete"),
                    TestContext.Current.CancellationToken
                )
            );
        }
    }

    // EF Core wraps what fails in a statement, and not what fails in COMMIT.
    [Fact]
    public async Task Save_WhoseCommitCannotBeSynced_IsKnownAsThat()
    {
        await using var store = new TestStore();

        var fault = await Assert.ThrowsAsync<StorageUnavailableException>(() =>
            store.Log.SaveAsync<int>(
                () => throw new SqliteException("disk I/O error", 10, 1034), // SQLITE_IOERR_FSYNC
                TestContext.Current.CancellationToken
            )
        );

        Assert.Equal(StorageFault.FsyncFailed, fault.Fault);
        Assert.Equal(StorageFault.FsyncFailed, store.Health.Fault);
        store.Health.Failed(StorageFault.Locked, fault);
        Assert.Equal(StorageFault.FsyncFailed, store.Health.Fault); // nothing takes its place
    }

    [Fact]
    public async Task Write_WorkThatThrows_LeavesNothing()
    {
        await using var store = new TestStore();
        byte[] key = [0];
        const string Insert = """INSERT INTO "DataKeys" ("WrappedKey", "CreatedAtMs") VALUES (@p0, 7)""";

        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.Log.WriteAsync(
                transaction =>
                {
                    transaction.Execute(Insert, key);
                    throw new InvalidOperationException();
                },
                TestContext.Current.CancellationToken
            )
        );
        await store.Log.WriteAsync(transaction => transaction.Execute(Insert, key), TestContext.Current.CancellationToken);

        await using var context = store.Logs.CreateDbContext();
        Assert.Equal(1, await context.DataKeys.CountAsync(row => row.CreatedAtMs == 7, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Health_AfterAFailedFsync_NeverRecoversAndStopsTheProcess()
    {
        var lifetime = new TestStore.NoLifetime();
        var health = new StorageHealth(lifetime, TimeProvider.System, NullLogger<StorageHealth>.Instance);
        var exitCode = Environment.ExitCode;
        Environment.ExitCode = 0; // whatever another test has left

        health.Failed(SqliteFile.Classify(new SqliteException("disk I/O error", 10, 10 | (4 << 8))), new IOException());
        health.Succeeded(isAppend: true);

        Assert.Equal(StorageFault.FsyncFailed, health.Fault);
        Assert.True(lifetime.IsStopped);
        Assert.Equal(StorageHealth.ExitCode, Environment.ExitCode);
        Environment.ExitCode = exitCode;
        await using var store = new TestStore();
        store.Health.Failed(StorageFault.FsyncFailed, new IOException());
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Log.WriteAsync(_ => { }, TestContext.Current.CancellationToken));
        Environment.ExitCode = exitCode;
    }

    [Fact]
    public async Task Health_AfterAnAppendThatFailed_RecoversWithAnAppendAlone()
    {
        await using var app = new DashboardApp();
        var token = TestContext.Current.CancellationToken;
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        var writer = app.Get<EsimFly.Dashboard.Storage.Writing.LogWriter>();

        // As full as a disk can be: what is there can be changed, and nothing can be added.
        await writer.MaintainAsync(session => SqliteFile.Run(session.Connection, "PRAGMA max_page_count = 1"), token);
        await Eventually.IsTrueAsync(
            async () =>
            {
                using var answer = await app.Client.SendAsync(Signing.Request(Large(Guid.NewGuid().ToString())), token);
                return answer.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "what room there was is used up"
        );
        await writer.WriteAsync(transaction => transaction.Execute("""UPDATE "Settings" SET "Value" = "Value" """), token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync());

        await writer.MaintainAsync(session => SqliteFile.Run(session.Connection, "PRAGMA max_page_count = 1000000"), token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await ReadyAsync());
        await app.DeliverAsync(Signing.Request(Large("3")));
        Assert.Equal(HttpStatusCode.OK, await ReadyAsync());

        static byte[] Large(string id) =>
            Samples.With("2025-11/order.created", data => (data["order_id"], data["note"]) = (id, new string('x', 100_000)));

        async Task<HttpStatusCode> ReadyAsync()
        {
            using var response = await app.Client.GetAsync("/health/ready", token);
            return response.StatusCode;
        }
    }

    [Fact]
    public void Health_AfterAnAppendThatFailed_IsNotLatched()
    {
        var time = new FakeTimeProvider();
        var health = new StorageHealth(new TestStore.NoLifetime(), time, NullLogger<StorageHealth>.Instance);

        health.Failed(StorageFault.DiskFull, new IOException(), isAppend: true);
        health.Succeeded(isAppend: false);
        Assert.Equal(StorageFault.DiskFull, health.Fault);

        time.Advance(StorageHealth.AppendFaultLasts);
        health.Succeeded(isAppend: false);
        Assert.Equal(StorageFault.None, health.Fault);
    }

    [Theory]
    [InlineData("28P01")] // a changed password
    [InlineData("28000")]
    [InlineData("3D000")]
    [InlineData("42501")]
    [InlineData("57P03")]
    [InlineData("08006")]
    internal void Classify_WhatAServerCanMend_IsAFaultOfTheStorage(string code) =>
        Assert.Equal(
            StorageFault.Unusable,
            EsimFly.Dashboard.Storage.Postgres.PostgresServer.Classify(new Npgsql.PostgresException("", "FATAL", "FATAL", code))
        );

    [Theory]
    [InlineData(5, StorageFault.Locked)]
    [InlineData(13, StorageFault.DiskFull)]
    [InlineData(10, StorageFault.Unusable)]
    [InlineData(11, StorageFault.Unusable)]
    [InlineData(19, StorageFault.None)]
    internal void Classify_OtherErrors_AreTheirFault(int code, StorageFault fault) =>
        Assert.Equal(fault, SqliteFile.Classify(new SqliteException("", code, code)));

    [Fact]
    public async Task Folders_OfDataAndKeys_AreForThisAccountAlone()
    {
        await using var store = new TestStore();
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(store.Paths.Root));
            Assert.Equal(OwnerOnly, File.GetUnixFileMode(store.Paths.Keys));
        }
    }

    [Fact]
    public async Task Lock_ASecondProcessOnTheSameFolder_IsTurnedAway()
    {
        await using var store = new TestStore();
        using var first = new FolderLock(store.Paths);
        using var second = new FolderLock(store.Paths);
        first.Take();

        Assert.Throws<StorageSetupException>(second.Take);
    }

    [Fact]
    public async Task Migrate_ALockLeftByAKilledProcess_DoesNotWait()
    {
        await using var store = new TestStore();
        await store.Log.WriteAsync(
            transaction =>
            {
                transaction.Execute(
                    """CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL)"""
                );
                transaction.Execute("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')""");
            },
            TestContext.Current.CancellationToken
        );

        await Task.Run(store.LogDatabase.Migrate, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        await using var context = store.Logs.CreateDbContext();
        Assert.Empty(await context.Database.GetPendingMigrationsAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Migrate_ADatabaseOfALaterVersion_IsRefusedWithASentence()
    {
        await using var store = new TestStore();
        await store.Log.WriteAsync(
            transaction => transaction.Execute("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_FromTheFuture', '99.0')"""),
            TestContext.Current.CancellationToken
        );

        Assert.Contains("FromTheFuture", Assert.Throws<StorageSetupException>(store.LogDatabase.Migrate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_FromEachEarlierSchema_KeepsWhatIsThere()
    {
        using var folder = new TempFolder();
        var options = Options.Create(new StorageOptions { Directory = folder.Path });
        var database = new SqliteLogDatabase(new StoragePaths(options), options);
        await using var context = new LogDbContext(
            new DbContextOptionsBuilder<LogDbContext>().UseSqlite(database.File.ConnectionString).Options
        );
        var migrator = context.GetService<IMigrator>();
        foreach (var earlier in context.Database.GetMigrations().SkipLast(1))
        {
            await context.Database.EnsureDeletedAsync(TestContext.Current.CancellationToken);
            await migrator.MigrateAsync(earlier, TestContext.Current.CancellationToken);
            await context.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO "Deliveries" ("IsTest", "BodyHash", "DeliveryId", "Contract", "SignedForm", "SecretId", "SealedBody", "Headers",
                    "BodyBytes", "ReceivedAtMs", "State", "Tries", "NextTryAtMs", "Flags", "Arrivals")
                VALUES (0, x'01', 'kept', 1, 1, 0, x'02', '[]', 1, 5, 1, 1, 0, 0, 1);
                """,
                TestContext.Current.CancellationToken
            );

            database.Migrate();

            Assert.Equal(
                "kept",
                await context
                    .Database.SqlQueryRaw<string>("SELECT \"DeliveryId\" AS Value FROM \"Deliveries\"")
                    .SingleAsync(TestContext.Current.CancellationToken)
            );
        }

        Assert.False(context.Database.HasPendingModelChanges());
    }
}
