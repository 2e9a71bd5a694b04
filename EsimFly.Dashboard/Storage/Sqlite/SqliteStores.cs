using EsimFly.Dashboard.Storage.Sqlite.Upgrade;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>Registers the stores as two files for one process.</summary>
internal static class SqliteStores
{
    public static IServiceCollection AddSqlite(this IServiceCollection services)
    {
        services.AddSingleton<SqliteLogDatabase>();
        services.AddSingleton<LogDatabase>(static provider => provider.GetRequiredService<SqliteLogDatabase>());
        services.AddSingleton<SqliteDeskDatabase>();
        services.AddSingleton<DeskDatabase>(static provider => provider.GetRequiredService<SqliteDeskDatabase>());
        services.AddSingleton<StorageLock, FolderLock>();
        services.AddSingleton<Peers, NoPeers>();
        services.AddSingleton<Duties, AllDuties>();
        services.AddSingleton<LegacyTransfer>();
        services.AddSingleton<IEarlierStore>(static provider => provider.GetRequiredService<LegacyTransfer>());
        services.AddHostedService<LogCheckpointer>();
        services.AddHostedService<DeskCheckpointer>();
        return services;
    }
}
