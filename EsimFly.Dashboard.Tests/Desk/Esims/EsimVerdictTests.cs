using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Esims;

/// <summary>Each state of an eSIM and its verdict, with the event that it rests on.</summary>
public sealed class EsimVerdictTests
{
    private static readonly EventRow Completed = Rows.Event(EventType.OrderCompleted, 600);
    private static readonly EventRow Installed = Rows.Event(EventType.EsimInstalled, 500);
    private static readonly EventRow Enabled = Rows.Event(EventType.EsimProfileUpdated, 490);
    private static readonly EventRow Activated = Rows.Event(EventType.EsimActivated, 480, new() { ExpiresAtMs = Rows.InHours(200) });
    private static readonly EventRow TopUpFailed = Rows.Event(EventType.TopUpFailed, 10, new() { ErrorCode = "INSUFFICIENT_BALANCE" });

    [Fact]
    public void Healthy_ActiveAndSwitchedOn_RestsOnActivation()
    {
        var verdict = Of(Esim(), Enabled, Activated, Installed, Completed);

        Check(verdict, VerdictTone.Good, "It works: the plan is active and the eSIM is switched on.", Activated);
        Assert.Empty(verdict.Also);
    }

    [Theory]
    [InlineData("TOPUP_NOT_ALLOWED", "Active", "Its plan has not ended")]
    [InlineData("TOPUP_NOT_ALLOWED", "Expired", "Its plan has ended: sell the customer a new eSIM.")]
    [InlineData("TOPUP_NOT_ALLOWED", null, "Check whether its plan has ended")]
    [InlineData("topup_not_supported", "Active", "once this plan has ended")]
    [InlineData("INSUFFICIENT_BALANCE", "Active", "Top up the balance")]
    public void Advice_OnAFailedTopUp_FitsHowThePlanStands(string code, string? plan, string advice)
    {
        var next = ErrorWords.NextOfTopUp(code, canRetry: null, plan is null ? null : Enum.Parse<PlanStatus>(plan));

        Assert.Contains(advice, next, StringComparison.Ordinal);
        Assert.DoesNotContain("expired", ErrorWords.Says(code), StringComparison.Ordinal); // the code does not say so
    }

