using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>The event log's model for the migrations of PostgreSQL, which are a set of their own.</summary>
internal sealed class PostgresLogDbContext(DbContextOptions<PostgresLogDbContext> options) : LogDbContext(options)
{
    /// <summary>The table that says which migrations were made.</summary>
    public const string History = "__EFMigrationsHistory";
}

/// <summary>Makes the context for <c>dotnet ef migrations add</c>. No server is asked.</summary>
internal sealed class PostgresLogDesign : IDesignTimeDbContextFactory<PostgresLogDbContext>
{
    /// <inheritdoc/>
    public PostgresLogDbContext CreateDbContext(string[] args) =>
        new(
            new DbContextOptionsBuilder<PostgresLogDbContext>()
                .UseNpgsql(
                    "Host=localhost",
                    static npgsql => npgsql.MigrationsHistoryTable(PostgresLogDbContext.History, PostgresServer.LogSchema)
                )
                .Options
        );
}
