using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Esims;

/// <summary>What the eSIM pages show.</summary>
internal sealed class EsimQueries(IDbContextFactory<DeskDbContext> contexts)
{
    private const int MaxEvents = 200;
    private const int MostNamed = 500;

    /// <summary>A page of eSIMs, latest first.</summary>
    /// <param name="filter">Which eSIMs.</param>
    /// <param name="after">The last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<EsimRow>> ListAsync(EsimFilter filter, EsimRow? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        filter = await PlanAsync(context, filter, cancellationToken);
        var fitting = filter.IsByExpiry
            ? ByExpiry(context, filter, after)
            : Latest(context, filter, after is null ? null : new EsimPosition(after.SortAtMs, after.Iccid, after.IsTest));
        return PageOf<EsimRow>.Of(await Rows(context, fitting.Take(size + 1)).ToListAsync(cancellationToken), size);
    }

    /// <summary>Given rows as they are now; those that are gone are left out.</summary>
    public async Task<List<EsimRow>> AgainAsync(IReadOnlyList<EsimRow> rows, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var iccids = rows.Select(row => row.Iccid).ToList();
        return await Rows(context, context.Esims.AsNoTracking().Where(row => iccids.Contains(row.Iccid))).ToListAsync(cancellationToken);
    }

    /// <summary>How many eSIMs fit.</summary>
    public async Task<long> CountAsync(EsimFilter filter, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Fitting(context, filter).LongCountAsync(cancellationToken);
    }

    /// <summary>A page of top-ups, latest first.</summary>
    /// <param name="filter">Which top-ups.</param>
    /// <param name="after">The last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<TopUpRow>> TopUpsAsync(TopUpFilter filter, TopUpRow? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
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

        if (filter.ErrorCode is { Length: > 0 } errorCode)
        {
            topUps = topUps.Where(row => row.ErrorCode == errorCode);
        }

        if (SearchKey.Of(filter.Search) is { Length: > 0 } term)
        {
            var iccids = (await ByStart(context, term).Take(MostNamed).ToListAsync(cancellationToken))
                .Union(await ByEnd(context, term).Take(MostNamed).ToListAsync(cancellationToken), StringComparer.Ordinal)
                .ToList();
            bool[] environments = [false, true];
            topUps =
                iccids.Count < MostNamed
                    ? topUps.Where(row => environments.Contains(row.IsTest) && iccids.Contains(row.Iccid))
                    // No index is searched: the newest are walked.
                    : topUps.Where(row => row.Iccid.StartsWith(term) || row.Iccid.EndsWith(term));
        }

        if (after is { } place)
        {
            // Those without a date come last.
            topUps = place.OccurredAtMs is { } at
                ? topUps.Where(row =>
                    row.OccurredAtMs <= at && (row.OccurredAtMs < at || row.DeliverySeq < place.DeliverySeq) || row.OccurredAtMs == null
                )
                : topUps.Where(row => row.OccurredAtMs == null && row.DeliverySeq < place.DeliverySeq);
        }

        var rows = await topUps
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.DeliverySeq)
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
                ReceivedAtMs = context
                    .Events.Where(reported => reported.DeliverySeq == row.DeliverySeq)
                    .Select(reported => (long?)reported.ReceivedAtMs)
                    .FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return PageOf<TopUpRow>.Of(rows, size);
    }

    /// <summary>The error codes of the latest failed top-ups.</summary>
    public async Task<IReadOnlyList<string>> TopUpErrorsAsync(CancellationToken cancellationToken)
    {
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
                        .OrderByDescending(row => row.OccurredAtMs)
                        .Take(1000)
                        .Select(row => row.ErrorCode)
                        .ToListAsync(cancellationToken)
                ).OfType<string>()
            );
        }

        return [.. codes];
    }

    /// <summary>One eSIM; null where there is none.</summary>
    public async Task<EsimDetail?> FindAsync(string iccid, bool isTest, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var esim = await context
            .Esims.AsNoTracking()
            .FirstOrDefaultAsync(row => row.IsTest == isTest && row.Iccid == iccid, cancellationToken);
        if (esim is null)
        {
            return null;
        }

        var order = await context
            .Orders.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.OrderKey == esim.OrderKey)
            .Select(row => new EsimOrderRow(row.OrderId, row.OrderReference, row.Status, row.PackageCode, row.PackageName))
            .FirstOrDefaultAsync(cancellationToken);
        var topUps = await context
            .TopUps.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Iccid == iccid)
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEvents)
            .ToListAsync(cancellationToken);
        var seqs = context.EventEsims.Where(row => row.IsTest == isTest && row.Iccid == iccid).Select(row => row.DeliverySeq);
        var events = await context
            .Events.AsNoTracking()
            .Where(row => seqs.Contains(row.DeliverySeq))
            .OrderByDescending(row => row.OccurredAtMs)
            .ThenByDescending(row => row.DeliverySeq)
            .Take(MaxEvents)
            .Select(EventRow.From(context))
            .ToListAsync(cancellationToken);
        return new EsimDetail(esim, order, topUps, EventRows.InOrder(events));
    }

    /// <summary>The same filter, with the way to search: what begins so many ICCIDs is found sooner by walking the eSIMs by time.</summary>
    internal static async Task<EsimFilter> PlanAsync(DeskDbContext context, EsimFilter filter, CancellationToken cancellationToken) =>
        SearchKey.Of(filter.Search) is { Length: > 0 } term
            ? filter with
            {
                IsWide =
                    await ByStart(context, term).Take(SearchKey.Wide).CountAsync(cancellationToken) >= SearchKey.Wide
                    || await ByEnd(context, term).Take(SearchKey.Wide).CountAsync(cancellationToken) >= SearchKey.Wide,
            }
            : filter;

    // In the order of the index, so that many that fit cost no more than few.
    private static IQueryable<string> ByStart(DeskDbContext context, string term)
    {
        var end = SearchKey.AfterPrefix(term);
        return context
            .Esims.Where(row => string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0)
            .OrderBy(row => row.Iccid)
            .Select(row => row.Iccid);
    }

    private static IQueryable<string> ByEnd(DeskDbContext context, string term)
    {
        var reversed = SearchKey.Reverse(term);
        var end = SearchKey.AfterPrefix(reversed);
        return context
            .Esims.Where(row => string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, end) < 0)
            .OrderBy(row => row.IccidReversed)
            .Select(row => row.Iccid);
    }

    /// <summary>The eSIMs that fit, latest first unless the filter says otherwise, from after a place on.</summary>
    internal static IQueryable<EsimEntity> Latest(DeskDbContext context, EsimFilter filter, EsimPosition? after)
    {
        var esims = Fitting(context, filter);
        if (filter.IsOldestFirst)
        {
            if (after is { } reached)
            {
                esims = esims.Where(row =>
                    row.SortAtMs >= reached.SortAtMs
                    && (
                        row.SortAtMs > reached.SortAtMs
                        || string.Compare(row.Iccid, reached.Iccid) > 0
                        || (row.Iccid == reached.Iccid && row.IsTest && !reached.IsTest)
                    )
                );
            }

            return esims.OrderBy(row => row.SortAtMs).ThenBy(row => row.Iccid).ThenBy(row => row.IsTest);
        }

        if (after is { } place)
        {
            esims = esims.Where(row =>
                row.SortAtMs <= place.SortAtMs
                && (
                    row.SortAtMs < place.SortAtMs
                    || string.Compare(row.Iccid, place.Iccid) < 0
                    || (row.Iccid == place.Iccid && !row.IsTest && place.IsTest)
                )
            );
        }

        return esims.OrderByDescending(row => row.SortAtMs).ThenByDescending(row => row.Iccid).ThenByDescending(row => row.IsTest);
    }

    // Whose end comes next, first.
    private static IQueryable<EsimEntity> ByExpiry(DeskDbContext context, EsimFilter filter, EsimRow? after)
    {
        var esims = Fitting(context, filter);
        if (after is { } place)
        {
            esims = esims.Where(row =>
                row.ExpiresAtMs >= place.ExpiresAtMs
                && (
                    row.ExpiresAtMs > place.ExpiresAtMs
                    || string.Compare(row.Iccid, place.Iccid) > 0
                    || (row.Iccid == place.Iccid && row.IsTest && !place.IsTest)
                )
            );
        }

        return esims.OrderBy(row => row.ExpiresAtMs).ThenBy(row => row.Iccid).ThenBy(row => row.IsTest);
    }

    private static IQueryable<EsimEntity> Fitting(DeskDbContext context, EsimFilter filter)
    {
        var esims = context.Esims.AsNoTracking();
        if (filter.Plan is { } plan)
        {
            // Of test data, of which there may be none, its own index is searched: "+ 0" keeps the one of the plans out.
            esims =
                filter.IsTest is true && !filter.IsByExpiry
                    ? esims.Where(row => (int)row.PlanStatus + 0 == (int)plan)
                    : esims.Where(row => row.PlanStatus == plan);
        }

        if (filter.IsByExpiry)
        {
            // This index begins with the environment.
            bool[] environments = filter.IsTest is { } environment ? [environment] : [false, true];
            esims = esims.Where(row => environments.Contains(row.IsTest));
        }
        else
        {
            esims = esims.Within(filter.IsTest);
        }

        if (filter.ExpiresFromMs is { } fromMs)
        {
            esims = esims.Where(row => row.ExpiresAtMs >= fromMs);
        }

        if (filter.ExpiresBeforeMs is { } beforeMs)
        {
            esims = esims.Where(row => row.ExpiresAtMs < beforeMs);
        }

        if (SearchKey.Of(filter.Search) is { Length: > 0 } term)
        {
            // Staff know the first digits, or the last ones.
            var (end, reversed) = (SearchKey.AfterPrefix(term), SearchKey.Reverse(term));
            var reversedEnd = SearchKey.AfterPrefix(reversed);
            esims = filter.IsWide
                // No index is searched: the newest are walked.
                ? esims.Where(row => row.Iccid.StartsWith(term) || row.IccidReversed.StartsWith(reversed))
                : esims.Where(row =>
                    (string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0)
                    || (string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, reversedEnd) < 0)
                );
        }

        return esims;
    }

    private static IQueryable<EsimRow> Rows(DeskDbContext context, IQueryable<EsimEntity> esims) =>
        esims.Select(row => new EsimRow(
            row.IsTest,
            row.Iccid,
            row.PlanStatus,
            row.PlanStatusRaw,
            row.ProfileStatus,
            row.ProfileStatusRaw,
            row.InstalledAtMs,
            row.PackageName
                ?? context
                    .Orders.Where(order => order.IsTest == row.IsTest && order.OrderKey == row.OrderKey)
                    .Select(order => order.PackageName)
                    .FirstOrDefault(),
            row.PackageCode,
            row.DataUsedGb,
            row.DataTotalGb,
            row.ExpiresAtMs,
            row.Flags,
            row.SortAtMs,
            row.LastEventAtMs
        )
        {
            ReceivedAtMs = context
                .EventEsims.Where(reported => reported.IsTest == row.IsTest && reported.Iccid == row.Iccid)
                .OrderByDescending(reported => reported.DeliverySeq)
                .Take(1)
                .Select(reported =>
                    context
                        .Events.Where(source => source.DeliverySeq == reported.DeliverySeq)
                        .Select(source => (long?)source.ReceivedAtMs)
                        .FirstOrDefault()
                )
                .FirstOrDefault(),
        });
}

