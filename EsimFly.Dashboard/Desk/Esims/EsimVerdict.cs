using System.Globalization;
using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>"My eSIM does not work": which failure it is, from what is stored. Pure.</summary>
internal static class EsimVerdict
{
    /// <summary>So long before its end a plan counts as expiring soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromHours(72);

    private const decimal LowShare = 0.9m;

    private static readonly TimeSpan AnswerIsGoodFor = TimeSpan.FromHours(24);

    private static readonly TimeSpan QuietFor = TimeSpan.FromDays(3);

    /// <summary>
    /// The verdict on an eSIM. What ends a plan comes before what is wrong with the device, and that before what may go wrong soon.
    /// </summary>
    /// <param name="esim">Its row.</param>
    /// <param name="events">Its events, latest first.</param>
    /// <param name="nowMs">The present, Unix milliseconds.</param>
    public static Verdict Of(EsimEntity esim, IReadOnlyList<EventRow> events, long nowMs)
    {
        var (main, lead) = Judge(esim, events, nowMs);
        if (esim.Flags.HasFlag(EsimFlags.FromApi) && lead is About.Plan or About.Expiry or About.Data)
        {
            main = main with { Basis = events.Latest(EventType.EsimObserved) ?? main.Basis };
        }

        return main with
        {
            Also = [.. Notes(esim, events, nowMs).Where(note => note.About != lead).Select(note => note.Words)],
        };
    }

    private enum About
    {
        Plan,
        Expiry,
        Data,
        Profile,
        Flap,
        TopUp,
        Network,
    }

    private static (Verdict Verdict, About Lead) Judge(EsimEntity esim, IReadOnlyList<EventRow> events, long nowMs)
    {
        if (PlanEnd(esim, events, nowMs) is { } end)
        {
            return end;
        }

        if (ProfileFault(esim, events) is { } fault)
        {
            return (fault, About.Profile);
        }

        if (NetworkFault(esim, events, nowMs) is { } network)
        {
            return (network, About.Network);
        }

        if (FailedTopUp(events) is { } topUp)
        {
            return (
                new Verdict(
                    VerdictTone.Warning,
                    $"The last top-up failed{Because(topUp)}.",
                    ErrorWords.NextOfTopUp(topUp.Facts.ErrorCode, topUp.Facts.CanRetry, esim.PlanStatus),
                    topUp
                ),
                About.TopUp
            );
        }

        if (esim.PlanStatus == PlanStatus.Active && Left(esim, nowMs) is { } left && left < Soon.TotalMilliseconds)
        {
            return (
                new Verdict(
                    VerdictTone.Warning,
                    $"It works, and expires in {Spans.Words(left)}.",
                    "Tell the customer, and offer a top-up before it ends.",
                    ExpiryBasis(esim, events)
                ),
                About.Expiry
            );
        }

        if (Share(esim, events) >= LowShare)
        {
            return (
                new Verdict(
                    VerdictTone.Warning,
                    $"It works, and {Percent(Share(esim, events))} of its data is used.",
                    "Offer a top-up before the data runs out.",
                    UsageBasis(events)
                ),
                About.Data
            );
        }

        return (InUse(esim, events), About.Plan);
    }

    // What eSIMfly answered about its networks when somebody asked, as long as that is recent.
    private static Verdict? NetworkFault(EsimEntity esim, IReadOnlyList<EventRow> events, long nowMs)
    {
        if (
            esim.PlanStatus != PlanStatus.Active
            || events.Latest(static row => row.Type == EventType.EsimObserved && row.Facts.WrongNetworks is not null) is not { } asked
            || nowMs - asked.OccurredAtMs > AnswerIsGoodFor.TotalMilliseconds
        )
        {
            return null;
        }

        return asked.Facts.WrongNetworks > 0
                ? new(
                    VerdictTone.Warning,
                    $"It was on networks outside its plan, {asked.Facts.WrongNetworks} times in the last 7 days.",
                    "Ask the customer where they are, and to choose a network of the plan by hand; outside its countries it does not work.",
                    asked
                )
            : asked.Facts.LastUsedAtMs is { } last && nowMs - last > QuietFor.TotalMilliseconds
                ? new(
                    VerdictTone.Warning,
                    $"It is active, and has not used data for {Spans.Words(nowMs - last)}.",
                    "Ask whether roaming is on for this line, and whether it is the line for mobile data.",
                    asked
                )
            : null;
    }

