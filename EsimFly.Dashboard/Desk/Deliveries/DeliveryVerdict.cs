using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>"Did the webhook arrive?", in plain words. Pure.</summary>
internal static class DeliveryVerdict
{
    // Processing takes milliseconds as a rule.
    private const long SlowMs = 10_000;

    /// <summary>The verdict on a delivery.</summary>
    /// <param name="delivery">Its facts.</param>
    /// <param name="reported">What it reported; null where nothing was folded.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    public static Verdict Of(DeliveryFacts delivery, EventRow? reported, long nowMs)
    {
        var repeated = delivery.Arrivals > 1 ? new[] { $"It came {delivery.Arrivals} times, and was applied once." } : [];
        var reason = delivery.Error is { } error ? $" {JsonText.MakeVisible(error)}" : "";
        return delivery.State switch
        {
            DeliveryState.Processed when delivery.Flags.HasFlag(DeliveryFlags.Erased) => new Verdict(
                VerdictTone.Unknown,
                "It arrived and its signature is right. What it was about was erased.",
                "Nothing to do: what it reported of the rest, if anything, is kept.",
                reported
            )
            {
                Also = repeated,
            },
            DeliveryState.Processed => new Verdict(
                VerdictTone.Good,
                "It arrived, its signature is right, and it is applied.",
                "Nothing to do.",
                reported
            )
            {
                Also = repeated,
            },
            DeliveryState.Quarantined => new Verdict(
                VerdictTone.Warning,
                $"It arrived and is signed, but the desk cannot use it.{reason}",
                delivery.SafeBody is null
                    ? "It is kept. Ask eSIMfly what it was to say, with the evidence: no version of the desk can read it."
                    : "It is kept. Send eSIMfly the evidence if you miss what it says; after an update of the desk, process it again.",
                reported
            )
            {
                Also = repeated,
            },
            DeliveryState.Dead => new Verdict(
                VerdictTone.Bad,
                $"It arrived, and could not be processed in {InWords.Of(FoldTries.Most)} tries.{reason}",
                "It is kept. Process it again; if it fails again, the desk's log says why.",
                reported
            )
            {
                Also = repeated,
            },
            DeliveryState.Failed => new Verdict(
                VerdictTone.Warning,
                $"It arrived, and processing failed.{reason}",
                "It is tried again by itself.",
                reported
            )
            {
                Also = repeated,
            },
            _ => nowMs - delivery.ReceivedAtMs > SlowMs
                ? new Verdict(
                    VerdictTone.Warning,
                    $"It arrived, and has been waiting to be processed for {Spans.Words(nowMs - delivery.ReceivedAtMs)}.",
                    "See Health: is there a backlog?",
                    reported
                )
                {
                    Also = repeated,
                }
                : new Verdict(VerdictTone.Waiting, "It arrived, and is about to be processed.", "Nothing to do.", reported)
                {
                    Also = repeated,
                },
        };
    }
}
