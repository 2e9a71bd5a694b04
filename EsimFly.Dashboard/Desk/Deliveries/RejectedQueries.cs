using System.Linq.Expressions;
using System.Security.Claims;
using System.Text;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>The requests that did not become deliveries. There are few hundreds at most, so they are filtered here.</summary>
internal sealed class RejectedQueries(AccessGuard guard, IDbContextFactory<LogDbContext> logs)
{
    private static readonly Expression<Func<RejectedEntity, RejectedRow>> ToRow = row => new RejectedRow(
        row.Id,
        row.ReceivedAtMs,
        row.Status,
        row.Reason,
        row.Address,
        row.DeliveryId,
        row.Suppressed,
        row.Headers,
        row.SafeBody,
        row.IsTest,
        row.SealedRequest != null
    );

    /// <summary>A page of them, latest first.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="filter">Which.</param>
    /// <param name="after">The number of the last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<RejectedRow>> ListAsync(
        ClaimsPrincipal who,
        RejectedFilter filter,
        long? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await logs.CreateDbContextAsync(cancellationToken);
        var rows = context.Rejected.AsNoTracking();
        if (after is { } last)
        {
            rows = filter.IsOldestFirst ? rows.Where(row => row.Id > last) : rows.Where(row => row.Id < last);
        }

        rows = filter.IsOldestFirst ? rows.OrderBy(row => row.Id) : rows.OrderByDescending(row => row.Id);
        var all = await rows.Select(ToRow).ToListAsync(cancellationToken);
        return PageOf<RejectedRow>.Of([.. all.Where(filter.Fits).Take(size + 1)], size);
    }

    /// <summary>What there is to filter them by: reasons and events.</summary>
    public async Task<(IReadOnlyList<string> Reasons, IReadOnlyList<string> Events)> ChoicesAsync(
        ClaimsPrincipal who,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await logs.CreateDbContextAsync(cancellationToken);
        var all = await context.Rejected.AsNoTracking().Select(ToRow).ToListAsync(cancellationToken);
        return (
            [.. all.Select(row => row.Reason).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            [.. all.Select(row => row.EventName).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
        );
    }

    /// <summary>One of them; null where it is no longer kept.</summary>
    public async Task<RejectedRow?> FindAsync(ClaimsPrincipal who, long id, CancellationToken cancellationToken)
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        await using var context = await logs.CreateDbContextAsync(cancellationToken);
        var found = await context.Rejected.AsNoTracking().Where(row => row.Id == id).Select(ToRow).FirstOrDefaultAsync(cancellationToken);
        return found is { SafeBody: { } body } ? found with { SafeBody = MaskAgain(body, isViewer) } : found;
    }

    // It may have been kept when less was masked.
    private static string? MaskAgain(string body, bool isViewer)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return isViewer ? CodeMask.MaskBodyForViewers(bytes) : CodeMask.MaskBody(bytes);
    }
}