    private static (Verdict, About)? PlanEnd(EsimEntity esim, IReadOnlyList<EventRow> events, long nowMs)
    {
        var statusBasis = events.Latest(EventType.EsimExpired, EventType.EsimStatusChanged, EventType.OrderCompleted);
        switch (esim.PlanStatus)
        {
            case PlanStatus.Cancelled:
                return (
                    new Verdict(
                        VerdictTone.Bad,
                        "Its plan was cancelled.",
                        "It cannot be used again: sell the customer a new eSIM, or ask eSIMfly why it was cancelled.",
                        statusBasis
                    ),
                    About.Plan
                );
            case PlanStatus.Expired:
                var ago = esim.ExpiredAtMs is { } at ? $" {Spans.Words(nowMs - at)} ago" : "";
                return (
                    new Verdict(
                        VerdictTone.Bad,
                        $"Its plan expired{ago}.",
                        FailedTopUp(events) is null
                            ? "Sell the customer a new eSIM, or a top-up where the package still allows one."
                            : "Sell the customer a new eSIM.",
                        statusBasis
                    ),
                    About.Expiry
                );
            case PlanStatus.Depleted:
                return (
                    new Verdict(
                        VerdictTone.Bad,
                        "Its data is used up.",
                        "Offer a top-up: it works again as soon as one succeeds.",
                        statusBasis
                    ),
                    About.Data
                );
        }

        if (Share(esim, events) >= 1)
        {
            return (
                new Verdict(
                    VerdictTone.Bad,
                    "Its data is used up, by the last usage report.",
                    "Offer a top-up: it works again as soon as one succeeds.",
                    UsageBasis(events)
                ),
                About.Data
            );
        }

        return Left(esim, nowMs) is < 0 and var past
            ? (
                new Verdict(
                    VerdictTone.Bad,
                    $"Its plan was to end {Spans.Words(-past)} ago.",
                    "Treat it as expired, and offer a new eSIM. If the customer still has data, send eSIMfly the evidence.",
                    ExpiryBasis(esim, events)
                )
                {
                    Missing = PlanExpiry.IsOverdue(esim.PlanStatus, esim.ExpiresAtMs, nowMs) ? "esim.expired has not come" : null,
                },
                About.Expiry
            )
            : null;
    }

    private static Verdict? ProfileFault(EsimEntity esim, IReadOnlyList<EventRow> events)
    {
        var basis = events.Latest(EventType.EsimProfileUpdated, EventType.EsimInstalled);
        return esim.ProfileStatus switch
        {
            ProfileStatus.Deleted => new Verdict(
                VerdictTone.Bad,
                "The customer deleted it from the phone.",
                "As a rule its code cannot be used a second time: ask eSIMfly to release it, or send a new eSIM.",
                basis
            ),
            ProfileStatus.Disabled when esim.PlanStatus is PlanStatus.Active or PlanStatus.New => new Verdict(
                VerdictTone.Warning,
                "It is switched off on the phone.",
                "Ask the customer to switch it on: Settings → Mobile data (Cellular) → this eSIM → Turn on this line.",
                basis
            ),
            ProfileStatus.Downloading when !EsimUsage.IsInstalled(esim) && !EsimUsage.IsUsed(esim) => new Verdict(
                VerdictTone.Waiting,
                "The phone began to install it and has not finished.",
                "Ask the customer to stay on Wi-Fi and keep the screen on; "
                    + "if it hangs, to restart the phone and open the installation again.",
                basis
            ),
            _ => null,
        };
    }

    private static Verdict InUse(EsimEntity esim, IReadOnlyList<EventRow> events)
    {
        if (esim.PlanStatus == PlanStatus.Active)
        {
            return esim.ProfileStatus == ProfileStatus.Enabled
                ? new Verdict(
                    VerdictTone.Good,
                    "It works: the plan is active and the eSIM is switched on.",
                    "If the customer has no data: this eSIM chosen for mobile data, data roaming on, then flight mode on and off.",
                    ActiveBasis(events)
                )
                : new Verdict(
                    VerdictTone.Good,
                    "It works: the plan is active.",
                    "If the customer has no data: is this eSIM switched on and chosen for mobile data, and is data roaming on? "
                        + "Then flight mode on and off.",
                    ActiveBasis(events)
                );
        }

        var installed = events.Latest(EventType.EsimInstalled, EventType.EsimProfileUpdated);
        var hasNoUsedState = esim.PlanStatus == PlanStatus.New || esim is { PlanStatus: PlanStatus.Unknown, PlanStatusRaw: null };
        if (EsimUsage.IsInstalled(esim) && hasNoUsedState && !EsimUsage.IsUsed(esim))
        {
            return new Verdict(
                VerdictTone.Warning,
                "It is installed, and has not been used yet.",
                "Ask the customer to choose it for mobile data and to switch data roaming on. The plan begins with the first data session.",
                installed
            )
            {
                Missing = "no first data session was reported",
            };
        }

        // Data that was used is proof enough, whatever was reported of the installation.
        if (hasNoUsedState && EsimUsage.IsUsed(esim))
        {
            return new Verdict(
                VerdictTone.Unknown,
                "It was used, though nothing says how its plan stands.",
                "If the customer has no data: is this eSIM switched on and chosen for mobile data, and is data roaming on? "
                    + "Then flight mode on and off.",
                UsageBasis(events) ?? ActiveBasis(events)
            )
            {
                Missing = "no installation and no activation were reported",
            };
        }

        var delivered = events.Latest(EventType.OrderCompleted, EventType.EsimProvisioned);
        if (esim.PlanStatus == PlanStatus.New || (hasNoUsedState && delivered is not null))
        {
            return new Verdict(
                VerdictTone.Waiting,
                "It was never installed, as far as was reported.",
                "Send the customer the QR code or the install link again, and ask them to scan it on Wi-Fi.",
                delivered
            )
            {
                Missing = "no installation and no first data session were reported",
            };
        }

        var last = events.Count > 0 ? events[0] : null;
        return esim.PlanStatusRaw is { } word
            ? new Verdict(
                VerdictTone.Unknown,
                $"eSIMfly calls its plan “{JsonText.MakeVisible(word)}”, which is not a known state.",
                "Look at the events below; ask eSIMfly what it means.",
                events.Latest(EventType.EsimStatusChanged, EventType.OrderCompleted) ?? last
            )
            : new Verdict(VerdictTone.Unknown, "Not enough information to tell.", "Look at the events below.", last);
    }