/// <summary>Which eSIMs a list shows.</summary>
/// <param name="Search">The first or the last digits of an ICCID.</param>
/// <param name="Plan">Their plan's state.</param>
/// <param name="IsTest">True for test data, false for live data; null for both.</param>
internal sealed record EsimFilter(string? Search, PlanStatus? Plan, bool? IsTest = null)
{
    /// <summary>Those that end from this instant on, Unix milliseconds.</summary>
    public long? ExpiresFromMs { get; init; }

    /// <summary>Those that end before this instant, Unix milliseconds.</summary>
    public long? ExpiresBeforeMs { get; init; }

    /// <summary>Whether those that end next come first.</summary>
    public bool IsByExpiry => ExpiresFromMs is not null || ExpiresBeforeMs is not null;

    /// <summary>Whether the oldest come first; not where they are sorted by their end.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>Whether so many fit the search that the eSIMs are walked by time: see <see cref="EsimQueries.PlanAsync"/>.</summary>
    public bool IsWide { get; init; }
}

/// <summary>Which top-ups a list shows.</summary>
/// <param name="Search">The first or the last digits of an ICCID.</param>
/// <param name="Succeeded">Their outcome; null for either.</param>
/// <param name="IsOpen">Only those after which none of the same eSIM has succeeded.</param>
/// <param name="ErrorCode">Of failed ones: why.</param>
internal sealed record TopUpFilter(string? Search, bool? Succeeded, bool IsOpen, string? ErrorCode)
{
    /// <summary>True for test data, false for live data; null for both.</summary>
    public bool? IsTest { get; init; }
}

