using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Projection.Folds;

/// <summary>
/// Folds the events of an eSIM, given in the order of their keys. The plan and the profile are two independent axes. Pure.
/// </summary>
internal static class EsimFold
{
    // An expiry that is reported a little before its minute is on time.
    private const long PunctualityMs = 60_000;

    /// <summary>The state after one more event, which must come after all that <paramref name="state"/> has seen.</summary>
    /// <param name="iccid">The eSIM.</param>
    /// <param name="state">What the events before came to.</param>
    /// <param name="next">The event.</param>
    public static EsimState Apply(string iccid, EsimState state, FoldEvent next)
    {
        state = Identify(iccid, state, next);
        return next.Type switch
        {
            EventType.OrderCompleted => Listed(state, next, next.Facts.Esims?.FirstOrDefault(esim => IsOf(esim, iccid))?.Status),
            EventType.EsimProvisioned => Listed(state, next, status: null),
            EventType.EsimInstalled => Installed(state, next),
            EventType.EsimProfileUpdated => ProfileUpdated(state, next),
            EventType.EsimActivated => Activated(state, next),
            EventType.EsimStatusChanged => StatusChanged(state, next),
            EventType.EsimUsageThreshold => UsageReported(state, next),
            EventType.EsimExpired => Expired(state, next),
            EventType.TopUpCompleted => ToppedUp(state, next),
            EventType.EsimObserved => Observed(state, next),
            _ => state,
        };
    }

    /// <summary>The row that shows a state.</summary>
    public static EsimEntity ToRow(EsimState state, bool isTest, string iccid)
    {
        var flags = state.Flags;
        flags |= state.OrderKey is null ? EsimFlags.Stub : EsimFlags.None;
        flags |= state.IsFromApi ? EsimFlags.FromApi : EsimFlags.None;
        flags |= state.UnreadExpiry is null ? EsimFlags.None : EsimFlags.UnreadExpiry;
        flags |= state.ExpiresAtMs < state.ActivatedAtMs ? EsimFlags.ExpiresBeforeActivation : EsimFlags.None;
        flags |= IccidFormat.IsOdd(iccid) ? EsimFlags.OddIccid : EsimFlags.None;
        return new EsimEntity
        {
            IsTest = isTest,
            Iccid = iccid,
            IccidReversed = SearchKey.Reverse(iccid),
            OrderKey = state.OrderKey,
            PlanStatus = state.PlanStatus,
            PlanStatusRaw = state.PlanStatusRaw,
            ProfileStatus = state.ProfileStatus,
            ProfileStatusRaw = state.ProfileStatusRaw,
            PackageCode = state.PackageCode,
            PackageName = state.PackageName,
            EsimId = state.EsimId,
            Eid = state.Eid,
            Imsi = state.Imsi,
            EidReversed = SearchKey.Reversed(state.Eid),
            ImsiReversed = SearchKey.Reversed(state.Imsi),
            ProvisionedAtMs = state.ProvisionedAtMs,
            InstalledAtMs = state.InstalledAtMs,
            ActivatedAtMs = state.ActivatedAtMs,
            ExpiresAtMs = state.ExpiresAtMs,
            UnreadExpiry = state.UnreadExpiry,
            SentAs = state.SentAs,
            ExpiredAtMs = state.ExpiredAtMs,
            DataUsedGb = state.DataUsedGb,
            DataTotalGb = state.DataTotalGb,
            UsageAsOfMs = state.UsageAsOfMs,
            SortAtMs = state.FirstAtMs ?? 0,
            LastEventAtMs = state.LastAtMs,
            ObservedAtMs = state.ObservedAtMs,
            Flags = flags,
            CodesFrom = state.CodesFrom is { } hash ? Convert.FromHexString(hash) : null,
            FoldState = FoldJson.Write(state),
        };
    }

