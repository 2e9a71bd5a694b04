using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Storage;

/// <summary>What a delivery reports, in the vocabulary of both contracts.</summary>
internal sealed record ParsedEvent
{
    /// <summary>What it reports.</summary>
    public required EventType Type { get; init; }

    /// <summary>The envelope's timestamp, Unix milliseconds; null where it is missing or cannot be read.</summary>
    public required long? OccurredAtMs { get; init; }

    /// <summary>eSIMfly's order id.</summary>
    public string? OrderId { get; init; }

    /// <summary>The order's reference.</summary>
    public string? OrderReference { get; init; }

    /// <summary>The eSIMs that it names, each once.</summary>
    public IReadOnlyList<ParsedEsim> Esims { get; init; } = [];

    /// <summary>All else that it reports.</summary>
    public required EventFacts Facts { get; init; }

    /// <summary>What is odd about it.</summary>
    public DeliveryFlags Flags { get; init; }

    /// <summary>The same with the texts by which eSIMs are known now: an event may have been kept before they were.</summary>
    public ParsedEvent WithKeys() =>
        this with
        {
            Esims =
            [
                .. Esims
                    .Where(static esim => !IccidText.IsPlaceholder(esim.Iccid))
                    .Select(static esim => esim with { Iccid = IccidText.Key(esim.Iccid) })
                    .DistinctBy(static esim => esim.Iccid, StringComparer.Ordinal),
            ],
            Facts = Facts.Esims is null
                ? Facts
                : Facts with
                {
                    Esims =
                    [
                        .. Facts
                            .Esims.Where(static esim => !IccidText.IsPlaceholder(esim.Iccid))
                            .Select(static esim => esim with { Iccid = IccidText.Key(esim.Iccid) }),
                    ],
                },
        };
}

/// <summary>An eSIM that an event names.</summary>
/// <param name="Iccid">The eSIM.</param>
/// <param name="Codes">The activation codes that the event gave for it; null where it gave none.</param>
internal sealed record ParsedEsim(string Iccid, EsimCodes? Codes);