    [Fact]
    public void Profile_ThatFlaps_IsOneLine()
    {
        var steps = Enumerable
            .Range(0, 31)
            .Select(step =>
                Rows.Event(EventType.EsimProfileUpdated, 5 + (step * 1.5 / 60), new() { Status = step % 2 == 0 ? "ENABLED" : "DISABLED" })
            )
            .ToArray();

        var verdict = Of(Esim(), [.. steps, Activated, Installed, Completed]);

        Assert.Contains(
            "It was switched on and off 31 times within 45 s: the phone or its network may have a fault.",
            verdict.Also,
            StringComparer.Ordinal
        );
        Assert.DoesNotContain(
            "switched on and off",
            string.Join(' ', Of(Esim(), [.. steps[..5], Activated]).Also),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Healthy_ProfileNeverReported_IsStillHealthy()
    {
        var verdict = Of(Esim(esim => esim.ProfileStatus = ProfileStatus.Unknown), Activated, Completed);

        Check(verdict, VerdictTone.Good, "It works: the plan is active.", Activated);
        Assert.Contains("switched on", verdict.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void NeverInstalled_RestsOnTheOrderAndOnWhatHasNotCome()
    {
        var verdict = Of(Esim(Unused), Completed);

        Check(verdict, VerdictTone.Waiting, "It was never installed, as far as was reported.", Completed);
        Assert.Equal("no installation and no first data session were reported", verdict.Missing);
        Assert.Contains("QR code", verdict.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void InstalledButUnused_SaysSo()
    {
        var verdict = Of(
            Esim(esim =>
            {
                Unused(esim);
                esim.InstalledAtMs = Rows.InHours(-8);
                esim.ProfileStatus = ProfileStatus.Enabled;
            }),
            Enabled,
            Installed,
            Completed
        );

        Check(verdict, VerdictTone.Warning, "It is installed, and has not been used yet.", Enabled);
        Assert.Equal("no first data session was reported", verdict.Missing);
    }

    [Fact]
    public void Downloading_WithoutInstallation_Waits()
    {
        var downloading = Rows.Event(EventType.EsimProfileUpdated, 5);

        Check(
            Of(
                Esim(esim =>
                {
                    Unused(esim);
                    esim.ProfileStatus = ProfileStatus.Downloading;
                }),
                downloading,
                Completed
            ),
            VerdictTone.Waiting,
            "The phone began to install it and has not finished.",
            downloading
        );
    }

    [Theory]
    [InlineData(PlanStatus.Active)]
    [InlineData(PlanStatus.New)]
    public void SwitchedOff_WithAPlanToUse_SaysSo(PlanStatus plan)
    {
        var off = Rows.Event(EventType.EsimProfileUpdated, 5);

        var verdict = Of(
            Esim(esim =>
            {
                esim.PlanStatus = plan;
                esim.ProfileStatus = ProfileStatus.Disabled;
            }),
            off,
            Activated
        );

        Check(verdict, VerdictTone.Warning, "It is switched off on the phone.", off);
    }

    [Fact]
    public void Deleted_ComesBeforeAPlanThatIsFine()
    {
        var deleted = Rows.Event(EventType.EsimProfileUpdated, 5);

        Check(
            Of(Esim(esim => esim.ProfileStatus = ProfileStatus.Deleted), deleted, Activated),
            VerdictTone.Bad,
            "The customer deleted it from the phone.",
            deleted
        );
    }

    [Fact]
    public void Expired_ComesBeforeTheDevice_WhichIsNoted()
    {
        var expired = Rows.Event(EventType.EsimExpired, 120);

        var verdict = Of(
            Esim(esim =>
            {
                esim.PlanStatus = PlanStatus.Expired;
                esim.ExpiredAtMs = Rows.InHours(-2);
                esim.ProfileStatus = ProfileStatus.Deleted;
            }),
            expired,
            Activated
        );

        Check(verdict, VerdictTone.Bad, "Its plan expired 2 h 00 min ago.", expired);
        Assert.Equal(["The customer has deleted it from the phone."], verdict.Also);
    }

    [Fact]
    public void Expired_WithAFailedTopUp_NotesIt()
    {
        var verdict = Of(Esim(esim => esim.PlanStatus = PlanStatus.Expired), TopUpFailed, Activated);

        Assert.Equal(["The last top-up failed: your balance at eSIMfly does not cover the price."], verdict.Also);
    }

    [Fact]
    public void UsedUp_ByStatus_RestsOnIt()
    {
        var depleted = Rows.Event(EventType.EsimStatusChanged, 5);

        Check(
            Of(Esim(esim => esim.PlanStatus = PlanStatus.Depleted), depleted, Activated),
            VerdictTone.Bad,
            "Its data is used up.",
            depleted
        );
    }

    [Fact]
    public void UsedUp_ByUsageAlone_RestsOnTheReport()
    {
        var usage = Rows.Event(EventType.EsimUsageThreshold, 5, new() { DataUsedGb = 1, DataTotalGb = 1 });

        Check(
            Of(Esim(esim => esim.DataUsedGb = 1), usage, Activated),
            VerdictTone.Bad,
            "Its data is used up, by the last usage report.",
            usage
        );
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.98)]
    public void ToppedUpSinceTheLastUsageReport_IsNotCalledUsedUp(double used)
    {
        var usage = Rows.Event(EventType.EsimUsageThreshold, 60, new() { DataUsedGb = (decimal)used, DataTotalGb = 1 });
        var toppedUp = Rows.Event(EventType.TopUpCompleted, 5);

        var verdict = Of(
            Esim(esim => (esim.DataUsedGb, esim.UsageAsOfMs) = ((decimal)used, usage.OccurredAtMs)),
            toppedUp,
            usage,
            Activated
        );

        Assert.Equal(VerdictTone.Good, verdict.Tone);
        Assert.Empty(verdict.Also);
    }

    [Fact]
    public void Cancelled_IsBad()
    {
        var cancelled = Rows.Event(EventType.EsimStatusChanged, 5);

        Check(
            Of(Esim(esim => esim.PlanStatus = PlanStatus.Cancelled), cancelled, Activated),
            VerdictTone.Bad,
            "Its plan was cancelled.",
            cancelled
        );
    }

    [Fact]
    public void Due_PastItsEndWithoutExpired_RestsOnTheEventThatSetTheEnd()
    {
        var activated = Rows.Event(EventType.EsimActivated, 9000, new() { ExpiresAtMs = Rows.InHours(-3) });

        var verdict = Of(Esim(esim => esim.ExpiresAtMs = Rows.InHours(-3)), activated);

        Check(verdict, VerdictTone.Bad, "Its plan was to end 3 h 00 min ago.", activated);
        Assert.Equal("esim.expired has not come", verdict.Missing);
    }

    [Fact]
    public void ExpiringSoon_RestsOnTheTopUpThatMovedTheEnd()
    {
        var moved = Rows.Event(EventType.TopUpCompleted, 60, new() { ExpiresAtMs = Rows.InHours(5) });

        Check(
            Of(Esim(esim => esim.ExpiresAtMs = Rows.InHours(5)), moved, Activated),
            VerdictTone.Warning,
            "It works, and expires in 5 h 00 min.",
            moved
        );
    }

    [Fact]
    public void TopUpFailed_ComesBeforeExpiringSoon_WhichIsNoted()
    {
        var verdict = Of(Esim(esim => esim.ExpiresAtMs = Rows.InHours(5)), TopUpFailed, Activated);

        Check(verdict, VerdictTone.Warning, "The last top-up failed: your balance at eSIMfly does not cover the price.", TopUpFailed);
        Assert.Equal(["It expires in 5 h 00 min."], verdict.Also);
    }

    [Fact]
    public void TopUpFailed_ThenSucceeded_IsNoLongerSaid()
    {
        var succeeded = Rows.Event(EventType.TopUpCompleted, 5);

        Assert.Equal(VerdictTone.Good, Of(Esim(), succeeded, TopUpFailed, Activated).Tone);
    }

    [Fact]
    public void DataRunningLow_RestsOnTheReport()
    {
        var usage = Rows.Event(EventType.EsimUsageThreshold, 5, new() { DataUsedGb = 0.95m, DataTotalGb = 1 });

        Check(
            Of(Esim(esim => esim.DataUsedGb = 0.95m), usage, Activated),
            VerdictTone.Warning,
            "It works, and 95 % of its data is used.",
            usage
        );
    }

    [Fact]
    public void AnUnknownWord_IsShownAsItCame()
    {
        var changed = Rows.Event(EventType.EsimStatusChanged, 5);

        var verdict = Of(
            Esim(esim =>
            {
                esim.PlanStatus = PlanStatus.Unknown;
                esim.PlanStatusRaw = "PENDING\u202E";
            }),
            changed
        );

        Check(verdict, VerdictTone.Unknown, "eSIMfly calls its plan “PENDING⟨U+202E⟩”, which is not a known state.", changed);
    }

    [Theory]
    [InlineData(PlanStatus.New, false)]
    [InlineData(PlanStatus.Unknown, true)]
    public void DataUsed_IsNeverSaidToBeUnused(PlanStatus plan, bool isEnabled)
    {
        var profile = isEnabled ? ProfileStatus.Enabled : ProfileStatus.Unknown;
        var verdict = Of(
            Esim(esim =>
                (esim.PlanStatus, esim.ProfileStatus, esim.ActivatedAtMs, esim.InstalledAtMs, esim.DataUsedGb) = (
                    plan,
                    profile,
                    null,
                    null,
                    0.4m
                )
            ),
            Completed
        );

        Assert.Equal("It was used, though nothing says how its plan stands.", verdict.Says);
        Assert.NotNull(verdict.Missing);
    }

    [Fact]
    public void NothingSaid_IsUnknown()
    {
        var usage = Rows.Event(EventType.EsimUsageThreshold, 5);

        Check(
            Of(
                Esim(esim =>
                    (esim.PlanStatus, esim.ProfileStatus, esim.ActivatedAtMs, esim.InstalledAtMs, esim.DataUsedGb) = (
                        PlanStatus.Unknown,
                        ProfileStatus.Unknown,
                        null,
                        null,
                        null
                    )
                ),
                usage
            ),
            VerdictTone.Unknown,
            "Not enough information to tell.",
            usage
        );
    }

    [Fact]
    public void EveryCombination_HasAVerdictInWholeSentences()
    {
        foreach (var plan in Enum.GetValues<PlanStatus>())
        {
            foreach (var profile in Enum.GetValues<ProfileStatus>())
            {
                foreach (var expires in new long?[] { null, Rows.InHours(-1), Rows.InHours(2), Rows.InHours(500) })
                {
                    var verdict = Of(
                        Esim(esim => (esim.PlanStatus, esim.ProfileStatus, esim.ExpiresAtMs) = (plan, profile, expires)),
                        Enabled,
                        Activated,
                        Completed
                    );

                    Assert.All(
                        [verdict.Says, verdict.Next, .. verdict.Also],
                        sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal)
                    );
                    Assert.True(
                        verdict.Tone != VerdictTone.Good
                            || (plan == PlanStatus.Active && profile is not (ProfileStatus.Deleted or ProfileStatus.Disabled)),
                        $"{plan}, {profile}, {expires}: {verdict.Says}"
                    );
                }
            }
        }
    }

    private static Verdict Of(EsimEntity esim, params EventRow[] events) => EsimVerdict.Of(esim, events, Rows.NowMs);

    private static void Check(Verdict verdict, VerdictTone tone, string says, EventRow basis)
    {
        Assert.Equal(says, verdict.Says);
        Assert.Equal(tone, verdict.Tone);
        Assert.Same(basis, verdict.Basis);
    }

    private static void Unused(EsimEntity esim) =>
        (esim.PlanStatus, esim.ProfileStatus, esim.ActivatedAtMs, esim.InstalledAtMs, esim.ExpiresAtMs, esim.DataUsedGb) = (
            PlanStatus.New,
            ProfileStatus.Unknown,
            null,
            null,
            null,
            null
        );

    private static EsimEntity Esim(Action<EsimEntity>? change = null)
    {
        var esim = new EsimEntity
        {
            Iccid = "8948010010092440014",
            IccidReversed = "",
            FoldState = "",
            PlanStatus = PlanStatus.Active,
            ProfileStatus = ProfileStatus.Enabled,
            InstalledAtMs = Rows.InHours(-8),
            ActivatedAtMs = Rows.InHours(-8),
            ExpiresAtMs = Rows.InHours(200),
            DataUsedGb = 0.2m,
            DataTotalGb = 1,
        };
        change?.Invoke(esim);
        return esim;
    }
}