    private static EsimState Identify(string iccid, EsimState state, FoldEvent next)
    {
        var isOtherOrder =
            state.OrderKey is not null
            && next.OrderKey is not null
            && !string.Equals(state.OrderKey, next.OrderKey, StringComparison.Ordinal);
        var isOfPlan = next.Type is not (EventType.TopUpCompleted or EventType.TopUpFailed); // those name the top-up's package
        return state with
        {
            OrderKey = state.OrderKey ?? next.OrderKey,
            PackageCode = (isOfPlan ? next.Facts.PackageCode : null) ?? state.PackageCode,
            PackageName = (isOfPlan ? next.Facts.PackageName : null) ?? state.PackageName,
            EsimId = next.Facts.EsimId ?? state.EsimId,
            Eid = next.Facts.Eid ?? state.Eid,
            Imsi = next.Facts.Imsi ?? state.Imsi,
            FirstAtMs = Earlier(state.FirstAtMs ?? next.Facts.PlacedAtMs ?? next.AtMs, next.Facts.PlacedAtMs),
            LastAtMs = next.Type.IsObservation() ? state.LastAtMs : Later(state.LastAtMs, next.AtMs),
            SentAs = next.Facts.Esims?.FirstOrDefault(esim => IsOf(esim, iccid))?.SentAs ?? next.Facts.SentIccid ?? state.SentAs,
            CodesFrom = next.HasCodes ? next.Key.BodyHash : state.CodesFrom,
            Flags = state.Flags | (isOtherOrder ? EsimFlags.ClaimedTwice : EsimFlags.None),
            Last = next.Key,
        };
    }

    // An order lists its eSIMs once, as new; whatever was reported of the plan before stays.
    private static EsimState Listed(EsimState state, FoldEvent next, string? status)
    {
        state = state with { ProvisionedAtMs = state.ProvisionedAtMs ?? next.AtMs };
        if (state.PlanStatus != PlanStatus.Unknown || state.PlanStatusRaw is not null)
        {
            return state;
        }

        state = state with { IsFromApi = false };
        return status is null ? state with { PlanStatus = PlanStatus.New } : WithPlanWord(state, status);
    }

    private static EsimState Installed(EsimState state, FoldEvent next)
    {
        var installed = state with { InstalledAtMs = state.InstalledAtMs ?? next.Facts.HappenedAtMs ?? next.AtMs };
        return state.ProfileStatus switch
        {
            ProfileStatus.Unknown or ProfileStatus.NotInstalled => installed with { ProfileStatus = ProfileStatus.Downloading },
            ProfileStatus.Deleted => installed with
            {
                ProfileStatus = ProfileStatus.Downloading,
                Flags = state.Flags | EsimFlags.ProfileCameBack,
            },
            _ => installed,
        };
    }

    private static EsimState ProfileUpdated(EsimState state, FoldEvent next)
    {
        var facts = next.Facts;
        var known = StatusMeaning.Profile(facts.Status) ?? StatusMeaning.Profile(facts.StatusLabel); // the raw word has more to say
        var cameBack = state.ProfileStatus == ProfileStatus.Deleted && known is not (null or ProfileStatus.Deleted);
        var flags = state.Flags;
        flags |= known is null ? EsimFlags.UnknownStatus : EsimFlags.None;
        flags |= cameBack ? EsimFlags.ProfileCameBack : EsimFlags.None;
        return state with
        {
            ProfileStatus = known ?? ProfileStatus.Unknown,
            ProfileStatusRaw = facts.Status ?? facts.StatusLabel,
            Flags = flags,
        };
    }

    private static EsimState Activated(EsimState state, FoldEvent next)
    {
        state = state with { ActivatedAtMs = state.ActivatedAtMs ?? next.Facts.HappenedAtMs ?? next.AtMs };
        state = WithExpiry(state, next.Facts);
        return state.PlanStatus switch
        {
            PlanStatus.Unknown or PlanStatus.New or PlanStatus.Active => state with
            {
                PlanStatus = PlanStatus.Active,
                PlanStatusRaw = null,
                IsFromApi = false,
            },

            // A first data session cannot come after the plan's end.
            PlanStatus.Expired or PlanStatus.Cancelled => state with { Flags = state.Flags | EsimFlags.PlanWentBack },
            _ => state,
        };
    }

    // eSIMfly's word on the plan's status is followed, backwards too, and flagged where it goes there without a top-up.
    private static EsimState StatusChanged(EsimState state, FoldEvent next)
    {
        var facts = next.Facts;
        state = WithExpiry(state, facts);
        if (facts.Status is null)
        {
            return state;
        }

        var changed = WithPlanWord(state, facts.Status) with { IsFromApi = false };
        var wentBack = changed.PlanStatus != PlanStatus.Unknown && changed.PlanStatus < state.PlanStatus;
        var at = facts.HappenedAtMs ?? next.AtMs;
        return changed with
        {
            ActivatedAtMs = changed.PlanStatus == PlanStatus.Active ? state.ActivatedAtMs ?? at : state.ActivatedAtMs,
            ExpiredAtMs = changed.PlanStatus switch
            {
                PlanStatus.Expired => state.ExpiredAtMs ?? at,
                PlanStatus.New or PlanStatus.Active => null,
                _ => state.ExpiredAtMs,
            },
            Flags = changed.Flags | (wentBack ? EsimFlags.PlanWentBack : EsimFlags.None),
        };
    }

