using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Deliveries;

/// <summary>Each state of a delivery and its verdict.</summary>
public sealed class DeliveryVerdictTests
{
    [Theory]
    [InlineData(DeliveryState.Processed, 1, VerdictTone.Good, "It arrived, its signature is right, and it is applied.")]
    [InlineData(DeliveryState.Pending, 1, VerdictTone.Waiting, "It arrived, and is about to be processed.")]
    [InlineData(DeliveryState.Pending, 95, VerdictTone.Warning, "It arrived, and has been waiting to be processed for 1 min 35 s.")]
    [InlineData(DeliveryState.Failed, 1, VerdictTone.Warning, "It arrived, and processing failed. A reason.")]
    [InlineData(DeliveryState.Dead, 1, VerdictTone.Bad, "It arrived, and could not be processed in five tries. A reason.")]
    [InlineData(DeliveryState.Quarantined, 1, VerdictTone.Warning, "It arrived and is signed, but the desk cannot use it. A reason.")]
    public void EachState_IsSaid(DeliveryState state, int secondsAgo, VerdictTone tone, string says)
    {
        var verdict = DeliveryVerdict.Of(Delivery(state, secondsAgo, arrivals: 1), reported: null, Rows.NowMs);

        Assert.Equal(says, verdict.Says);
        Assert.Equal(tone, verdict.Tone);
        Assert.Empty(verdict.Also);
    }

    [Fact]
    public void Repeated_IsNotedAsAppliedOnce() =>
        Assert.Equal(
            ["It came 3 times, and was applied once."],
            DeliveryVerdict.Of(Delivery(DeliveryState.Processed, 1, arrivals: 3), reported: null, Rows.NowMs).Also
        );

    private static DeliveryFacts Delivery(DeliveryState state, int secondsAgo, int arrivals) =>
        new(
            1,
            IsTest: false,
            "id",
            "order.created",
            ContractVersion.V2025_11,
            SignedForm.RawBody,
            0,
            state,
            1,
            arrivals,
            DeliveryFlags.None,
            state is DeliveryState.Processed or DeliveryState.Pending ? null : "A reason.",
            Rows.NowMs - (secondsAgo * 1000),
            null,
            10,
            "{}",
            "{}",
            IsBodyKept: true
        );
}
