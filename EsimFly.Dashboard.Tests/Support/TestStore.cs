using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>A real database in a folder of its own, without the rest of the application.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    private readonly TempFolder folder = new();
    private readonly ServiceProvider provider;

    public TestStore()
    {
        var options = Options.Create(new StorageOptions { Directory = folder.Path });
        Paths = new StoragePaths(options);
        Store = new SqliteStore(Paths, options);
        provider = new ServiceCollection().AddDbContextFactory<DashboardDbContext>(Store.Configure).BuildServiceProvider();
        Contexts = provider.GetRequiredService<IDbContextFactory<DashboardDbContext>>();
        Health = new StorageHealth(new NoLifetime(), TimeProvider.System, NullLogger<StorageHealth>.Instance);
        Writer = new StorageWriter(Store, Health);
        using var context = Contexts.CreateDbContext();
        SqliteStore.Migrate(context);
        Sealer = new DataKeys(Contexts, new EphemeralDataProtectionProvider(), Paths, TimeProvider.System).Load();
    }

    public StoragePaths Paths { get; }

    public SqliteStore Store { get; }

    public IDbContextFactory<DashboardDbContext> Contexts { get; }

    public StorageHealth Health { get; }

    public StorageWriter Writer { get; }

    public Sealer Sealer { get; }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        Sealer.Dispose();
        await provider.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
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
