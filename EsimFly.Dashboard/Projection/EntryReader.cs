using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Projection;

/// <summary>Opens a log entry and reads what it reports, outside of any transaction.</summary>
internal sealed class EntryReader(LogEntries entries, ErasedNames erased, IOptions<WholesaleOptions> account)
{
    // What the headers and the body show; all else is folded.
    private const DeliveryFlags FromHeaders = DeliveryFlags.AddressNotListed | DeliveryFlags.Rescued;

    private readonly EventNormaliser normaliser = new(account.Value.DataUnit);

    /// <summary>Reads an entry, without what was erased.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">Its seal cannot be opened.</exception>
    public PreparedEntry Read(LogRecord record)
    {
        var prepared = ReadWhole(record);
        if (prepared.Event is not { } reported)
        {
            return !prepared.IsErased && erased.AreNamedIn(BodyOf(record).Span, record.IsTest)
                ? prepared with
                {
                    Reason = null,
                    Flags = prepared.Flags | DeliveryFlags.Erased,
                    IsStripped = true,
                }
                : prepared;
        }

        var left = erased.Strip(reported, record.IsTest);
        return ReferenceEquals(left, reported)
            ? prepared
            : prepared with
            {
                Event = left,
                Flags = prepared.Flags | DeliveryFlags.Erased,
                IsStripped = true,
            };
    }

    /// <summary>The body of an entry as received; empty where it has none.</summary>
    public ReadOnlyMemory<byte> BodyOf(LogRecord record) =>
        record.Kind is LogEntryKind.Delivery or LogEntryKind.Observation ? entries.Open(record).Content.Body : default;

    private PreparedEntry ReadWhole(LogRecord record)
    {
        var entry = entries.Open(record);
        var flags = record.Flags & FromHeaders;
        if (entry.Kept is { } kept)
        {
            return new(
                record,
                kept.DeliveryId,
                kept.EventName,
                kept.BodyBytes,
                flags | kept.Flags | (kept.IsErased ? DeliveryFlags.Erased : DeliveryFlags.None),
                kept.Event,
                kept.Reason
            )
            {
                IsObservation = kept.IsObservation,
            };
        }

        if (record.Kind == LogEntryKind.Observation)
        {
            var headers = entry.Content.Headers.Span;
            return new(
                record,
                DeliveryId: null,
                HeaderJson.Find(headers, ObservedSubject.AskedKey),
                entry.Content.Body.Length,
                flags,
                ObservationReader.Read(HeaderJson.Find(headers, ObservedSubject.Key), entry.Content.Body, record.ReceivedAtMs),
                Reason: null
            )
            {
                IsObservation = true,
            };
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
        if (record.Kind is not (LogEntryKind.Delivery or LogEntryKind.Observation))
        {
            return null;
        }

        var prepared = Read(record);
        return prepared.Event is null && !prepared.IsErased && !withoutEvent ? null : KeepOf(prepared);
    }

    /// <summary>
    /// What may stay of an entry; null where nothing of it was erased, or nothing is left to be.
    /// </summary>
    /// <param name="record">The entry.</param>
    /// <param name="isForced">Whether a body that could not be used goes, too.</param>
    public KeptEvent? Erase(LogRecord record, bool isForced)
    {
        if (record.Kind is not (LogEntryKind.Delivery or LogEntryKind.Event or LogEntryKind.Observation))
        {
            return null;
        }

        var prepared = Read(record);
        return prepared.IsStripped || (isForced && prepared.Event is null && record.Kind != LogEntryKind.Event)
            ? KeepOf(prepared) with
            {
                IsErased = true,
                Reason = null,
            }
            : null;
    }

    /// <summary>What stays of an entry whose period is over: that it came, and no more. Null where that is all there is.</summary>
    public KeptEvent? Forget(LogRecord record)
    {
        if (record.Kind is not (LogEntryKind.Delivery or LogEntryKind.Event or LogEntryKind.Observation))
        {
            return null;
        }

        var prepared = Read(record);
        return prepared is { Event: null, IsErased: true } && record.Kind == LogEntryKind.Event
            ? null
            : KeepOf(prepared) with
            {
                IsErased = true,
                Event = null,
                Reason = null,
            };
    }

    /// <summary>What stays of an entry without the activation codes; null where it has none of them.</summary>
    /// <param name="record">The entry.</param>
    /// <param name="iccids">The eSIMs whose codes go.</param>
    public KeptEvent? WithoutCodes(LogRecord record, IReadOnlySet<string> iccids)
    {
        if (record.Kind is not (LogEntryKind.Delivery or LogEntryKind.Event or LogEntryKind.Observation))
        {
            return null;
        }

        var prepared = Read(record);
        return prepared.Event is { } reported && reported.Esims.Any(esim => esim.Codes is not null && iccids.Contains(esim.Iccid))
            ? KeepOf(prepared) with
            {
                Event = reported with
                {
                    Esims = [.. reported.Esims.Select(esim => iccids.Contains(esim.Iccid) ? esim with { Codes = null } : esim)],
                },
            }
            : null;
    }

    private static KeptEvent KeepOf(PreparedEntry prepared) =>
        new()
        {
            DeliveryId = prepared.DeliveryId,
            IsObservation = prepared.IsObservation,
            EventName = prepared.EventName,
            BodyBytes = prepared.BodyBytes,
            Flags = prepared.Flags & DeliveryFlags.HeaderDisagrees,
            IsErased = prepared.IsErased,
            Event = prepared.Event,
            Reason = prepared.Reason,
        };
}