    private static EsimState UsageReported(EsimState state, FoldEvent next)
    {
        var facts = next.Facts;
        return state with
        {
            DataUsedGb = facts.DataUsedGb ?? (facts.DataTotalGb - facts.DataRemainingGb) ?? state.DataUsedGb,
            DataTotalGb = facts.DataTotalGb ?? state.DataTotalGb,
            UsageAsOfMs = facts.HappenedAtMs ?? next.AtMs,
        };
    }

    private static EsimState Expired(EsimState state, FoldEvent next)
    {
        var facts = next.Facts;
        var expiredAtMs = facts.HappenedAtMs ?? next.AtMs;
        var isEarly = expiredAtMs + PunctualityMs < state.ExpiresAtMs;
        var hasUsage = facts.DataUsedGb is not null || facts.DataTotalGb is not null;
        return state with
        {
            PlanStatus = PlanStatus.Expired,
            PlanStatusRaw = null,
            IsFromApi = false,
            ExpiredAtMs = expiredAtMs,
            DataUsedGb = facts.DataUsedGb ?? state.DataUsedGb,
            DataTotalGb = facts.DataTotalGb ?? state.DataTotalGb,
            UsageAsOfMs = hasUsage ? expiredAtMs : state.UsageAsOfMs,
            Flags = state.Flags | (isEarly ? EsimFlags.ExpiredEarly : EsimFlags.None),
        };
    }

    // A top-up moves the expiry, and wakes a plan that had ended or run out.
    private static EsimState ToppedUp(EsimState state, FoldEvent next)
    {
        state = WithExpiry(state, next.Facts);
        return state.PlanStatus is PlanStatus.Expired or PlanStatus.Depleted
            ? state with
            {
                PlanStatus = PlanStatus.Active,
                PlanStatusRaw = null,
                IsFromApi = false,
                ExpiredAtMs = null,
            }
            : state;
    }

    // As it was when eSIMfly was asked. The word for one that was deleted is of the profile: a plan is not.
    private static EsimState Observed(EsimState state, FoldEvent next)
    {
        var facts = next.Facts;
        state = WithExpiry(state, facts) with { ActivatedAtMs = state.ActivatedAtMs ?? facts.ActivatedAtMs, ObservedAtMs = next.AtMs };
        if (StatusMeaning.Profile(facts.ProfileStatus ?? facts.Status) is { } profile && profile != state.ProfileStatus)
        {
            state = state with { ProfileStatus = profile, ProfileStatusRaw = facts.ProfileStatus ?? facts.Status };
        }

        if (facts.DataTotalGb > 0 || facts.DataUsedGb is not null)
        {
            state = UsageReported(state, next);
        }

        var plan = StatusMeaning.Plan(facts.Status);
        return plan is null || plan == state.PlanStatus
            ? state
            : WithPlanWord(state, facts.Status!) with
            {
                IsFromApi = true,
                ExpiredAtMs = plan switch
                {
                    PlanStatus.Expired => state.ExpiredAtMs ?? state.ExpiresAtMs,
                    PlanStatus.New or PlanStatus.Active => null,
                    _ => state.ExpiredAtMs,
                },
            };
    }

    private static long? Earlier(long? one, long? other) => other < one ? other : one;

    // What cannot be read is kept beside the date before it: neither is to be taken for the other.
    private static EsimState WithExpiry(EsimState state, EventFacts facts) =>
        facts switch
        {
            { ExpiresAtMs: { } at } => state with { ExpiresAtMs = at, UnreadExpiry = null },
            { UnreadExpiry: { } text } => state with { UnreadExpiry = text },
            _ => state,
        };

    private static bool IsOf(EsimFact esim, string iccid) => string.Equals(esim.Iccid, iccid, StringComparison.Ordinal);

    private static long? Later(long? one, long? other) => one > other ? one : other ?? one;

    private static EsimState WithPlanWord(EsimState state, string word) =>
        StatusMeaning.Plan(word) is { } known
            ? state with
            {
                PlanStatus = known,
                PlanStatusRaw = word,
            }
            : state with
            {
                PlanStatus = PlanStatus.Unknown,
                PlanStatusRaw = word,
                Flags = state.Flags | EsimFlags.UnknownStatus,
            };
}
