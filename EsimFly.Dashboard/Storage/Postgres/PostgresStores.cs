namespace EsimFly.Dashboard.Storage.Postgres;

internal static class PostgresStores
{
    public static IServiceCollection AddPostgres(this IServiceCollection services) => services;
}
