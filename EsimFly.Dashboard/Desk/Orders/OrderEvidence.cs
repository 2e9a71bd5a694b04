using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Cases;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>Writes the evidence for an order.</summary>
internal sealed class OrderEvidence(
    Evidence evidence,
    OrderQueries queries,
    IOptions<WholesaleOptions> options,
    CaseActions cases,
    TimeProvider time
)
{
    /// <summary>Writes it for an order that is looked up; null where there is none.</summary>
    public async Task<string?> WriteAsync(ClaimsPrincipal who, string key, bool isTest, CancellationToken cancellationToken) =>
        await queries.FindAsync(who, key, isTest, cancellationToken) is { } detail
            ? await WriteAsync(who, detail, cancellationToken)
            : null;

    /// <summary>Writes it for an order that is known.</summary>
    internal async Task<string> WriteAsync(ClaimsPrincipal who, OrderDetail detail, CancellationToken cancellationToken)
    {
        var order = detail.Order;
        (string Name, string? Value)[] facts =
        [
            ("Order id", order.OrderId),
            ("Order reference", order.OrderReference),
            ("State", StatusLooks.Of(order.Status).Word),
            ("Package", string.Join(' ', new[] { order.PackageName, order.PackageCode }.OfType<string>())),
            ("Quantity", order.Quantity?.ToString(CultureInfo.InvariantCulture)),
            ("Amount", order.Amount is null ? null : Money.Show(order.Amount, order.Currency ?? options.Value.Currency)),
            ("Error", order.ErrorCode),
            (
                "State from",
                order.Flags.HasFlag(OrderFlags.FromApi) && order.ObservedAtMs is { } askedAtMs
                    ? $"eSIMfly's API, {ViewerClock.Utc(askedAtMs)}"
                    : null
            ),
            ("ICCIDs", detail.Esims.Count == 0 ? null : string.Join(", ", detail.Esims.Select(esim => esim.Iccid))),
            ("Asked first", FirstLine.Describe((await cases.ReadAsync(who, CaseSubject.Of(order), cancellationToken)).Answers)),
            ("Environment", order.IsTest ? "TEST" : null),
        ];
        return await evidence.WriteAsync(
            who,
            $"order {order.OrderId ?? order.OrderReference}",
            facts,
            OrderVerdict.Of(order, detail.Events, detail.Thresholds, time.GetUtcNow().ToUnixTimeMilliseconds()),
            detail.Events,
            unread: null,
            cancellationToken
        );
    }
}
