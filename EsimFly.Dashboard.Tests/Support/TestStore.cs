using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Postgres;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Both stores, real, in a folder of their own, without the rest of the application.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    public const string Epoch = "a run of the tests";

    private readonly TempFolder folder = new();
    private readonly ServiceProvider provider;
    private readonly TestDatabase? database;
    private readonly PostgresServer? server;

    public TestStore()
    {
        var options = Options.Create(new StorageOptions { Directory = folder.Path });
        Paths = new StoragePaths(options);
        if (TestDatabase.IsWanted)
        {
            database = new TestDatabase();
            server = database.OpenServer();
            (LogDatabase, ReadModelDatabase) = (new PostgresLogDatabase(server), new PostgresReadModelDatabase(server));
        }
        else
        {
            (LogDatabase, ReadModelDatabase) = (new SqliteLogDatabase(Paths, options), new SqliteReadModelDatabase(Paths, options));
            StoreTemplate.CopyTo(folder.Path);
        }

        provider = new ServiceCollection()
            .AddDbContextFactory<LogDbContext>(LogDatabase.Configure)
            .AddDbContextFactory<ReadModelDbContext>(ReadModelDatabase.Configure)
            .BuildServiceProvider();
        Logs = provider.GetRequiredService<IDbContextFactory<LogDbContext>>();
        ReadModels = provider.GetRequiredService<IDbContextFactory<ReadModelDbContext>>();
        Health = new StorageHealth(new NoLifetime(), TimeProvider.System, NullLogger<StorageHealth>.Instance);
        Log = new LogWriter(LogDatabase, Health);
        ReadModel = new ReadModelWriter(
            ReadModelDatabase,
            new ReadModelHealth(new NoLifetime(), TimeProvider.System, NullLogger<ReadModelHealth>.Instance)
        );
        ReadModelDatabase.Replace(Epoch, isWhole: true, keepsMeasurements: false);
        Sealer = new DataKeys(Logs, new EphemeralDataProtectionProvider(), Paths, TimeProvider.System).Load();
        Entries = new LogEntries(LogDatabase, Sealer);
    }

    public StoragePaths Paths { get; }

    public LogDatabase LogDatabase { get; }

    public ReadModelDatabase ReadModelDatabase { get; }

    public IDbContextFactory<LogDbContext> Logs { get; }

    public IDbContextFactory<ReadModelDbContext> ReadModels { get; }

    public StorageHealth Health { get; }

    public LogWriter Log { get; }

    public ReadModelWriter ReadModel { get; }

    public ReadModelState State { get; } = new() { Epoch = Epoch };

    public Sealer Sealer { get; }

    public LogEntries Entries { get; }

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await ReadModel.DisposeAsync();
        Sealer.Dispose();
        await provider.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        database?.Dispose();
        folder.Dispose();
    }

    internal sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public bool IsStopped { get; private set; }

        public void StopApplication() => IsStopped = true;
    }
}
