using System.Text.Json;
using EsimFly.Dashboard.Components.Tables;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>Which refused requests a list shows.</summary>
/// <param name="Search">
/// An order's id or reference or the beginning of one, digits of an ICCID, the beginning of a delivery id, or a sender's address.
/// </param>
/// <param name="Reason">Why they were refused, as a code.</param>
/// <param name="EventName">The event that they claim.</param>
/// <param name="IsTest">True for test data, false for live data; null for both.</param>
internal sealed record RejectedFilter(string? Search, string? Reason, string? EventName, bool? IsTest)
{
    /// <summary>Came on these days.</summary>
    public DayRange Days { get; init; }

    /// <summary>Whether the oldest come first.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>Whether a request fits.</summary>
    public bool Fits(RejectedRow row) =>
        (IsTest is null || row.IsTest == IsTest)
        && (string.IsNullOrEmpty(Reason) || string.Equals(row.Reason, Reason, StringComparison.Ordinal))
        && (string.IsNullOrEmpty(EventName) || string.Equals(row.EventName, EventName, StringComparison.Ordinal))
        && !(row.ReceivedAtMs < Days.SinceMs)
        && !(row.ReceivedAtMs >= Days.UntilMs)
        && (SearchKey.Of(Search) is not { Length: > 0 } term || IsFound(row, term));

    private bool IsFound(RejectedRow row, string term)
    {
        var digits = IccidSearch.Term(Search) ?? term;
        return Begins(row.Claim.OrderName, term)
            || Begins(row.Claim.Reference, term)
            || Begins(row.DeliveryId, term)
            || Begins(row.Address, term)
            || (
                row.Claim.Iccid is { } iccid
                && (iccid.StartsWith(digits, StringComparison.Ordinal) || iccid.EndsWith(digits, StringComparison.Ordinal))
            );
    }

    private static bool Begins(string? id, string term) => SearchKey.Of(id)?.StartsWith(term, StringComparison.Ordinal) == true;
}

/// <summary>A request that did not become a delivery.</summary>
internal sealed record RejectedRow(
    long Id,
    long ReceivedAtMs,
    int Status,
    string Reason,
    string? Address,
    string? DeliveryId,
    int Suppressed,
    string Headers,
    string? SafeBody,
    bool IsTest,
    bool CanBeVerified
)
{
    /// <summary>What its body says that it is about, not verified.</summary>
    public ClaimedSubject Claim { get; } = ClaimedSubject.Read(SafeBody);

    /// <summary>The event that it claims, by its body, else by its headers.</summary>
    public string? EventName => Claim.EventName ?? EventOf(Headers);

    /// <summary>Its place in the list, in an address.</summary>
    public string Place => PageTrail.PlaceOf(Id);

    private static string? EventOf(string headers)
    {
        try
        {
            using var document = JsonDocument.Parse(headers);
            return
                document
                    .RootElement.EnumerateObject()
                    .FirstOrDefault(static header =>
                        string.Equals(header.Name, WebhookHeaders.Event202511, StringComparison.OrdinalIgnoreCase)
                        || string.Equals(header.Name, WebhookHeaders.Event202604, StringComparison.OrdinalIgnoreCase)
                    )
                    .Value
                    is { ValueKind: JsonValueKind.String } value
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
