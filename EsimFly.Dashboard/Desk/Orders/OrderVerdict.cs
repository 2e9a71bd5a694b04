using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Orders;

/// <summary>"My order hangs", "my order failed": the state and the next step, from what is stored. Pure.</summary>
internal static class OrderVerdict
{
    private const long ToleranceMs = 60_000;

    /// <summary>The verdict on an order.</summary>
    /// <param name="order">Its row.</param>
    /// <param name="events">Its events, latest first.</param>
    /// <param name="thresholds">From when on it is stuck.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    public static Verdict Of(OrderEntity order, IReadOnlyList<EventRow> events, Thresholds thresholds, long nowMs) =>
        order.Status switch
        {
            OrderStatus.Cancelled => new(
                VerdictTone.Bad,
                "It was cancelled at eSIMfly.",
                "Look at the balance for the refund before you refund the customer; for another eSIM, place a new order.",
                events.Latest(EventType.OrderObserved)
            ),
            OrderStatus.Completed when order.Flags.HasFlag(OrderFlags.FromApi) => new(
                VerdictTone.Good,
                order.EsimCount == 0 ? "It completed."
                    : order.EsimCount == 1 ? "It completed. Its eSIM is below."
                    : "It completed. Its eSIMs are below.",
                order.EsimCount == 0
                    ? "eSIMfly’s API names no eSIM of it: it may be a top-up."
                    : "“I never got my QR code”: reveal the code on the eSIM’s page and send it again.",
                events.Latest(EventType.OrderObserved)
            ),
            OrderStatus.Failed when order.Flags.HasFlag(OrderFlags.FromApi) => new(
                VerdictTone.Bad,
                "It failed. eSIMfly’s API does not give the reason.",
                "Check the balance and whether the package is still sold, then try again, or send eSIMfly the evidence.",
                events.Latest(EventType.OrderObserved)
            ),
            OrderStatus.Completed => Completed(order, events),
            OrderStatus.Failed => Failed(order, events),
            _ => Processing(order, events, thresholds, nowMs),
        };

    private static Verdict Completed(OrderEntity order, IReadOnlyList<EventRow> events)
    {
        var basis = events.Latest(EventType.OrderCompleted) ?? events.Latest(EventType.EsimProvisioned, EventType.EsimInstalled);
        if (order.EsimCount == 0)
        {
            return new Verdict(
                VerdictTone.Warning,
                "It completed, and no eSIM came with it.",
                "Send eSIMfly the evidence: order.completed should list the eSIMs.",
                basis
            );
        }

        if (order.Quantity is { } quantity && order.EsimCount != quantity)
        {
            return order.EsimCount < quantity
                ? new Verdict(
                    VerdictTone.Warning,
                    $"It completed with {order.EsimCount} of {quantity} eSIMs.",
                    "Check with the customer what arrived, and send eSIMfly the evidence for the rest.",
                    basis
                )
                : new Verdict(
                    VerdictTone.Warning,
                    $"It completed with {order.EsimCount} eSIMs, though {quantity} {(quantity == 1 ? "was" : "were")} ordered.",
                    "Send the customer what they ordered. Ask eSIMfly, with the evidence, what was charged.",
                    basis
                );
        }

        var count = order.EsimCount == 1 ? "Its eSIM is" : $"Its {order.EsimCount} eSIMs are";
        return new Verdict(
            VerdictTone.Good,
            $"It completed. {count} ready.",
            "“I never got my QR code”: reveal the code below and send it again.",
            basis
        )
        {
            Also = order.Flags.HasFlag(OrderFlags.FailedAfterCompleted) ? ["A failure was reported afterwards; completed is final."] : [],
        };
    }

    private static Verdict Failed(OrderEntity order, IReadOnlyList<EventRow> events)
    {
        var basis = events.Latest(EventType.OrderFailed);
        var reason =
            ErrorWords.Says(order.ErrorCode)
            ?? (order.ErrorMessage is { } message ? JsonText.MakeVisible(message) : "eSIMfly did not say why.");
        var retry = order.CanRetry switch
        {
            true => "It can be tried again.",
            false => "Trying the same again will not help.",
            _ => "",
        };
        return new Verdict(
            order.CanRetry == true ? VerdictTone.Warning : VerdictTone.Bad,
            $"It failed. {reason}",
            $"{ErrorWords.Next(order.ErrorCode, order.CanRetry)} {retry}".TrimEnd(),
            basis
        );
    }

    private static Verdict Processing(OrderEntity order, IReadOnlyList<EventRow> events, Thresholds thresholds, long nowMs)
    {
        var basis = events.Latest(EventType.OrderCreated) ?? (events.Count > 0 ? events[0] : null);
        if (OrderWaiting.SinceMs(order) is not { } sinceMs)
        {
            return new Verdict(
                VerdictTone.Unknown,
                "It has not ended, and nothing says when it was placed.",
                "Look at the events below.",
                basis
            )
            {
                Missing = "neither order.completed nor order.failed has come",
            };
        }

        if (sinceMs - nowMs > ToleranceMs)
        {
            return new Verdict(
                VerdictTone.Unknown,
                $"It is dated {Spans.Words(sinceMs - nowMs)} ahead of this desk’s clock: the clocks differ.",
                "Its date does not show whether it is slow. Check this machine’s clock; if that is right, tell eSIMfly.",
                basis
            );
        }

        var waiting = Math.Max(0, nowMs - sinceMs);
        var minutes = TimeSpan.FromMilliseconds(waiting).TotalMinutes;
        // A clock that ticks stands beside it.
        var time = minutes < 60 ? FormattableString.Invariant($"{(int)minutes} minutes") : Spans.Words(waiting);
        var verdict = minutes switch
        {
            _ when minutes >= thresholds.StuckBadlyMinutes => new Verdict(
                VerdictTone.Bad,
                $"It is stuck: nothing for {time}.",
                "Copy the evidence and ask eSIMfly to follow it up; past 10 minutes they ask to be contacted.",
                basis
            ),
            _ when minutes >= thresholds.StuckMinutes => new Verdict(
                VerdictTone.Warning,
                $"It is slow: {time} so far.",
                $"Ask the customer for a little patience. After {thresholds.StuckBadlyMinutes} minutes, follow it up.",
                basis
            ),
            _ => new Verdict(
                VerdictTone.Waiting,
                $"It is being provisioned, for {Spans.Words(waiting)} so far.",
                "As a rule that takes 1 to 5 minutes. This page shows it by itself.",
                basis
            ),
        };
        return verdict with { Missing = "neither order.completed nor order.failed has come" };
    }
}
