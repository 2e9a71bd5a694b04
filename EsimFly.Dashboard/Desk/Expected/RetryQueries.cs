using System.Security.Claims;
using System.Text.Json;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Expected;

/// <summary>
/// The deliveries that eSIMfly has reason to send again: those refused, put together from the bounded log of refused requests,
/// and those answered too late, from their arrivals.
/// </summary>
internal sealed class RetryQueries(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts, IDbContextFactory<LogDbContext> logs)
{
    // Longer than either schedule, so that yesterday's trouble can still be looked at.
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private const int MostArrivals = 1000;

    /// <summary>What a request is refused for that is no failure of a delivery of eSIMfly's: somebody else's, or a browser's.</summary>
    private static readonly string[] NoDelivery =
    [
        .. Refusal.All.Where(static refusal => refusal.Cause == RefusalCause.Stranger).Select(static refusal => refusal.Code),
    ];

    /// <summary>All of the last <see cref="Window"/>, those that came last first.</summary>
    public async Task<IReadOnlyList<RetryRow>> ReadAsync(ClaimsPrincipal who, long nowMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await ReadForAllAsync(nowMs, cancellationToken);
    }

    /// <summary>The same, for a figure that is derived once for all viewers.</summary>
    internal async Task<IReadOnlyList<RetryRow>> ReadForAllAsync(long nowMs, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var sinceMs = nowMs - (long)Window.TotalMilliseconds;
        var refused = await RefusedAsync(row => row.ReceivedAtMs >= sinceMs, cancellationToken);
        var late = await context
            .Arrivals.AsNoTracking()
            // The condition of their index.
            .Where(row => (row.Status != StatusCodes.Status200OK || row.DurationUs > 5_000_000) && row.ReceivedAtMs >= sinceMs)
            .OrderByDescending(row => row.ReceivedAtMs)
            .Take(MostArrivals)
            .Select(row => row.DeliverySeq)
            .ToListAsync(cancellationToken);
        var ids = refused.Select(row => row.DeliveryId).Distinct(StringComparer.Ordinal).ToList();
        bool[] environments = [false, true];
        var kept = await KeptAsync(
            context,
            context.Deliveries.Where(row => late.Contains(row.Seq) || (environments.Contains(row.IsTest) && ids.Contains(row.DeliveryId!))),
            cancellationToken
        );
        return [.. Join(refused, kept, nowMs).OrderByDescending(row => row.LastSeenAtMs)];
    }

    /// <summary>
    /// The story of one delivery that is kept, with the requests of its id that were refused; null where there is no such delivery.
    /// </summary>
    public async Task<RetryRow?> OfDeliveryAsync(ClaimsPrincipal who, long seq, long nowMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await KeptAsync(context, context.Deliveries.Where(row => row.Seq == seq), cancellationToken) is not [var delivery])
        {
            return null;
        }

