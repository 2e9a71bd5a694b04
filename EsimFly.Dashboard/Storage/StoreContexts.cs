using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace EsimFly.Dashboard.Storage;

/// <summary>What the contexts of both stores have in common, on either database.</summary>
internal static class StoreContexts
{
    /// <summary>
    /// Leaves it to the caller, who has the exception, to log a fault: EF Core would log each up to three times, with its stack.
    /// </summary>
    public static DbContextOptionsBuilder LogFaultsOnce(this DbContextOptionsBuilder builder) =>
        builder.ConfigureWarnings(static warnings =>
            warnings.Log(
                (RelationalEventId.CommandError, LogLevel.Debug),
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (CoreEventId.QueryIterationFailed, LogLevel.Debug),
                (CoreEventId.SaveChangesFailed, LogLevel.Debug)
            )
        );
}