/// <summary>A top-up in a list.</summary>
internal sealed record TopUpRow(
    long DeliverySeq,
    bool IsTest,
    string Iccid,
    bool Succeeded,
    string? PackageCode,
    string? PackageName,
    decimal? Amount,
    long? NewExpiryMs,
    string? ErrorCode,
    string? ErrorMessage,
    long? OccurredAtMs
)
{
    /// <summary>When it came here, Unix milliseconds.</summary>
    public long? ReceivedAtMs { get; init; }
}

/// <summary>A place in the list of eSIMs: the key of a row.</summary>
internal readonly record struct EsimPosition(long SortAtMs, string Iccid, bool IsTest);

/// <summary>An eSIM in a list.</summary>
internal sealed record EsimRow(
    bool IsTest,
    string Iccid,
    PlanStatus PlanStatus,
    string? PlanStatusRaw,
    ProfileStatus ProfileStatus,
    string? ProfileStatusRaw,
    long? InstalledAtMs,
    string? PackageName,
    string? PackageCode,
    decimal? DataUsedGb,
    decimal? DataTotalGb,
    long? ExpiresAtMs,
    EsimFlags Flags,
    long SortAtMs,
    long? LastEventAtMs
)
{
    /// <summary>When something of it last came here, Unix milliseconds, whenever it had happened.</summary>
    public long? ReceivedAtMs { get; init; }
}

