using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>Finds deliveries by what they are about: orders and eSIMs, as staff and customers name them.</summary>
internal static class DeliverySearch
{
    private const int ShortestTerm = 4;
    private const int MostSubjects = 20;
    private const int MostDeliveries = 5000;

    /// <summary>The filter with the deliveries that its search means, where it names orders or eSIMs; else the filter itself.</summary>
    public static async Task<DeliveryFilter> PlanAsync(
        ReadModelDbContext context,
        DeliveryFilter filter,
        CancellationToken cancellationToken
    )
    {
        var typed = filter.Search?.Trim() ?? "";
        if (typed.Length < ShortestTerm || EventTypes.Find(typed) is not null)
        {
            return filter;
        }

        var orders = await OrdersAsync(context, typed, cancellationToken);
        var iccids = await IccidsAsync(context, typed, cancellationToken);
        if (orders.Count == 0 && iccids.Count == 0)
        {
            return filter;
        }

        bool[] environments = filter.IsTest is { } one ? [one] : [false, true];
        var about = await context
            .Events.Where(row => environments.Contains(row.IsTest) && orders.Contains(row.OrderKey!))
            .Select(row => row.DeliverySeq)
            .Union(
                context
                    .EventEsims.Where(row => environments.Contains(row.IsTest) && iccids.Contains(row.Iccid))
                    .Select(row => row.DeliverySeq)
            )
            .OrderByDescending(seq => seq)
            .Take(MostDeliveries)
            .ToListAsync(cancellationToken);
        return filter with { Among = about };
    }

    private static async Task<List<string>> OrdersAsync(ReadModelDbContext context, string typed, CancellationToken cancellationToken)
    {
        var term = SearchKey.Of(typed);
        if (term is null || term.Length < ShortestTerm)
        {
            return [];
        }

        var end = SearchKey.AfterPrefix(term);
        var byId = await context
            .Orders.Where(row => string.Compare(row.OrderIdSearch, term) >= 0 && string.Compare(row.OrderIdSearch, end) < 0)
            .OrderBy(row => row.OrderIdSearch)
            .Select(row => row.OrderKey)
            .Take(MostSubjects)
            .ToListAsync(cancellationToken);
        var byReference = await context
            .Orders.Where(row => string.Compare(row.OrderReferenceSearch, term) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0)
            .OrderBy(row => row.OrderReferenceSearch)
            .Select(row => row.OrderKey)
            .Take(MostSubjects)
            .ToListAsync(cancellationToken);
        var reversed = SearchKey.Reverse(term);
        var reversedEnd = SearchKey.AfterPrefix(reversed);
        var byEndOfId = await context
            .Orders.Where(row => string.Compare(row.OrderIdReversed, reversed) >= 0 && string.Compare(row.OrderIdReversed, reversedEnd) < 0)
            .OrderBy(row => row.OrderIdReversed)
            .Select(row => row.OrderKey)
            .Take(MostSubjects)
            .ToListAsync(cancellationToken);
        var byEndOfReference = await context
            .Orders.Where(row =>
                string.Compare(row.OrderReferenceReversed, reversed) >= 0 && string.Compare(row.OrderReferenceReversed, reversedEnd) < 0
            )
            .OrderBy(row => row.OrderReferenceReversed)
            .Select(row => row.OrderKey)
            .Take(MostSubjects)
            .ToListAsync(cancellationToken);
        return [.. byId.Concat(byReference).Concat(byEndOfId).Concat(byEndOfReference).Distinct(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> IccidsAsync(ReadModelDbContext context, string typed, CancellationToken cancellationToken)
    {
        if (IccidSearch.Term(typed) is not { Length: >= ShortestTerm } term || !term.All(char.IsAsciiDigit))
        {
            return [];
        }

        var byStart = await IccidSearch.ByStart(context, term).Take(MostSubjects).ToListAsync(cancellationToken);
        var byEnd = await IccidSearch.ByEnd(context, term).Take(MostSubjects).ToListAsync(cancellationToken);
        return [.. byStart.Union(byEnd, StringComparer.Ordinal)];
    }
}
