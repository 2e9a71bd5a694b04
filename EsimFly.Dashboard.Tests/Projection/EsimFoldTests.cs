using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Projection;

public sealed class EsimFoldTests
{
    private const long Day = 86_400_000;

    private static FoldEvent Activated(long atMs, long expiresAtMs) =>
        Reported.Event(
            EventType.EsimActivated,
            atMs,
            new EventFacts { HappenedAtMs = atMs, ExpiresAtMs = expiresAtMs },
            iccids: [Reported.Iccid]
        );

    private static FoldEvent Expired(long atMs) =>
        Reported.Event(
            EventType.EsimExpired,
            atMs,
            new EventFacts
            {
                HappenedAtMs = atMs,
                DataUsedGb = 0.85m,
                DataTotalGb = 1m,
            },
            iccids: [Reported.Iccid]
        );

    private static FoldEvent ToppedUp(long atMs, long newExpiryMs) =>
        Reported.Event(
            EventType.TopUpCompleted,
            atMs,
            new EventFacts { ExpiresAtMs = newExpiryMs, PackageName = "USA 2GB" },
            iccids: [Reported.Iccid]
        );

    // The raw word has more to say than the label, where it is known.
    public static TheoryData<string, string?, ProfileStatus> ProfilePairs()
    {
        (string Raw, ProfileStatus? Means)[] raws =
        [
            ("Enable", ProfileStatus.Enabled),
            ("Disable", ProfileStatus.Disabled),
            ("Delete", ProfileStatus.Deleted),
            ("BPP installation", ProfileStatus.Downloading),
            ("Odd", null),
        ];
        (string? Label, ProfileStatus Means)[] labels =
        [
            ("Enabled", ProfileStatus.Enabled),
            ("Disabled", ProfileStatus.Disabled),
            ("Deleted", ProfileStatus.Deleted),
            ("Not Installed", ProfileStatus.NotInstalled),
            ("Strange", ProfileStatus.Unknown),
            (null, ProfileStatus.Unknown),
        ];
        return [.. from raw in raws from label in labels select (raw.Raw, label.Label, raw.Means ?? label.Means)];
    }

    [Theory]
    [MemberData(nameof(ProfilePairs))]
    public void Apply_ProfileAsRawWordAndLabel_IsWhatTheRawWordSays(string raw, string? label, ProfileStatus expected) =>
        Assert.Equal(expected, Reported.FoldEsim(Reported.Profile(100, raw, label)).ProfileStatus);

    [Fact]
    public void Apply_ListedActivatedExpired_GoesThroughThePlansStates()
    {
        Assert.Equal(PlanStatus.New, Reported.FoldEsim(Reported.Completed(1, Reported.Iccid)).PlanStatus);
        Assert.Equal(PlanStatus.Active, Reported.FoldEsim(Reported.Completed(1, Reported.Iccid), Activated(2, 7 * Day)).PlanStatus);

        var ended = Reported.FoldEsim(Reported.Completed(1, Reported.Iccid), Activated(2, 7 * Day), Expired(7 * Day));

        Assert.Equal(
            (PlanStatus.Expired, 7 * Day, 0.85m, EsimFlags.None),
            (ended.PlanStatus, ended.ExpiredAtMs, ended.DataUsedGb, ended.Flags)
        );
    }

    [Fact]
    public void Apply_TopUp_MovesTheExpiryAndLeavesThePackage()
    {
        var state = Reported.FoldEsim(Activated(1, 7 * Day), ToppedUp(2, 30 * Day));

        Assert.Equal(30 * Day, state.ExpiresAtMs);
        Assert.Null(state.PackageName);
    }

    [Fact]
    public void Apply_TopUpAfterExpiry_WakesThePlan()
    {
        var state = Reported.FoldEsim(Activated(1, 7 * Day), Expired(7 * Day), ToppedUp(8 * Day, 30 * Day));

        Assert.Equal((PlanStatus.Active, 30 * Day, EsimFlags.None), (state.PlanStatus, state.ExpiresAtMs, state.Flags));
        Assert.Null(state.ExpiredAtMs);
    }

