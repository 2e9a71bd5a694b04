namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>Registers the stores as two schemas of a PostgreSQL database, for several processes.</summary>
internal static class PostgresStores
{
    public static IServiceCollection AddPostgres(this IServiceCollection services)
    {
        services.AddSingleton<PostgresServer>();
        services.AddSingleton<LogDatabase, PostgresLogDatabase>();
        services.AddSingleton<DeskDatabase, PostgresDeskDatabase>();
        services.AddSingleton<StorageLock, PostgresStartLock>();
        services.AddSingleton<IEarlierStore, NothingEarlier>();
        services.AddSingleton<PostgresPeers>();
        services.AddSingleton<Peers>(static provider => provider.GetRequiredService<PostgresPeers>());
        services.AddHostedService(static provider => provider.GetRequiredService<PostgresPeers>());
        services.AddSingleton<PostgresDuties>();
        services.AddSingleton<Duties>(static provider => provider.GetRequiredService<PostgresDuties>());
        services.AddHostedService(static provider => provider.GetRequiredService<PostgresDuties>());
        return services;
    }
}
