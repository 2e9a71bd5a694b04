using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>The packages that were ever ordered, by name.</summary>
internal sealed class PackageQueries
{
    private const int Most = 500;

    // From one name to the next over the index, however many orders have it.
    private const string Names = """
        WITH RECURSIVE "Names" ("Value") AS (
            SELECT MIN("PackageName") FROM "Orders"
            UNION ALL
            SELECT (SELECT MIN("PackageName") FROM "Orders" WHERE "PackageName" > "Value") FROM "Names" WHERE "Value" IS NOT NULL
        )
        SELECT "Value" FROM "Names" WHERE "Value" IS NOT NULL LIMIT @p0
        """;

    private readonly AccessGuard guard;
    private readonly SharedFigure<bool, IReadOnlyList<string>> all;

    /// <summary>Prepares the list that all viewers share.</summary>
    public PackageQueries(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts, ChangeNotifier notifier, TimeProvider time)
    {
        this.guard = guard;
        all = new(
            [], // an order that comes does not make a list of filters wait
            notifier,
            time,
            TimeSpan.Zero,
            TimeSpan.FromSeconds(5),
            async (_, cancellationToken) =>
            {
                await using var context = await contexts.CreateDbContextAsync(cancellationToken);
                return await context.Database.SqlQueryRaw<string>(Names, Most).ToListAsync(cancellationToken);
            }
        );
    }

    /// <summary>Their names, the first 500 in order; one that came within the last 5 seconds may be missing.</summary>
    public async Task<IReadOnlyList<string>> AllAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await all.GetAsync(key: true, cancellationToken);
    }
}