    [Fact]
    public void Apply_ExpiredBeforeItsDate_IsFlagged() =>
        Assert.True(
            Reported.FoldEsim(Activated(1, 7 * Day), ToppedUp(2, 30 * Day), Expired(7 * Day)).Flags.HasFlag(EsimFlags.ExpiredEarly)
        );

    [Fact]
    public void Apply_ActivatedAfterExpired_StaysExpiredAndIsFlagged()
    {
        var state = Reported.FoldEsim(Expired(7 * Day), Activated(8 * Day, 9 * Day));

        Assert.Equal(PlanStatus.Expired, state.PlanStatus);
        Assert.True(state.Flags.HasFlag(EsimFlags.PlanWentBack));
    }

    [Fact]
    public void Apply_Axes_MoveIndependently()
    {
        var state = Reported.FoldEsim(Activated(1, 7 * Day), Reported.Profile(2, "Disable", "Disabled"));

        Assert.Equal((PlanStatus.Active, ProfileStatus.Disabled), (state.PlanStatus, state.ProfileStatus));
    }

    [Theory]
    [InlineData("BPP installation", null, ProfileStatus.Downloading)]
    [InlineData("Enable", "Enabled", ProfileStatus.Enabled)]
    [InlineData("Disable", "Disabled", ProfileStatus.Disabled)]
    [InlineData("Delete", null, ProfileStatus.Deleted)]
    [InlineData("x", "Not Installed", ProfileStatus.NotInstalled)]
    internal void Apply_ProfileWords_AreUnderstood(string raw, string? label, ProfileStatus expected) =>
        Assert.Equal(expected, Reported.FoldEsim(Reported.Profile(1, raw, label)).ProfileStatus);

    [Theory]
    [InlineData("NEW", PlanStatus.New)]
    [InlineData("ACTIVE", PlanStatus.Active)]
    [InlineData("depleted", PlanStatus.Depleted)]
    [InlineData("EXPIRED", PlanStatus.Expired)]
    [InlineData("USED_EXPIRED", PlanStatus.Expired)]
    [InlineData("CANCELLED", PlanStatus.Cancelled)]
    internal void Apply_PlanWords_AreUnderstood(string word, PlanStatus expected) =>
        Assert.Equal(expected, Reported.FoldEsim(Reported.Status(1, word)).PlanStatus);

    [Fact]
    public void Apply_UnknownWord_IsKeptAsItCame()
    {
        var state = Reported.FoldEsim(Reported.Status(1, "PENDING"));

        Assert.Equal((PlanStatus.Unknown, "PENDING"), (state.PlanStatus, state.PlanStatusRaw));
        Assert.True(state.Flags.HasFlag(EsimFlags.UnknownStatus));
    }

    [Fact]
    public void Apply_Flapping_FollowsTheLastWordAndFlagsTheWayBack()
    {
        var state = Reported.FoldEsim([.. Enumerable.Range(0, 40).Select(i => Reported.Status(i * 2000, i % 2 == 0 ? "ACTIVE" : "NEW"))]);

        Assert.Equal(PlanStatus.New, state.PlanStatus);
        Assert.True(state.Flags.HasFlag(EsimFlags.PlanWentBack));
    }

    [Fact]
    public void Apply_ClaimedByTwoOrders_StaysWithTheFirst()
    {
        var other = Reported.Event(
            EventType.OrderCompleted,
            200,
            new EventFacts { Esims = [new EsimFact(Reported.Iccid, "new")] },
            "id:ORD-2",
            iccids: [Reported.Iccid]
        );

        var state = Reported.FoldEsim(Reported.Completed(100, Reported.Iccid), other);

        Assert.Equal(Reported.Order, state.OrderKey);
        Assert.True(state.Flags.HasFlag(EsimFlags.ClaimedTwice));
    }

    [Fact]
    public void Apply_UsageThreshold_SetsTheDataAndItsDate()
    {
        var usage = Reported.Event(
            EventType.EsimUsageThreshold,
            5,
            new EventFacts
            {
                DataUsedGb = 4.9m,
                DataTotalGb = 5m,
                HappenedAtMs = 4,
            },
            iccids: [Reported.Iccid]
        );

        var state = Reported.FoldEsim(usage);

        Assert.Equal((4.9m, 5m, 4), (state.DataUsedGb, state.DataTotalGb, state.UsageAsOfMs));
    }
}
