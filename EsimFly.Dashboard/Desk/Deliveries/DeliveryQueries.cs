using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>What the delivery pages show.</summary>
internal sealed class DeliveryQueries(
    AccessGuard guard,
    IDbContextFactory<ReadModelDbContext> contexts,
    IDbContextFactory<LogDbContext> logs,
    LogEntries entries,
    WaitingDeliveries waiting,
    DeliveryEffects effects
)
{
    private static readonly Keyset<DeliveryEntity, DeliveryPosition> ByNumber = new Keyset<DeliveryEntity, DeliveryPosition>().By(
        static row => row.Seq,
        static place => place.Seq
    );

    private static readonly Keyset<DeliveryEntity, DeliveryPosition> ByTime = new Keyset<DeliveryEntity, DeliveryPosition>()
        .By(static row => row.ReceivedAtMs, static place => place.ReceivedAtMs)
        .By(static row => row.Seq, static place => place.Seq);

    private const int MaxArrivals = 200;
    private const int MaxRelated = 12;
    private const int MaxIccids = 50;

    /// <summary>What a delivery changed; empty where nothing of it was folded.</summary>
    public async Task<IReadOnlyList<DeliveryEffect>> EffectsAsync(ClaimsPrincipal who, long seq, CancellationToken cancellationToken)
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        var all = await effects.OfAsync(seq, cancellationToken);
        return isViewer
            ? [.. all.Select(static effect => effect with { Fields = [.. effect.Fields.Select(static change => change.ForViewers())] })]
            : all;
    }

    /// <summary>A page of deliveries, latest first.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="filter">Which deliveries.</param>
    /// <param name="after">The place of the last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<DeliveryRow>> ListAsync(
        ClaimsPrincipal who,
        DeliveryFilter filter,
        DeliveryPosition? after,
        int size,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        var beyond = await WaitingAsync(filter, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        filter = await DeliverySearch.PlanAsync(context, filter, cancellationToken);
        var rows = await Rows(
                context,
                (filter.IsByTime ? ByTime : ByNumber).From(Fitting(context, filter), after, filter.IsOldestFirst).Take(size + 1)
            )
            .ToListAsync(cancellationToken);
        if (beyond.Count > 0)
        {
            var both = rows.Concat(
                    beyond.Where(row => after is not { } last || (filter.IsOldestFirst ? row.Seq > last.Seq : row.Seq < last.Seq))
                )
                .DistinctBy(row => row.Seq);
            rows = [.. (filter.IsOldestFirst ? both.OrderBy(row => row.Seq) : both.OrderByDescending(row => row.Seq)).Take(size + 1)];
        }

        return PageOf<DeliveryRow>.Of(rows, size);
    }

    // Those that are in the log and not yet in the desk; read before the desk, so that none falls between the two.
    private async Task<IReadOnlyList<DeliveryRow>> WaitingAsync(DeliveryFilter filter, CancellationToken cancellationToken)
    {
        if (filter.State is not (null or DeliveryState.Pending))
        {
            return [];
        }

        var term = filter.Search?.Trim();
        var id = string.IsNullOrEmpty(term) ? null : DeliveryIdText.Read(term);
        return
        [
            .. (await waiting.ReadAsync(cancellationToken))
                .Where(row => filter.IsTest is null || row.IsTest == filter.IsTest)
                .Where(row => !(row.ReceivedAtMs < filter.Days.SinceMs) && !(row.ReceivedAtMs >= filter.Days.UntilMs))
                .Where(row =>
                    string.IsNullOrEmpty(filter.EventName) || string.Equals(row.EventName, filter.EventName, StringComparison.Ordinal)
                )
                .Where(row =>
                    id is null
                    || string.Equals(row.EventName, term, StringComparison.Ordinal)
                    || row.DeliveryId?.StartsWith(id, StringComparison.OrdinalIgnoreCase) == true
                )
                .Select(row => new DeliveryRow(
                    row.Seq,
                    row.IsTest,
                    row.DeliveryId,
                    row.EventName,
                    row.Contract,
                    row.SignedForm,
                    row.State,
                    row.Arrivals,
                    row.Flags,
                    row.Error,
                    row.ReceivedAtMs,
                    row.ProcessedAtMs
                )
                {
                    Answer = StatusCodes.Status200OK,
                    LastArrivalAtMs = row.ReceivedAtMs,
                }),
        ];
    }

    /// <summary>Given rows as they are now; those that are gone are left out.</summary>
    public async Task<List<DeliveryRow>> AgainAsync(
        ClaimsPrincipal who,
        IReadOnlyList<DeliveryRow> rows,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var seqs = rows.Select(row => row.Seq).ToList();
        var known = await Rows(context, context.Deliveries.AsNoTracking().Where(row => seqs.Contains(row.Seq)))
            .ToListAsync(cancellationToken);
        return [.. known, .. rows.Where(row => row.State == DeliveryState.Pending && !known.Exists(other => other.Seq == row.Seq))];
    }

    /// <summary>How many deliveries fit.</summary>
    public async Task<long> CountAsync(ClaimsPrincipal who, DeliveryFilter filter, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        filter = await DeliverySearch.PlanAsync(context, filter, cancellationToken);
        return await Fitting(context, filter).LongCountAsync(cancellationToken);
    }

    /// <summary>One delivery; null where there is none.</summary>
    public async Task<DeliveryDetail?> FindAsync(ClaimsPrincipal who, long seq, CancellationToken cancellationToken)
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var waits = await waiting.FindAsync(seq, cancellationToken); // read before the desk, so that it cannot fall between the two
        var row = await context.Deliveries.AsNoTracking().FirstOrDefaultAsync(row => row.Seq == seq, cancellationToken) ?? waits;
        if (row is null)
        {
            return null;
        }

        var entry = await entries.FindAsync(seq, cancellationToken);
        var delivery = new DeliveryFacts(
            row.Seq,
            row.IsTest,
            row.DeliveryId,
            row.EventName,
            row.Contract,
            row.SignedForm,
            row.SecretId,
            row.State,
            row.Tries,
            row.Arrivals,
            row.Flags,
            row.Error,
            row.ReceivedAtMs,
            row.ProcessedAtMs,
            row.BodyBytes,
            entry?.SafeBody(isViewer),
            entry?.SafeHeaders() ?? "{}",
            entry?.HasBody == true
        );
        var arrivals = await context
            .Arrivals.AsNoTracking()
            .Where(row => row.DeliverySeq == seq)
            .OrderByDescending(row => row.Id)
            .Take(MaxArrivals)
            .Select(row => new ArrivalRow(row.Id, row.ReceivedAtMs, row.Status, row.DurationUs, row.Address, row.DeliveryId))
            .ToListAsync(cancellationToken);
        var reported = await EventRows.ReadAsync(context, context.Events.Where(row => row.DeliverySeq == seq), isViewer, cancellationToken);
        var previous = await context
            .Deliveries.Where(row => row.Seq < seq)
            .OrderByDescending(row => row.Seq)
            .Select(row => (long?)row.Seq)
            .FirstOrDefaultAsync(cancellationToken);
        var next = await context
            .Deliveries.Where(row => row.Seq > seq)
            .OrderBy(row => row.Seq)
            .Select(row => (long?)row.Seq)
            .FirstOrDefaultAsync(cancellationToken);
        await using var log = await logs.CreateDbContextAsync(cancellationToken);
        return new DeliveryDetail(delivery, arrivals, reported.FirstOrDefault(), previous, next)
        {
            SecretLabel = await log
                .SigningSecrets.AsNoTracking()
                .Where(row => row.Id == delivery.SecretId)
                .Select(row => row.Label)
                .FirstOrDefaultAsync(cancellationToken),
            FailedTries = await context
                .FailedTries.AsNoTracking()
                .Where(row => row.DeliverySeq == seq)
                .OrderBy(row => row.Id)
                .ToListAsync(cancellationToken),
            Iccids = await context
                .EventEsims.AsNoTracking()
                .Where(row => row.DeliverySeq == seq)
                .OrderBy(row => row.Iccid)
                .Select(row => row.Iccid)
                .Take(MaxIccids)
                .ToListAsync(cancellationToken),
            Related = await RelatedAsync(context, seq, delivery.IsTest, isViewer, cancellationToken),
        };
    }

    // What else speaks of the same order or eSIMs, latest first.
    private static async Task<IReadOnlyList<EventRow>> RelatedAsync(
        ReadModelDbContext context,
        long seq,
        bool isTest,
        bool isViewer,
        CancellationToken cancellationToken
    )
    {
        var key = await context
            .Events.AsNoTracking()
            .Where(row => row.DeliverySeq == seq)
            .Select(row => row.OrderKey)
            .FirstOrDefaultAsync(cancellationToken);
        var iccids = await context
            .EventEsims.AsNoTracking()
            .Where(row => row.DeliverySeq == seq)
            .Select(row => row.Iccid)
            .OrderBy(iccid => iccid)
            .Take(MaxRelated)
            .ToListAsync(cancellationToken);
        var ofOrder = key is null
            ? []
            : await EventRows.ReadAsync(
                context,
                context
                    .Events.Where(row => row.IsTest == isTest && row.OrderKey == key && row.DeliverySeq != seq)
                    .OrderByDescending(row => row.DeliverySeq)
                    .Take(MaxRelated),
                isViewer,
                cancellationToken
            );
        var seqs = await context
            .EventEsims.AsNoTracking()
            .Where(row => row.IsTest == isTest && iccids.Contains(row.Iccid) && row.DeliverySeq != seq)
            .Select(row => row.DeliverySeq)
            .Distinct()
            .OrderByDescending(other => other)
            .Take(MaxRelated)
            .ToListAsync(cancellationToken);
        var ofEsims = await EventRows.ReadAsync(
            context,
            context.Events.Where(row => seqs.Contains(row.DeliverySeq)),
            isViewer,
            cancellationToken
        );
        return [.. EventRows.InOrder(ofOrder.Concat(ofEsims).DistinctBy(row => row.DeliverySeq)).Take(MaxRelated)];
    }

    private static IQueryable<DeliveryEntity> Fitting(ReadModelDbContext context, DeliveryFilter filter)
    {
        var deliveries = context.Deliveries.AsNoTracking();
        if (filter.State is { } state)
        {
            deliveries =
                state == DeliveryState.Processed
                    ? deliveries.Where(row => row.State == DeliveryState.Processed)
                    : deliveries.Where(row => row.State != DeliveryState.Processed && row.State == state); // the condition of their index
        }

        if (filter.Among is { } among)
        {
            deliveries = deliveries.Where(row => among.Contains(row.Seq));
        }
        else if (filter.Search?.Trim() is { Length: > 0 } term)
        {
            if (EventTypes.Find(term) is not null || term.Contains('.', StringComparison.Ordinal))
            {
                deliveries = WithEvent(deliveries, term, filter.IsTest);
            }
            else
            {
                var id = DeliveryIdText.Read(term);
                var end = SearchKey.AfterPrefix(id);
                bool[] environments = [false, true]; // this index begins with the environment
                var typedEnd = SearchKey.AfterPrefix(term); // not every id is a UUID
                deliveries = deliveries.Where(row =>
                    environments.Contains(row.IsTest)
                    && (
                        (string.Compare(row.DeliveryId, id) >= 0 && string.Compare(row.DeliveryId, end) < 0)
                        || (string.Compare(row.DeliveryId, term) >= 0 && string.Compare(row.DeliveryId, typedEnd) < 0)
                    )
                );
            }
        }

        if (filter.Days.SinceMs is { } since)
        {
            deliveries = deliveries.Where(row => row.ReceivedAtMs >= since);
        }

        if (filter.Days.UntilMs is { } until)
        {
            deliveries = deliveries.Where(row => row.ReceivedAtMs < until);
        }

        if (filter.EventName is { Length: > 0 } eventName)
        {
            deliveries = WithEvent(deliveries, eventName, filter.IsTest);
        }

        return deliveries.Within(filter.IsTest);
    }

    // Of test data, of which there may be none, its own index is searched: a name that is joined to nothing keeps the one of the names out.
    private static IQueryable<DeliveryEntity> WithEvent(IQueryable<DeliveryEntity> deliveries, string name, bool? isTest) =>
        isTest is true ? deliveries.Where(row => row.EventName + "" == name) : deliveries.Where(row => row.EventName == name);

    private static IQueryable<DeliveryRow> Rows(ReadModelDbContext context, IQueryable<DeliveryEntity> deliveries) =>
        deliveries.Select(row => new DeliveryRow(
            row.Seq,
            row.IsTest,
            row.DeliveryId,
            row.EventName,
            row.Contract,
            row.SignedForm,
            row.State,
            row.Arrivals,
            row.Flags,
            row.Error,
            row.ReceivedAtMs,
            row.ProcessedAtMs
        )
        {
            Answer = context
                .Arrivals.Where(arrival => arrival.DeliverySeq == row.Seq)
                .OrderByDescending(arrival => arrival.Id)
                .Select(arrival => (int?)arrival.Status)
                .FirstOrDefault(),
            AnswerUs = context
                .Arrivals.Where(arrival => arrival.DeliverySeq == row.Seq)
                .OrderByDescending(arrival => arrival.Id)
                .Select(arrival => arrival.DurationUs)
                .FirstOrDefault(),
            LastArrivalAtMs = context
                .Arrivals.Where(arrival => arrival.DeliverySeq == row.Seq)
                .OrderByDescending(arrival => arrival.Id)
                .Select(arrival => (long?)arrival.ReceivedAtMs)
                .FirstOrDefault(),
            OrderName = context
                .Events.Where(reported => reported.DeliverySeq == row.Seq)
                .Select(reported => reported.OrderId ?? reported.OrderReference)
                .FirstOrDefault(),
            Iccid = context.EventEsims.Where(reported => reported.DeliverySeq == row.Seq).Min(reported => reported.Iccid),
        });
}
