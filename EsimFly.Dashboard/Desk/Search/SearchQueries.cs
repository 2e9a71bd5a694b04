using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Customers;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Search;

/// <summary>
/// Finds what a caller reads out or staff paste: an ICCID, EID or IMSI or its last digits, an order's id or reference or its end, a
/// delivery's id or number, a package; and the desk's pages. Spaces, dashes and labels do not matter.
/// </summary>
internal sealed class SearchQueries(
    AccessGuard guard,
    IDbContextFactory<ReadModelDbContext> contexts,
    WaitingDeliveries waiting,
    PackageQueries packages,
    CaseActions cases,
    CustomerActions customers,
    SearchCommands commands
)
{
    /// <summary>So many digits of an ICCID must be known.</summary>
    public const int FewestDigits = 4;

    /// <summary>So many of a kind are shown; all of them, up to <see cref="MostOfAKind"/>, on request.</summary>
    public const int MaxEach = 5;

    /// <summary>So many of a kind are shown at most.</summary>
    public const int MostOfAKind = 100;

    private const int MostLookedAt = 100;
    private const int FewestLetters = 3;

    /// <summary>What fits, in groups; within each what fits whole comes first, then the latest.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="text">What was typed or pasted.</param>
    /// <param name="all">The group of which all are wanted; null for some of each.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<SearchGroup>> FindAsync(
        ClaimsPrincipal who,
        string? text,
        string? all,
        CancellationToken cancellationToken
    )
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        var pages = await commands.FindAsync(who, text);
        var ofCustomers = await CustomersAsync(who, text ?? "", cancellationToken);
        if (SearchKey.Of(SearchText.WithoutLabel(text)) is not { Length: > 0 } term)
        {
            return pages.Count == 0 ? [] : [new("Pages", pages, HasMore: false)];
        }

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        SearchGroup[] groups =
        [
            new("Customers", ofCustomers, HasMore: false),
            Group("eSIMs", await EsimsAsync(context, IccidSearch.Term(text) ?? term, isViewer, MostOf("eSIMs"), cancellationToken)),
            Group("Orders", await OrdersAsync(context, term, MostOf("Orders"), cancellationToken)),
            Group("Deliveries", await DeliveriesAsync(context, SearchText.WithoutLabel(text)!, MostOf("Deliveries"), cancellationToken)),
            Group("Packages", await PackagesAsync(who, text!, MostOf("Packages"), cancellationToken)),
            Group("Notes", await NotesAsync(who, text!, MostOf("Notes"), cancellationToken)),
            new("Pages", pages, HasMore: false),
        ];
        return
        [
            .. groups.Where(group => group.Hits.Count > 0 && (all is null || string.Equals(group.Name, all, StringComparison.Ordinal))),
        ];

        // One more than is shown, to see whether there are more.
        int MostOf(string name) => string.Equals(name, all, StringComparison.Ordinal) ? MostOfAKind : MaxEach + 1;

        SearchGroup Group(string name, IReadOnlyList<SearchHit> hits) =>
            hits.Count < MostOf(name) || string.Equals(name, all, StringComparison.Ordinal)
                ? new(name, hits, HasMore: false)
                : new(name, [.. hits.Take(MaxEach)], HasMore: true);
    }

    private static async Task<IReadOnlyList<SearchHit>> EsimsAsync(
        ReadModelDbContext context,
        string term,
        bool isViewer,
        int most,
        CancellationToken cancellationToken
    )
    {
        if (term.Length < FewestDigits || !term.All(char.IsAsciiDigit))
        {
            return [];
        }

        var (end, reversed) = (SearchKey.AfterPrefix(term), SearchKey.Reverse(term));
        var reversedEnd = SearchKey.AfterPrefix(reversed);
        var esims = context.Esims.AsNoTracking();
        // Viewers see the last digits of what identifies a person, and find it by those or by all of it: digit after digit would tell it.
        var isExact = isViewer && term.Length > Identity.Shown;

        // Each in the order of its index: however many fit.
        IQueryable<EsimEntity>[] ways =
        [
            esims
                .Where(row => string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, reversedEnd) < 0)
                .OrderBy(row => row.IccidReversed),
            esims.Where(row => string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0).OrderBy(row => row.Iccid),
            esims
                .Where(row => string.Compare(row.EidReversed, reversed) >= 0 && string.Compare(row.EidReversed, reversedEnd) < 0)
                .Where(row => !isExact || row.EidReversed == reversed)
                .OrderBy(row => row.EidReversed),
            esims
                .Where(row => string.Compare(row.ImsiReversed, reversed) >= 0 && string.Compare(row.ImsiReversed, reversedEnd) < 0)
                .Where(row => !isExact || row.ImsiReversed == reversed)
                .OrderBy(row => row.ImsiReversed),
        ];
        var found = new List<EsimFound>();
        foreach (var way in ways)
        {
            found.AddRange(
                await way.Take(MostLookedAt)
                    .Select(row => new EsimFound(
                        row.Iccid,
                        row.IsTest,
                        row.PackageName,
                        row.PlanStatus,
                        row.PlanStatusRaw,
                        row.LastEventAtMs
                    ))
                    .ToListAsync(cancellationToken)
            );
        }

        return
        [
            .. found
                .DistinctBy(row => (row.Iccid, row.IsTest))
                .OrderByDescending(row => string.Equals(row.Iccid, term, StringComparison.Ordinal))
                .ThenByDescending(row => row.LastEventAtMs)
                .Take(most)
                .Select(row => new SearchHit(
                    Links.Esim(row.Iccid, row.IsTest),
                    row.Iccid,
                    row.PackageName ?? "",
                    StatusLooks.Of(row.PlanStatus, row.PlanStatusRaw),
                    row.IsTest
                )),
        ];
    }

    private static async Task<IReadOnlyList<SearchHit>> OrdersAsync(
        ReadModelDbContext context,
        string term,
        int most,
        CancellationToken cancellationToken
    )
    {
        string[] starts = [.. new[] { term, SearchKey.OrderIdStart(term) }.Distinct(StringComparer.Ordinal)];
        var orders = context.Orders.AsNoTracking();
        var ways = new List<IQueryable<OrderEntity>>();
        foreach (var start in starts)
        {
            var end = SearchKey.AfterPrefix(start);
            ways.Add(
                orders
                    .Where(row => string.Compare(row.OrderIdSearch, start) >= 0 && string.Compare(row.OrderIdSearch, end) < 0)
                    .OrderBy(row => row.OrderIdSearch)
            );
            ways.Add(
                orders
                    .Where(row => string.Compare(row.OrderReferenceSearch, start) >= 0 && string.Compare(row.OrderReferenceSearch, end) < 0)
                    .OrderBy(row => row.OrderReferenceSearch)
            );
        }

        if (term.Length >= FewestDigits)
        {
            // By the end: the last digits, or a reference without its prefix.
            var reversed = SearchKey.Reverse(term);
            var reversedEnd = SearchKey.AfterPrefix(reversed);
            ways.Add(
                orders
                    .Where(row =>
                        string.Compare(row.OrderIdReversed, reversed) >= 0 && string.Compare(row.OrderIdReversed, reversedEnd) < 0
                    )
                    .OrderBy(row => row.OrderIdReversed)
            );
            ways.Add(
                orders
                    .Where(row =>
                        string.Compare(row.OrderReferenceReversed, reversed) >= 0
                        && string.Compare(row.OrderReferenceReversed, reversedEnd) < 0
                    )
                    .OrderBy(row => row.OrderReferenceReversed)
            );
        }

        // By what follows a first reference: there are few.
        ways.Add(
            orders
                .Where(row => row.OtherReferencesSearch != null && row.OtherReferencesSearch.Contains(" " + term))
                .OrderBy(row => row.OtherReferencesSearch)
        );
        var found = new List<OrderFound>();
        foreach (var way in ways)
        {
            found.AddRange(
                await way.Take(MostLookedAt)
                    .Select(row => new OrderFound(
                        row.OrderKey,
                        row.IsTest,
                        row.OrderId,
                        row.OrderReference,
                        row.OrderIdSearch,
                        row.OrderReferenceSearch,
                        row.PackageName,
                        row.Status,
                        row.SortAtMs
                    ))
                    .ToListAsync(cancellationToken)
            );
        }

        return
        [
            .. found
                .DistinctBy(row => (row.OrderKey, row.IsTest))
                .OrderByDescending(row =>
                    starts.Contains(row.IdSearch, StringComparer.Ordinal) || starts.Contains(row.ReferenceSearch, StringComparer.Ordinal)
                )
                .ThenByDescending(row => row.SortAtMs)
                .Take(most)
                .Select(row => new SearchHit(
                    Links.Order(row.OrderId ?? row.Reference ?? "", row.IsTest),
                    row.OrderId ?? row.Reference ?? "",
                    string.Join(" · ", new[] { row.OrderId is null ? null : row.Reference, row.PackageName }.OfType<string>()),
                    StatusLooks.Of(row.Status),
                    row.IsTest
                )),
        ];
    }

    private async Task<IReadOnlyList<SearchHit>> CustomersAsync(ClaimsPrincipal who, string text, CancellationToken cancellationToken) =>
        [
            .. (await customers.SearchAsync(who, text, cancellationToken)).Select(hit => new SearchHit(
                Links.Order(hit.Order, hit.IsTest),
                hit.Order,
                string.Join(" · ", new[] { hit.Customer.Name, hit.Customer.Email, hit.Customer.ShopOrder }.OfType<string>()),
                Look: null,
                hit.IsTest
            )),
        ];

    private async Task<IReadOnlyList<SearchHit>> NotesAsync(
        ClaimsPrincipal who,
        string text,
        int most,
        CancellationToken cancellationToken
    ) =>
        text.Trim().Length < FewestLetters
            ? []
            :
            [
                .. (await cases.SearchAsync(who, text.Trim(), most, cancellationToken)).Select(note => new SearchHit(
                    CaseLinks.Href(note.Subject),
                    CaseActions.Name(note.Subject),
                    $"{note.Author}: {note.Text}",
                    Look: null,
                    note.Subject.IsTest
                )),
            ];

    private async Task<IReadOnlyList<SearchHit>> PackagesAsync(
        ClaimsPrincipal who,
        string text,
        int most,
        CancellationToken cancellationToken
    ) =>
        text.Trim().Length < FewestLetters
            ? []
            :
            [
                .. (await packages.AllAsync(who, cancellationToken))
                    .Where(name => name.Contains(text.Trim(), StringComparison.OrdinalIgnoreCase))
                    .Take(most)
                    .Select(name => new SearchHit(
                        "/orders?package=" + Uri.EscapeDataString(name),
                        name,
                        "its orders",
                        Look: null,
                        IsTest: false
                    )),
            ];

    private async Task<IReadOnlyList<SearchHit>> DeliveriesAsync(
        ReadModelDbContext context,
        string text,
        int most,
        CancellationToken cancellationToken
    )
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
                                .Take(most)
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
                .Take(most)
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
/// <param name="Name">The kind.</param>
/// <param name="Hits">The things.</param>
/// <param name="HasMore">Whether there are more than these.</param>
internal sealed record SearchGroup(string Name, IReadOnlyList<SearchHit> Hits, bool HasMore);

/// <summary>Something that was found.</summary>
/// <param name="Href">Its page.</param>
/// <param name="Name">What it is known by.</param>
/// <param name="Detail">More about it.</param>
/// <param name="Look">Its state; null where none is shown.</param>
/// <param name="IsTest">Whether it is test data.</param>
internal sealed record SearchHit(string Href, string Name, string Detail, StatusLook? Look, bool IsTest);
