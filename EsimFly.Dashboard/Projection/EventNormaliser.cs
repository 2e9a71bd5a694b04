using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// Turns a delivery of either contract into one vocabulary. What cannot be used is a reason in words, never an exception.
/// </summary>
/// <param name="dataUnit">The unit of 2025-11's data sizes.</param>
internal sealed class EventNormaliser(DataUnit dataUnit)
{
    private const int LongestId = 200;
    private const string TopUpPrefix = "topup";

    private const string CannotBeUsed =
        "The body is not JSON that can be used: it is nested too deeply, repeats a key or holds broken text.";

    /// <summary>Reads a delivery.</summary>
    /// <param name="signed">The bytes that the sender signed.</param>
    /// <param name="scanned">What a scan of them found.</param>
    /// <returns>The event, or the reason why there is none to be had.</returns>
    public (ParsedEvent? Event, string? Reason) Normalise(ReadOnlySpan<byte> signed, ScannedBody scanned)
    {
        if (!scanned.IsJson)
        {
            return (null, "The body is not JSON in UTF-8.");
        }

        // The serializer sees a repeated key only where it knows the key; two readers must never read one body differently.
        if (!scanned.IsUsable)
        {
            return (null, CannotBeUsed);
        }

        try
        {
            // The facts are read from the body with all codes masked, so that none can leak into them.
            var body = new MaskedBody(signed, CodeMask.MaskBody(signed, scanned));
            var name = scanned.EventName ?? JsonSerializer.Deserialize(body.Safe, ContractJson.Default.EnvelopeObject)?.Event;
            if (string.IsNullOrWhiteSpace(name))
            {
                return (null, "The body names no event.");
            }

            return EventTypes.Find(name) is { } type ? Read(type, body) : (null, $"The event {name} is not known.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            // The messages of the JSON reader may quote the body; the path is enough to find the place.
            return (
                null,
                fault is JsonException { Path: { Length: > 1 } path }
                    ? $"The value at {CodeMask.MaskText(path)} has the wrong type or form."
                    : CannotBeUsed
            );
        }
    }

    private (ParsedEvent? Event, string? Reason) Read(EventType type, in MaskedBody body)
    {
        var json = ContractJson.Default;
        return type switch
        {
            EventType.OrderCreated => ReadEvent(type, body, json.EnvelopeOrderCreatedData, OfOrderCreated),
            EventType.OrderCompleted => ReadOrderCompleted(body),
            EventType.OrderFailed => ReadEvent(type, body, json.EnvelopeOrderFailedData, OfOrderFailed),
            EventType.EsimActivated => ReadEvent(type, body, json.EnvelopeEsimActivatedData, OfEsimActivated),
            EventType.EsimExpired => ReadEvent(type, body, json.EnvelopeEsimExpiredData, OfEsimExpired),
            EventType.BalanceLow => ReadEvent(type, body, json.EnvelopeBalanceLowData, OfBalanceLow),
            EventType.TopUpCompleted => ReadEvent(type, body, json.EnvelopeTopUpCompletedData, OfTopUpCompleted),
            EventType.TopUpFailed => ReadEvent(type, body, json.EnvelopeTopUpFailedData, OfTopUpFailed),
            EventType.EsimProvisioned => ReadEsimProvisioned(body),
            EventType.EsimInstalled => ReadEvent(type, body, json.EnvelopeEsimInstalledData, OfEsimInstalled),
            EventType.EsimProfileUpdated => ReadEvent(type, body, json.EnvelopeEsimProfileUpdatedData, OfEsimProfileUpdated),
            EventType.EsimStatusChanged => ReadEvent(type, body, json.EnvelopeEsimStatusChangedData, OfEsimStatusChanged),
            EventType.EsimUsageThreshold => ReadEvent(type, body, json.EnvelopeEsimUsageThresholdData, OfEsimUsageThreshold),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    private static (ParsedEvent? Event, string? Reason) ReadEvent<TData>(
        EventType type,
        in MaskedBody body,
        JsonTypeInfo<Envelope<TData>> json,
        Func<TData, Subjects> describe
    )
        where TData : class
    {
        UnreadableFields.Take();
        var envelope = JsonSerializer.Deserialize(body.Safe, json)!;
        return envelope.Data is { } data ? Compose(type, envelope.Timestamp, describe(data)) : (null, "The body has no data.");
    }

    private static (ParsedEvent? Event, string? Reason) Compose(EventType type, ContractInstant? timestamp, Subjects subjects)
    {
        var orderId = Id(subjects.OrderId);
        var orderReference = Id(subjects.OrderReference);
        var facts = subjects.Facts;
        var isOfOrder = type is EventType.OrderCreated or EventType.OrderCompleted or EventType.OrderFailed;
        if (!isOfOrder && orderReference?.StartsWith(TopUpPrefix, StringComparison.OrdinalIgnoreCase) == true)
        {
            (orderReference, facts) = (null, facts with { TopUpReference = orderReference }); // a top-up's, and no order's
        }
        var isOfAccount = type is EventType.BalanceLow;
        var named = subjects.Esims.Where(static esim => !string.IsNullOrWhiteSpace(esim.Iccid)).ToList();
        var esims = named
            .Where(static esim => !IccidText.IsPlaceholder(esim.Iccid!))
            .GroupBy(static esim => IccidText.Key(esim.Iccid!), StringComparer.Ordinal)
            .Select(group => new ParsedEsim(
                group.Key,
                group.Select(esim => esim.Codes).FirstOrDefault(codes => codes is { IsEmpty: false })
            ))
            .ToList();
        if (isOfOrder && orderId is null && orderReference is null)
        {
            return (null, "The event names no order: neither an order_id nor an order_reference.");
        }

        // One whose ICCID is still to come is none yet: what the event says belongs to its order.
        var hasPlaceholder = named.Exists(static esim => IccidText.IsPlaceholder(esim.Iccid!));
        if (!isOfOrder && !isOfAccount && esims.Count == 0 && !(hasPlaceholder && orderReference is not null))
        {
            return (null, "The event names no eSIM: its iccid is missing.");
        }

        if (esims.Any(esim => esim.Iccid.Length > IccidFormat.Longest))
        {
            return (null, "The iccid is too long to be one.");
        }

        var flags = DeliveryFlags.None;
        var unreadable = UnreadableFields.Take();
        if (timestamp?.UnixMs is null)
        {
            flags |= DeliveryFlags.NoTimestamp;
            unreadable -= timestamp is null ? 0 : 1;
        }

        if (unreadable > 0)
        {
            flags |= DeliveryFlags.UnreadableField;
        }

        if (esims.Any(esim => IccidFormat.IsOdd(esim.Iccid)))
        {
            flags |= DeliveryFlags.OddIccid;
        }

        if (hasPlaceholder)
        {
            flags |= DeliveryFlags.PlaceholderIccid;
        }

        if (
            facts.Esims is null
            && esims is [var only]
            && named[0].Iccid!.Trim() is var sent
            && !string.Equals(sent, only.Iccid, StringComparison.Ordinal)
        )
        {
            facts = facts with { SentIccid = sent };
        }

        return (
            new ParsedEvent
            {
                Type = type,
                OccurredAtMs = timestamp?.UnixMs,
                OrderId = orderId,
                OrderReference = orderReference,
                Esims = esims,
                Facts = facts,
                Flags = flags,
            },
            null
        );
    }

    private static Subjects OfOrderCreated(OrderCreatedData data) =>
        new(
            data.OrderId,
            data.OrderReference,
            [],
            new EventFacts
            {
                PackageCode = Text(data.PackageCode),
                PackageName = Text(data.PackageName),
                Quantity = data.Quantity,
                Amount = data.Amount,
                Currency = Currency(data.Currency),
                Status = Text(data.Status),
            }
        );

    private static Subjects OfOrderFailed(OrderFailedData data) =>
        new(
            data.OrderId,
            data.OrderReference,
            [],
            new EventFacts
            {
                ErrorCode = Text(data.ErrorCode),
                ErrorMessage = Text(data.ErrorMessage),
                CanRetry = data.CanRetry,
            }
        );

    private static (ParsedEvent? Event, string? Reason) ReadOrderCompleted(in MaskedBody body)
    {
        // The safe body has the facts, the signed bytes the codes; the list is the same in both.
        var codes = EsimCodes
            .OfOrder(JsonSerializer.Deserialize(body.Signed, ContractJson.Default.EnvelopeOrderCompletedData)!.Data)
            .ToList();
        return ReadEvent(
            EventType.OrderCompleted,
            body,
            ContractJson.Default.EnvelopeOrderCompletedData,
            data =>
                new(
                    data.OrderId,
                    data.OrderReference,
                    [.. (data.Esims ?? []).Select((esim, index) => (esim?.Iccid, (EsimCodes?)codes[index].Codes))],
                    new EventFacts
                    {
                        Esims = data.Esims is null
                            ? null
                            :
                            [
                                .. data
                                    .Esims.Where(esim => !string.IsNullOrWhiteSpace(esim?.Iccid) && !IccidText.IsPlaceholder(esim.Iccid))
                                    .Select(esim => Listed(esim!)),
                            ],
                    }
                )
        );
    }

    private static (ParsedEvent? Event, string? Reason) ReadEsimProvisioned(in MaskedBody body)
    {
        var codes = JsonSerializer.Deserialize(body.Signed, ContractJson.Default.EnvelopeEsimProvisionedData)!.Data;
        return ReadEvent(
            EventType.EsimProvisioned,
            body,
            ContractJson.Default.EnvelopeEsimProvisionedData,
            data =>
                new(
                    null,
                    data.OrderReference,
                    [(data.Iccid, EsimCodes.OfEsim(codes))],
                    new EventFacts
                    {
                        EsimId = Text(data.EsimId),
                        PackageCode = Text(data.PackageCode),
                        PackageName = Text(data.PackageName),
                    }
                )
        );
    }

    private static Subjects OfEsimActivated(EsimActivatedData data) =>
        new(
            null,
            null,
            [(data.Iccid, null)],
            new EventFacts
            {
                PackageName = Text(data.PackageName),
                HappenedAtMs = data.ActivatedAt?.UnixMs,
                ExpiresAtMs = data.ExpiresAt?.UnixMs,
                UnreadExpiry = data.ExpiresAt?.Unread,
            }
        );

    private Subjects OfEsimExpired(EsimExpiredData data) =>
        new(
            null,
            null,
            [(data.Iccid, null)],
            new EventFacts
            {
                PackageName = Text(data.PackageName),
                HappenedAtMs = data.ExpiredAt?.UnixMs,
                DataUsedGb = Gigabytes(data.DataUsed),
                DataTotalGb = Gigabytes(data.DataTotal),
            }
        );

    private static Subjects OfBalanceLow(BalanceLowData data) =>
        new(
            null,
            null,
            [],
            new EventFacts
            {
                Balance = data.CurrentBalance,
                Threshold = data.Threshold,
                Message = Text(data.Message),
                Currency = Currency(data.Currency),
            }
        );

    private static Subjects OfTopUpCompleted(TopUpCompletedData data) =>
        new(
            null,
            null,
            [(data.Iccid, null)],
            new EventFacts
            {
                PackageCode = Text(data.PackageCode),
                PackageName = Text(data.PackageName),
                Amount = data.Amount,
                ExpiresAtMs = data.NewExpiry?.UnixMs,
                UnreadExpiry = data.NewExpiry?.Unread,
                Currency = Currency(data.Currency),
            }
        );

    private static Subjects OfTopUpFailed(TopUpFailedData data) =>
        new(
            null,
            null,
            [(data.Iccid, null)],
            new EventFacts
            {
                PackageCode = Text(data.PackageCode),
                ErrorCode = Text(data.ErrorCode),
                ErrorMessage = Text(data.ErrorMessage),
            }
        );

    private static Subjects OfEsimInstalled(EsimInstalledData data) =>
        new(
            null,
            data.OrderReference,
            [(data.Iccid, null)],
            new EventFacts
            {
                EsimId = Text(data.EsimId),
                PackageCode = Text(data.PackageCode),
                Eid = Text(data.Eid),
                Imsi = Text(data.Imsi),
                HappenedAtMs = data.InstalledAt?.UnixMs,
            }
        );

    private static Subjects OfEsimProfileUpdated(EsimProfileUpdatedData data) =>
        new(
            null,
            data.OrderReference,
            [(data.Iccid, null)],
            new EventFacts
            {
                EsimId = Text(data.EsimId),
                PackageCode = Text(data.PackageCode),
                Status = Text(data.ProfileStatus),
                StatusLabel = Text(data.Profile),
                PreviousStatus = Text(data.PreviousProfileStatus),
                Eid = Text(data.Eid),
                Imsi = Text(data.Imsi),
                HappenedAtMs = data.ChangedAt?.UnixMs,
            }
        );

    private static Subjects OfEsimStatusChanged(EsimStatusChangedData data) =>
        new(
            null,
            data.OrderReference,
            [(data.Iccid, null)],
            new EventFacts
            {
                EsimId = Text(data.EsimId),
                PackageCode = Text(data.PackageCode),
                Status = Text(data.NewStatus),
                PreviousStatus = Text(data.OldStatus),
                HappenedAtMs = data.ChangedAt?.UnixMs,
                ExpiresAtMs = data.ExpiryDate?.UnixMs,
                UnreadExpiry = data.ExpiryDate?.Unread,
            }
        );

    private static Subjects OfEsimUsageThreshold(EsimUsageThresholdData data) =>
        new(
            null,
            data.OrderReference,
            [(data.Iccid, null)],
            new EventFacts
            {
                EsimId = Text(data.EsimId),
                PackageCode = Text(data.PackageCode),
                ThresholdRemainingMb = data.ThresholdRemainingMb,
                UsedPercent = data.UsedPercent,
                DataUsedGb = data.UsedGb,
                DataTotalGb = data.TotalGb,
                DataRemainingGb = data.RemainingGb,
                HappenedAtMs = data.ReportedAt?.UnixMs,
            }
        );

    private static EsimFact Listed(OrderCompletedEsim esim)
    {
        var (sent, iccid) = (esim.Iccid!.Trim(), IccidText.Key(esim.Iccid));
        return new(iccid, Text(esim.Status), string.Equals(sent, iccid, StringComparison.Ordinal) ? null : sent);
    }

    private static string? Currency(ContractText? text) =>
        Text(text)?.ToUpperInvariant() is { Length: 3 } code && code.All(char.IsAsciiLetterUpper) ? code : null;

    private decimal? Gigabytes(decimal? size) => dataUnit == DataUnit.MB ? size / 1024 : size;

    private static string? Text(ContractText? text) => Text(text?.Value);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Id(ContractText? id) =>
        Text(id) is not { } text ? null
        : text.Length <= LongestId ? text
        : text[..LongestId];

    private sealed record Subjects(
        ContractText? OrderId,
        ContractText? OrderReference,
        IReadOnlyList<(string? Iccid, EsimCodes? Codes)> Esims,
        EventFacts Facts
    );

    /// <summary>A body, and the same with its codes masked: one and the same where it has none.</summary>
    private readonly ref struct MaskedBody(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> safe)
    {
        public ReadOnlySpan<byte> Signed { get; } = signed;

        public ReadOnlySpan<byte> Safe { get; } = safe;
    }
}