        var refused = delivery.DeliveryId is { } id ? await RefusedAsync(row => row.DeliveryId == id, cancellationToken) : [];
        return Join([.. refused.Where(row => row.Contract == delivery.Contract)], [delivery], nowMs).FirstOrDefault();
    }

    /// <summary>The story of the delivery that a refused request belongs to by its id; null where it has none.</summary>
    public async Task<RetryRow?> OfRefusedAsync(ClaimsPrincipal who, string? deliveryId, long nowMs, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        if (deliveryId is null)
        {
            return null;
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var refused = await RefusedAsync(row => row.DeliveryId == deliveryId, cancellationToken);
        bool[] environments = [false, true];
        var kept = await KeptAsync(
            context,
            context.Deliveries.Where(row => environments.Contains(row.IsTest) && row.DeliveryId == deliveryId),
            cancellationToken
        );
        return Join(refused, kept, nowMs).FirstOrDefault();
    }

    private static IEnumerable<RetryRow> Join(IReadOnlyList<RefusedRequest> refused, IReadOnlyList<KeptDelivery> kept, long nowMs)
    {
        var refusedById = refused.ToLookup(row => (row.DeliveryId, row.Contract));
        var known = new HashSet<(string, ContractVersion)>();
        foreach (var delivery in kept)
        {
            var mine = delivery.DeliveryId is { } id
                ? refusedById[(id, delivery.Contract)].Where(row => row.IsTest == delivery.IsTest && !IsNotedTwice(row, delivery)).ToList()
                : [];
            if (delivery.DeliveryId is not null)
            {
                known.Add((delivery.DeliveryId, delivery.Contract));
            }

            var last = mine.LastOrDefault();
            yield return new(
                delivery.DeliveryId,
                delivery.Contract,
                delivery.IsTest,
                delivery.EventName,
                delivery.Seq,
                last?.Id,
                last?.Reason,
                delivery.OrderName,
                delivery.Iccid,
                RetryClock.Of(delivery.Contract, [.. mine.Select(row => row.Attempt), .. delivery.Arrivals], nowMs),
                IsVerified: true
            );
        }

        // A known id's other requests are forged, or of the other environment.
        foreach (var group in refusedById.Where(group => !known.Contains(group.Key)))
        {
            var last = group.Last();
            var subject = ClaimedSubject.Read(group.Select(row => row.SafeBody).LastOrDefault(body => body is not null));
            yield return new(
                group.Key.DeliveryId,
                group.Key.Contract,
                last.IsTest,
                last.EventName,
                null,
                last.Id,
                last.Reason,
                subject.OrderName,
                subject.Iccid,
                RetryClock.Of(group.Key.Contract, group.Select(row => row.Attempt), nowMs),
                group.Any(row => row.IsSigned)
            )
            {
                Suppressed = group.Sum(row => row.Suppressed),
            };
        }
    }

    // Answered 503 for want of time and kept after all: the request is in both logs.
    private static bool IsNotedTwice(RefusedRequest refused, KeptDelivery kept) =>
        string.Equals(refused.Reason, Refusal.TooLate.Code, StringComparison.Ordinal)
        && kept.Arrivals.Any(arrival =>
            arrival.Status == StatusCodes.Status503ServiceUnavailable && refused.Attempt.AtMs - arrival.AtMs is >= 0 and <= 6000
        );

    private async Task<List<RefusedRequest>> RefusedAsync(
        System.Linq.Expressions.Expression<Func<RejectedEntity, bool>> which,
        CancellationToken cancellationToken
    )
    {
        await using var context = await logs.CreateDbContextAsync(cancellationToken);
        var rows = await context
            .Rejected.AsNoTracking()
            .Where(which)
            .Where(row => row.DeliveryId != null && !NoDelivery.Contains(row.Reason))
            .OrderBy(row => row.Id)
            .Select(row => new
            {
                row.Id,
                row.ReceivedAtMs,
                row.Status,
                row.Reason,
                row.DeliveryId,
                row.Headers,
                row.SafeBody,
                row.IsTest,
                row.IsSigned,
                row.Suppressed,
            })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(row =>
        {
            var (contract, eventName) = ReadHeaders(row.Headers);
            return new RefusedRequest(
                row.Id,
                row.DeliveryId!,
                contract,
                eventName,
                row.IsTest,
                row.IsSigned,
                row.Suppressed,
                row.Reason,
                row.SafeBody,
                new Attempt(row.ReceivedAtMs, row.Status, null) { RejectedId = row.Id, Reason = row.Reason }
            );
        });
    }

    private static async Task<List<KeptDelivery>> KeptAsync(
        ReadModelDbContext context,
        IQueryable<DeliveryEntity> deliveries,
        CancellationToken cancellationToken
    )
    {
        var rows = await deliveries
            .AsNoTracking()
            .Select(row => new
            {
                row.Seq,
                row.DeliveryId,
                row.Contract,
                row.IsTest,
                row.EventName,
                OrderName = context
                    .Events.Where(reported => reported.DeliverySeq == row.Seq)
                    .Select(reported => reported.OrderId ?? reported.OrderReference)
                    .FirstOrDefault(),
                Iccid = context.EventEsims.Where(reported => reported.DeliverySeq == row.Seq).Min(reported => reported.Iccid),
            })
            .ToListAsync(cancellationToken);
        var seqs = rows.ConvertAll(row => row.Seq);
        var arrivals = (
            await context
                .Arrivals.AsNoTracking()
                .Where(row => seqs.Contains(row.DeliverySeq))
                .Select(row => new
                {
                    row.Id,
                    row.DeliverySeq,
                    row.ReceivedAtMs,
                    row.Status,
                    row.DurationUs,
                })
                .ToListAsync(cancellationToken)
        ).ToLookup(row => row.DeliverySeq, row => new Attempt(row.ReceivedAtMs, row.Status, row.DurationUs) { ArrivalId = row.Id });
        return
        [
            .. rows.Where(row => arrivals.Contains(row.Seq))
                .Select(row => new KeptDelivery(
                    row.Seq,
                    row.DeliveryId,
                    row.Contract,
                    row.IsTest,
                    row.EventName,
                    row.OrderName,
                    row.Iccid,
                    [.. arrivals[row.Seq]]
                )),
        ];
    }

    private static (ContractVersion Contract, string? EventName) ReadHeaders(string headers)
    {
        using var document = JsonDocument.Parse(headers);
        var contract = Find(document, WebhookHeaders.DeliveryId202604) is null ? ContractVersion.V2025_11 : ContractVersion.V2026_04;
        return (contract, Find(document, WebhookHeaders.Event(contract)));
    }

    private static string? Find(JsonDocument headers, string name) =>
        headers
            .RootElement.EnumerateObject()
            .Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(header => header.Value.GetString())
            .FirstOrDefault();

    private sealed record RefusedRequest(
        long Id,
        string DeliveryId,
        ContractVersion Contract,
        string? EventName,
        bool IsTest,
        bool IsSigned,
        int Suppressed,
        string Reason,
        string? SafeBody,
        Attempt Attempt
    );

    private sealed record KeptDelivery(
        long Seq,
        string? DeliveryId,
        ContractVersion Contract,
        bool IsTest,
        string? EventName,
        string? OrderName,
        string? Iccid,
        IReadOnlyList<Attempt> Arrivals
    );
}
