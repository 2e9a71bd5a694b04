namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>Registers the stores as two schemas of a PostgreSQL database, for several processes.</summary>
internal static class PostgresStores
{
    public static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.AddSingleton<PostgresServer>();
        services.AddSingleton<LogDatabase, PostgresLogDatabase>();
        services.AddSingleton<ReadModelDatabase, PostgresReadModelDatabase>();
        services.AddSingleton<StorageLock, PostgresStartLock>();
        services.AddSingleton<PostgresPeers>();
        services.AddSingleton<Peers>(static provider => provider.GetRequiredService<PostgresPeers>());
        services.AddHostedService(static provider => provider.GetRequiredService<PostgresPeers>());
        services.AddSingleton<PostgresLeases>();
        services.AddSingleton<Leases>(static provider => provider.GetRequiredService<PostgresLeases>());
        services.AddHostedService(static provider => provider.GetRequiredService<PostgresLeases>());
        return services;
    }
}
