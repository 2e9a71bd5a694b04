using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.TopUps;

/// <summary>What the list of top-ups shows.</summary>
internal sealed class TopUpQueries(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts)
{
    // Those without a date come last, and first where the oldest do.
    private static readonly Keyset<TopUpEntity, TopUpPosition> ByTime = new Keyset<TopUpEntity, TopUpPosition>()
        .By(static row => row.SortAtMs, static place => place.SortAtMs)
        .By(static row => row.DeliverySeq, static place => place.DeliverySeq);

    private const int MostNamed = 500;

    /// <summary>A page of top-ups, latest first.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="filter">Which top-ups.</param>
    /// <param name="after">The place of the last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<TopUpRow>> ListAsync(
        ClaimsPrincipal who,
        TopUpFilter filter,
        TopUpPosition? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var topUps = ByTime.From(await FittingAsync(context, filter, cancellationToken), after, filter.IsOldestFirst);
        var rows = await topUps
            .Take(size + 1)
            .Select(row => new TopUpRow(
                row.DeliverySeq,
                row.IsTest,
                row.Iccid,
                row.Succeeded,
                row.PackageCode,
                row.PackageName,
                row.Amount,
                row.NewExpiryMs,
                row.ErrorCode,
                row.ErrorMessage,
                row.OccurredAtMs
            )
            {
                Currency = row.Currency,
                Plan = context
                    .Esims.Where(esim => esim.IsTest == row.IsTest && esim.Iccid == row.Iccid)
                    .Select(esim => (PlanStatus?)esim.PlanStatus)
                    .FirstOrDefault(),
                ReceivedAtMs = context
                    .Events.Where(reported => reported.DeliverySeq == row.DeliverySeq)
                    .Select(reported => (long?)reported.ReceivedAtMs)
                    .FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return PageOf<TopUpRow>.Of(rows, size);
    }

    /// <summary>How many top-ups fit.</summary>
    public async Task<long> CountAsync(ClaimsPrincipal who, TopUpFilter filter, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await (await FittingAsync(context, filter, cancellationToken)).LongCountAsync(cancellationToken);
    }

    private static async Task<IQueryable<TopUpEntity>> FittingAsync(
        ReadModelDbContext context,
        TopUpFilter filter,
        CancellationToken cancellationToken
    )
    {
        var topUps = context.TopUps.AsNoTracking().Within(filter.IsTest);
        if (filter.Succeeded is { } succeeded)
        {
            // Literally: those that failed have an index.
            topUps = succeeded ? topUps.Where(row => row.Succeeded) : topUps.Where(row => !row.Succeeded);
        }

        if (filter.IsOpen)
        {
            topUps = topUps.Where(row =>
                !context.TopUps.Any(later =>
                    later.IsTest == row.IsTest
                    && later.Iccid == row.Iccid
                    && later.Succeeded
                    && (row.OccurredAtMs == null || later.OccurredAtMs >= row.OccurredAtMs)
                )
            );
        }

        if (filter.Days.SinceMs is { } since)
        {
            topUps = topUps.Where(row => row.SortAtMs >= since);
        }

        if (filter.Days.UntilMs is { } until)
        {
            topUps = topUps.Where(row => row.SortAtMs > 0 && row.SortAtMs < until);
        }

        if (filter.ErrorCode is { Length: > 0 } errorCode)
        {
            topUps = topUps.Where(row => row.ErrorCode == errorCode);
        }

        if (IccidSearch.Term(filter.Search) is { Length: > 0 } term)
        {
            var iccids = (await IccidSearch.ByStart(context, term).Take(MostNamed).ToListAsync(cancellationToken))
                .Union(await IccidSearch.ByEnd(context, term).Take(MostNamed).ToListAsync(cancellationToken), StringComparer.Ordinal)
                .ToList();
            bool[] environments = [false, true];
            topUps =
                iccids.Count < MostNamed
                    ? topUps.Where(row => environments.Contains(row.IsTest) && iccids.Contains(row.Iccid))
                    // No index is searched: the newest are walked.
                    : topUps.Where(row => row.Iccid.StartsWith(term) || row.Iccid.EndsWith(term));
        }

        return topUps;
    }

    /// <summary>The error codes of the latest failed top-ups.</summary>
    public async Task<IReadOnlyList<string>> ErrorCodesAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        bool[] environments = [false, true];
        var (succeeded, codes) = (false, new SortedSet<string>(StringComparer.Ordinal));
        foreach (var isTest in environments)
        {
            codes.UnionWith(
                (
                    await context
                        .TopUps.AsNoTracking()
                        .Where(row => row.IsTest == isTest && row.Succeeded == succeeded)
                        .OrderByDescending(row => row.SortAtMs)
                        .Take(1000)
                        .Select(row => row.ErrorCode)
                        .ToListAsync(cancellationToken)
                ).OfType<string>()
            );
        }

        return [.. codes];
    }
}