    private static IEnumerable<(About About, string Words)> Notes(EsimEntity esim, IReadOnlyList<EventRow> events, long nowMs)
    {
        if (esim.ProfileStatus == ProfileStatus.Deleted)
        {
            yield return (About.Profile, "The customer has deleted it from the phone.");
        }
        else if (esim.ProfileStatus == ProfileStatus.Disabled)
        {
            yield return (About.Profile, "It is switched off on the phone.");
        }

        if (ProfileFlap.Find(events) is { } flap)
        {
            yield return (About.Flap, $"It was {flap.Words}: the phone or its network may have a fault.");
        }

        if (FailedTopUp(events) is { } topUp)
        {
            yield return (About.TopUp, $"The last top-up failed{Because(topUp)}.");
        }

        if (
            esim.PlanStatus is PlanStatus.Active or PlanStatus.New
            && Left(esim, nowMs) is > 0 and var left
            && left < Soon.TotalMilliseconds
        )
        {
            yield return (About.Expiry, $"It expires in {Spans.Words(left)}.");
        }

        if (Share(esim, events) is >= LowShare and < 1)
        {
            yield return (About.Data, $"{Percent(Share(esim, events))} of its data is used.");
        }
    }

    private static EventRow? FailedTopUp(IReadOnlyList<EventRow> events) =>
        events.Latest(EventType.TopUpCompleted, EventType.TopUpFailed) is { Type: EventType.TopUpFailed } failed ? failed : null;

    private static string Because(EventRow failed) =>
        failed.Facts switch
        {
            { ErrorCode: { } code } when ErrorWords.Says(code) is { } words =>
                $": {char.ToLowerInvariant(words[0])}{words[1..].TrimEnd('.')}",
            { ErrorMessage: { } message } => $": {JsonText.MakeVisible(message).TrimEnd('.')}",
            { ErrorCode: { } code } => $": {JsonText.MakeVisible(code)}",
            _ => "",
        };

    private static EventRow? ActiveBasis(IReadOnlyList<EventRow> events) =>
        events.Latest(EventType.EsimActivated, EventType.EsimStatusChanged, EventType.TopUpCompleted, EventType.OrderCompleted);

    private static EventRow? UsageBasis(IReadOnlyList<EventRow> events) =>
        events.Latest(static row => row.Facts.DataUsedGb is not null || row.Facts.DataRemainingGb is not null);

    private static EventRow? ExpiryBasis(EsimEntity esim, IReadOnlyList<EventRow> events) =>
        events.Latest(row => row.Facts.ExpiresAtMs == esim.ExpiresAtMs);

    private static long? Left(EsimEntity esim, long nowMs) => esim.ExpiresAtMs - nowMs;

    // What was used before a top-up says nothing of the data after it, which no event reports.
    private static decimal Share(EsimEntity esim, IReadOnlyList<EventRow> events) =>
        esim is { DataTotalGb: > 0, DataUsedGb: { } used } && !(events.Latest(EventType.TopUpCompleted)?.OccurredAtMs > esim.UsageAsOfMs)
            ? used / esim.DataTotalGb.Value
            : 0;

    private static string Percent(decimal share) => (Math.Floor(share * 100) / 100).ToString("0 %", CultureInfo.InvariantCulture);
}
