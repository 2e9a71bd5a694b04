using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>Makes the context for <c>dotnet ef migrations add</c>. No file is opened.</summary>
internal sealed class SqliteLogDesign : IDesignTimeDbContextFactory<LogDbContext>
{
    /// <inheritdoc/>
    public LogDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<LogDbContext>().UseSqlite("Data Source=:memory:").Options);
}
