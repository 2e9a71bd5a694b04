using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Projection;

/// <summary>Opens a log entry and reads what it reports, outside of any transaction.</summary>
internal sealed class EntryReader(LogEntries entries, IOptions<AccountOptions> account)
{
    // What the headers and the body show; all else is folded.
    private const DeliveryFlags FromHeaders = DeliveryFlags.AddressNotListed | DeliveryFlags.Rescued;

    private readonly EventNormaliser normaliser = new(account.Value.DataUnit);

    /// <summary>Reads an entry.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Its seal cannot be opened.</exception>
    public PreparedEntry Read(LogRecord record)
    {
        var entry = entries.Open(record);
        var flags = record.Flags & FromHeaders;
        if (entry.Kept is { } kept)
        {
            return new(record, kept.DeliveryId, kept.EventName, kept.BodyBytes, flags | kept.Flags, kept.Event, kept.Reason);
        }

        if (!entry.HasBody)
        {
            return new(record, entry.DeliveryId, null, 0, flags, null, "Its body was removed from the log.");
        }

        // What the sender signed is the form, not the bytes around it.
        if (entry.Payload() is not { } signed)
        {
            return new(
                record,
                entry.DeliveryId,
                null,
                entry.Content.Body.Length,
                flags,
                null,
                "The body cannot be read in the form that was signed."
            );
        }

        var scanned = ScannedBody.Of(signed.Span);
        var eventName = scanned.EventName;
        var named = HeaderJson.Find(entry.Content.Headers.Span, WebhookHeaders.Event(record.Contract));
        if (named is not null && eventName is not null && !string.Equals(named.Trim(), eventName, StringComparison.Ordinal))
        {
            flags |= DeliveryFlags.HeaderDisagrees;
        }

        var (parsed, reason) = normaliser.Normalise(signed.Span, scanned);
        return new(record, entry.DeliveryId, eventName, entry.Content.Body.Length, flags, parsed, reason);
    }

    /// <summary>
    /// What stays of a delivery when its body is no longer kept; null where there is no body, or it must be kept to be understood.
    /// </summary>
    /// <param name="record">The entry.</param>
    /// <param name="withoutEvent">Whether to give up a body that could not be used, too.</param>
    public KeptEvent? Keep(LogRecord record, bool withoutEvent)
    {
        if (record.Kind != LogEntryKind.Delivery)
        {
            return null;
        }

        var prepared = Read(record);
        return prepared.Event is null && !withoutEvent
            ? null
            : new KeptEvent
            {
                DeliveryId = prepared.DeliveryId,
                EventName = prepared.EventName,
                BodyBytes = prepared.BodyBytes,
                Flags = prepared.Flags & DeliveryFlags.HeaderDisagrees,
                Event = prepared.Event,
                Reason = prepared.Reason,
            };
    }
}
