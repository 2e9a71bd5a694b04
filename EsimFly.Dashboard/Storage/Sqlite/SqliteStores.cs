namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>Registers the stores as two files for one process.</summary>
internal static class SqliteStores
{
    public static IServiceCollection AddSqlite(this IServiceCollection services)
    {
        services.AddSingleton<SqliteLogDatabase>();
        services.AddSingleton<LogDatabase>(static provider => provider.GetRequiredService<SqliteLogDatabase>());
        services.AddSingleton<SqliteReadModelDatabase>();
        services.AddSingleton<ReadModelDatabase>(static provider => provider.GetRequiredService<SqliteReadModelDatabase>());
        services.AddSingleton<StorageLock, FolderLock>();
        services.AddSingleton<Peers, NoPeers>();
        services.AddSingleton<Leases, SoleInstance>();
        services.AddHostedService<LogCheckpointer>();
        services.AddHostedService<ReadModelCheckpointer>();
        return services;
    }
}
