using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Search;

/// <summary>
/// Finds what a caller reads out: an ICCID or its last digits, an order's id or reference, a delivery's id or number. Spaces and dashes do
/// not matter.
/// </summary>
internal sealed class SearchQueries(AccessGuard guard, IDbContextFactory<DeskDbContext> contexts, WaitingDeliveries waiting)
{
    /// <summary>So many digits of an ICCID must be known.</summary>
    public const int FewestDigits = 4;

    private const int MaxEach = 5;

    /// <summary>What fits, in groups; within each what fits whole comes first, then the latest.</summary>
    public async Task<IReadOnlyList<SearchGroup>> FindAsync(ClaimsPrincipal who, string? text, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        if (SearchKey.Of(text) is not { Length: > 0 } term)
        {
            return [];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        SearchGroup[] groups =
        [
            new("eSIMs", await EsimsAsync(context, IccidSearch.Term(text) ?? term, cancellationToken)),
            new("Orders", await OrdersAsync(context, term, cancellationToken)),
            new("Deliveries", await DeliveriesAsync(context, text!.Trim(), cancellationToken)),
        ];
        return [.. groups.Where(group => group.Hits.Count > 0)];
    }

    private static async Task<IReadOnlyList<SearchHit>> EsimsAsync(DeskDbContext context, string term, CancellationToken cancellationToken)
    {
        if (term.Length < FewestDigits || !term.All(char.IsAsciiDigit))
        {
            return [];
        }

        var (end, reversed) = (SearchKey.AfterPrefix(term), SearchKey.Reverse(term));
        var reversedEnd = SearchKey.AfterPrefix(reversed);
        var byEnd = context
            .Esims.AsNoTracking()
            .Where(row => string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, reversedEnd) < 0)
            .OrderBy(row => row.IccidReversed)
            .Take(100); // in the order of the index: however many fit
        var byStart = context
            .Esims.AsNoTracking()
            .Where(row => string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0)
            .OrderBy(row => row.Iccid)
            .Take(100);
        var rows = (await Rows(byEnd).ToListAsync(cancellationToken))
            .Concat(await Rows(byStart).ToListAsync(cancellationToken))
            .DistinctBy(row => (row.Iccid, row.IsTest))
            .OrderByDescending(row => string.Equals(row.Iccid, term, StringComparison.Ordinal))
            .ThenByDescending(row => row.LastEventAtMs);
        return
        [
            .. rows.Take(MaxEach)
                .Select(row => new SearchHit(
                    Links.Esim(row.Iccid, row.IsTest),
                    row.Iccid,
                    row.PackageName ?? "",
                    StatusLooks.Of(row.PlanStatus, row.PlanStatusRaw),
                    row.IsTest
                )),
        ];

        static IQueryable<EsimFound> Rows(IQueryable<EsimEntity> esims) =>
            esims.Select(row => new EsimFound(
                row.Iccid,
                row.IsTest,
                row.PackageName,
                row.PlanStatus,
                row.PlanStatusRaw,
                row.LastEventAtMs
            ));
    }

    private static async Task<IReadOnlyList<SearchHit>> OrdersAsync(DeskDbContext context, string term, CancellationToken cancellationToken)
    {
        string[] starts = [.. new[] { term, SearchKey.OrderIdStart(term) }.Distinct(StringComparer.Ordinal)];
        var found = new List<OrderFound>();
        foreach (var start in starts)
        {
            var end = SearchKey.AfterPrefix(start);
            found.AddRange(
                await Rows(
                        context
                            .Orders.AsNoTracking()
                            .Where(row => string.Compare(row.OrderIdSearch, start) >= 0 && string.Compare(row.OrderIdSearch, end) < 0)
                            .OrderBy(row => row.OrderIdSearch)
                            .Take(100)
                    )
                    .ToListAsync(cancellationToken)
            );
            found.AddRange(
                await Rows(
                        context
                            .Orders.AsNoTracking()
                            .Where(row =>
                                string.Compare(row.OrderReferenceSearch, start) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0
                            )
                            .OrderBy(row => row.OrderReferenceSearch)
                            .Take(100)
                    )
                    .ToListAsync(cancellationToken)
            );
        }

        // By what follows a first reference: there are few.
        found.AddRange(
            await Rows(
                    context
                        .Orders.AsNoTracking()
                        .Where(row => row.OtherReferencesSearch != null && row.OtherReferencesSearch.Contains(" " + term))
                        .OrderBy(row => row.OtherReferencesSearch)
                        .Take(100)
                )
                .ToListAsync(cancellationToken)
        );
        return
        [
            .. found
                .DistinctBy(row => (row.OrderKey, row.IsTest))
                .OrderByDescending(row =>
                    starts.Contains(row.IdSearch, StringComparer.Ordinal) || starts.Contains(row.ReferenceSearch, StringComparer.Ordinal)
                )
                .ThenByDescending(row => row.SortAtMs)
                .Take(MaxEach)
                .Select(row => new SearchHit(
                    Links.Order(row.OrderId ?? row.Reference ?? "", row.IsTest),
                    row.OrderId ?? row.Reference ?? "",
                    string.Join(" · ", new[] { row.OrderId is null ? null : row.Reference, row.PackageName }.OfType<string>()),
                    StatusLooks.Of(row.Status),
                    row.IsTest
                )),
        ];

        static IQueryable<OrderFound> Rows(IQueryable<OrderEntity> orders) =>
            orders.Select(row => new OrderFound(
                row.OrderKey,
                row.IsTest,
                row.OrderId,
                row.OrderReference,
                row.OrderIdSearch,
                row.OrderReferenceSearch,
                row.PackageName,
                row.Status,
                row.SortAtMs
            ));
    }

