using EsimFly.Dashboard.Components;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Deliveries;

/// <summary>What the delivery pages show.</summary>
internal sealed class DeliveryQueries(IDbContextFactory<DashboardDbContext> contexts)
{
    private const int MaxArrivals = 200;

    /// <summary>A page of deliveries, latest first.</summary>
    /// <param name="filter">Which deliveries.</param>
    /// <param name="after">The number of the last row of the page before; null for the first page.</param>
    /// <param name="size">How many.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<PageOf<DeliveryRow>> ListAsync(DeliveryFilter filter, long? after, int size, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var deliveries = context.Deliveries.AsNoTracking();
        if (filter.State is { } state)
        {
            deliveries = deliveries.Where(row => row.State == state);
        }

        if (filter.Search?.Trim() is { Length: > 0 } term)
        {
            // A UUID may be typed without its dashes, and in capitals.
            var id = Guid.TryParse(term, out var uuid) ? uuid.ToString() : term;
            var end = SearchKey.AfterPrefix(id);
            bool[] worlds = [false, true];
            deliveries = deliveries.Where(row =>
                (worlds.Contains(row.IsTest) && string.Compare(row.DeliveryId, id) >= 0 && string.Compare(row.DeliveryId, end) < 0) || row.EventName == term);
        }

        if (filter.EventName is { Length: > 0 } eventName)
        {
            deliveries = deliveries.Where(row => row.EventName == eventName);
        }

        if (filter.IsTest is { } isTest)
        {
            deliveries = deliveries.Where(row => row.IsTest == isTest);
        }

        if (after is { } seq)
        {
            deliveries = deliveries.Where(row => row.Seq < seq);
        }

        var rows = await deliveries
            .OrderByDescending(row => row.Seq)
            .Take(size + 1)
            .Select(row => new DeliveryRow(
                row.Seq, row.IsTest, row.DeliveryId, row.EventName, row.Contract, row.SignedForm, row.State, row.Arrivals, row.Flags, row.Error, row.ReceivedAtMs,
                row.ProcessedAtMs))
            .ToListAsync(cancellationToken);
        return PageOf<DeliveryRow>.Of(rows, size);
    }

    /// <summary>One delivery; null where there is none.</summary>
    public async Task<DeliveryDetail?> FindAsync(long seq, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var delivery = await context.Deliveries.AsNoTracking()
            .Where(row => row.Seq == seq)
            .Select(row => new DeliveryFacts(
                row.Seq, row.IsTest, row.DeliveryId, row.EventName, row.Contract, row.SignedForm, row.SecretId, row.State, row.Tries, row.Arrivals, row.Flags,
                row.Error, row.ReceivedAtMs, row.ProcessedAtMs, row.BodyBytes, row.SafeBody, row.Headers))
            .FirstOrDefaultAsync(cancellationToken);
        if (delivery is null)
        {
            return null;
        }

        var arrivals = await context.Arrivals.AsNoTracking()
            .Where(row => row.DeliverySeq == seq)
            .OrderByDescending(row => row.Id)
            .Take(MaxArrivals)
            .Select(row => new ArrivalRow(row.Id, row.ReceivedAtMs, row.Status, row.DurationUs, row.Address, row.DeliveryId))
            .ToListAsync(cancellationToken);
        var said = await context.Events.AsNoTracking().Where(row => row.DeliverySeq == seq).Select(EventRow.From(context)).FirstOrDefaultAsync(cancellationToken);
        return new DeliveryDetail(delivery, arrivals, said);
    }

    /// <summary>How real deliveries have fared since an instant (Unix milliseconds).</summary>
    public async Task<DeliveryStats> StatsAsync(long sinceMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var recent = context.Deliveries.AsNoTracking().Where(row => row.ReceivedAtMs >= sinceMs && !row.IsTest);
        var byState = await recent.GroupBy(row => row.State)
            .Select(group => new { State = group.Key, Count = group.LongCount(), Arrivals = group.Sum(row => (long)row.Arrivals) })
            .ToListAsync(cancellationToken);
        var times = await recent.Where(row => row.State == DeliveryState.Processed && row.ProcessedAtMs != null)
            .Select(row => row.ProcessedAtMs!.Value - row.ReceivedAtMs)
            .ToListAsync(cancellationToken);
        var rejected = await context.Rejected.Where(row => row.ReceivedAtMs >= sinceMs).SumAsync(row => 1L + row.Suppressed, cancellationToken);
        var waiting = context.Deliveries.Where(row => (row.State == DeliveryState.Pending || row.State == DeliveryState.Failed) && !row.IsTest);
        var received = byState.Sum(group => group.Count);
        return new DeliveryStats(
            received, CountOf(DeliveryState.Processed), CountOf(DeliveryState.Failed), CountOf(DeliveryState.Quarantined), CountOf(DeliveryState.Dead),
            byState.Sum(group => group.Arrivals) - received, rejected, new ProcessTimes(times),
            await waiting.LongCountAsync(cancellationToken), await waiting.MinAsync(row => (long?)row.ReceivedAtMs, cancellationToken));

        long CountOf(DeliveryState state) => byState.Find(group => group.State == state)?.Count ?? 0;
    }

    /// <summary>The requests that did not become deliveries, latest first.</summary>
    public async Task<IReadOnlyList<RejectedRow>> RejectedAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Rejected.AsNoTracking()
            .OrderByDescending(row => row.Id)
            .Select(row => new RejectedRow(row.Id, row.ReceivedAtMs, row.Status, row.Reason, row.Address, row.DeliveryId, row.Suppressed, row.Headers, row.SafeBody))
            .ToListAsync(cancellationToken);
    }
}

/// <summary>Which deliveries a list shows.</summary>
internal sealed record DeliveryFilter(string? Search, DeliveryState? State, string? EventName = null, bool? IsTest = null);

/// <summary>A delivery in a list.</summary>
internal sealed record DeliveryRow(
    long Seq, bool IsTest, string? DeliveryId, string? EventName, ContractVersion Contract, SignedForm SignedForm, DeliveryState State, int Arrivals, DeliveryFlags Flags,
    string? Error, long ReceivedAtMs, long? ProcessedAtMs);

/// <summary>A delivery as its page shows it.</summary>
internal sealed record DeliveryFacts(
    long Seq, bool IsTest, string? DeliveryId, string? EventName, ContractVersion Contract, SignedForm SignedForm, int SecretId, DeliveryState State, int Tries,
    int Arrivals, DeliveryFlags Flags, string? Error, long ReceivedAtMs, long? ProcessedAtMs, int BodyBytes, string? SafeBody, string Headers)
{
    /// <summary>The same as a list has it.</summary>
    public DeliveryRow ToRow() => new(Seq, IsTest, DeliveryId, EventName, Contract, SignedForm, State, Arrivals, Flags, Error, ReceivedAtMs, ProcessedAtMs);
}

/// <summary>A request that brought a delivery.</summary>
internal sealed record ArrivalRow(long Id, long ReceivedAtMs, int Status, long? DurationUs, string? Address, string? DeliveryId);

/// <summary>A delivery with all that belongs to it.</summary>
internal sealed record DeliveryDetail(DeliveryFacts Delivery, IReadOnlyList<ArrivalRow> Arrivals, EventRow? Event);

/// <summary>A request that did not become a delivery.</summary>
internal sealed record RejectedRow(
    long Id, long ReceivedAtMs, int Status, string Reason, string? Address, string? DeliveryId, int Suppressed, string Headers, string? SafeBody);