/// <summary>The order of an eSIM.</summary>
public sealed record EsimOrderRow(string? OrderId, string? OrderReference, OrderStatus Status, string? PackageCode, string? PackageName)
{
    /// <summary>The order's id, or its reference where only that is known.</summary>
    public string Name => OrderId ?? OrderReference ?? "";
}

/// <summary>An eSIM with all that belongs to it.</summary>
public sealed record EsimDetail(EsimEntity Esim, EsimOrderRow? Order, IReadOnlyList<TopUpEntity> TopUps, IReadOnlyList<EventRow> Events)
{
    /// <summary>What was sold: by the eSIM's own events, else by its order's.</summary>
    public string? PackageName => Esim.PackageName ?? Order?.PackageName;

    /// <summary>Every step of the profile, latest first: switched on, off, deleted, and on which phone.</summary>
    public IReadOnlyList<EventRow> ProfileSteps =>
        [.. Events.Where(row => row.Type is EventType.EsimInstalled or EventType.EsimProfileUpdated)];

    /// <summary>The top-up that moved the expiry to where it is; null where none did.</summary>
    public TopUpEntity? ExpiryMovedBy =>
        TopUps.FirstOrDefault(topUp => topUp is { Succeeded: true, NewExpiryMs: { } expiry } && expiry == Esim.ExpiresAtMs);

    /// <summary>Whether the usage that was last reported is older than a top-up.</summary>
    public bool IsUsageBeforeTopUp => TopUps.Any(topUp => topUp.Succeeded && topUp.OccurredAtMs > Esim.UsageAsOfMs);
}