    private async Task<IReadOnlyList<SearchHit>> DeliveriesAsync(DeskDbContext context, string text, CancellationToken cancellationToken)
    {
        var id = DeliveryIdText.Read(text);
        var waits = await waiting.ReadAsync(cancellationToken); // read before the desk, so that none falls between the two
        var found = new List<DeliveryFound>();
        if (long.TryParse(text.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
        {
            found.AddRange(await Rows(context.Deliveries.AsNoTracking().Where(row => row.Seq == seq)).ToListAsync(cancellationToken));
        }

        // Not every id is a UUID.
        foreach (var start in new[] { id, text }.Distinct(StringComparer.Ordinal).Where(start => start.Length >= FewestDigits))
        {
            var end = SearchKey.AfterPrefix(start);
            foreach (var isTest in new[] { false, true })
            {
                found.AddRange(
                    await Rows(
                            context
                                .Deliveries.AsNoTracking()
                                .Where(row =>
                                    row.IsTest == isTest
                                    && string.Compare(row.DeliveryId, start) >= 0
                                    && string.Compare(row.DeliveryId, end) < 0
                                )
                                .OrderBy(row => row.DeliveryId)
                                .Take(MaxEach)
                        )
                        .ToListAsync(cancellationToken)
                );
            }
        }

        found.AddRange(
            waits
                .Where(row =>
                    row.Seq == seq
                    || (id.Length >= FewestDigits && row.DeliveryId?.StartsWith(id, StringComparison.OrdinalIgnoreCase) == true)
                )
                .Select(row => new DeliveryFound(row.Seq, row.IsTest, row.EventName, row.DeliveryId, row.State))
        );
        return
        [
            .. found
                .DistinctBy(row => row.Seq)
                .Take(MaxEach)
                .Select(row => new SearchHit(
                    Links.Delivery(row.Seq),
                    $"No. {row.Seq}",
                    string.Join(
                        " · ",
                        new[]
                        {
                            EventTypes.Find(row.EventName) is { } type ? EventLooks.Of(type).Word : row.EventName,
                            row.DeliveryId,
                        }.OfType<string>()
                    ),
                    StatusLooks.Of(row.State),
                    row.IsTest
                )),
        ];

        static IQueryable<DeliveryFound> Rows(IQueryable<DeliveryEntity> deliveries) =>
            deliveries.Select(row => new DeliveryFound(row.Seq, row.IsTest, row.EventName, row.DeliveryId, row.State));
    }

    private sealed record EsimFound(
        string Iccid,
        bool IsTest,
        string? PackageName,
        PlanStatus PlanStatus,
        string? PlanStatusRaw,
        long? LastEventAtMs
    );

    private sealed record OrderFound(
        string OrderKey,
        bool IsTest,
        string? OrderId,
        string? Reference,
        string? IdSearch,
        string? ReferenceSearch,
        string? PackageName,
        OrderStatus Status,
        long SortAtMs
    );

    private sealed record DeliveryFound(long Seq, bool IsTest, string? EventName, string? DeliveryId, DeliveryState State);
}

/// <summary>Things of one kind that were found.</summary>
internal sealed record SearchGroup(string Name, IReadOnlyList<SearchHit> Hits);

/// <summary>Something that was found.</summary>
/// <param name="Href">Its page.</param>
/// <param name="Name">What it is known by.</param>
/// <param name="Detail">More about it.</param>
/// <param name="Look">Its state; null where none is shown.</param>
/// <param name="IsTest">Whether it is test data.</param>
internal sealed record SearchHit(string Href, string Name, string Detail, StatusLook? Look, bool IsTest);
