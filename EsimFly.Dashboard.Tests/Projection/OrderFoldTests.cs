using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Projection;

public sealed class OrderFoldTests
{
    [Fact]
    public void Apply_CreatedThenCompleted_IsCompletedWithItsFacts()
    {
        var state = Reported.FoldOrder(Reported.Created(100), Reported.Completed(200, Reported.Iccid));

        Assert.Equal(OrderStatus.Completed, state.Status);
        Assert.Equal((100, 200, 5.50m, 1), (state.CreatedAtMs, state.CompletedAtMs, state.Amount, state.Quantity));
        Assert.Equal([Reported.Iccid], state.Iccids);
        Assert.Equal(OrderFlags.None, Row(state).Flags);
    }

    [Fact]
    public void Apply_FailedThenCompleted_IsCompletedWithoutAnError()
    {
        var state = Reported.FoldOrder(Reported.Created(100), Reported.Failed(150), Reported.Completed(200, Reported.Iccid));

        Assert.Equal(OrderStatus.Completed, state.Status);
        Assert.Null(state.ErrorCode);
        Assert.Null(state.FailedAtMs);
    }

    [Fact]
    public void Apply_FailedAfterCompleted_StaysCompletedAndIsFlagged()
    {
        var state = Reported.FoldOrder(Reported.Created(100), Reported.Completed(200, Reported.Iccid), Reported.Failed(300));

        Assert.Equal(OrderStatus.Completed, state.Status);
        Assert.Equal("PROVIDER_ERROR", state.ErrorCode);
        Assert.True(state.Flags.HasFlag(OrderFlags.FailedAfterCompleted));
    }

    [Fact]
    public void Apply_FailedAtTheSameInstantAsCompleted_CountsAsBefore()
    {
        var state = Reported.FoldOrder(Reported.Completed(200, Reported.Iccid), Reported.Failed(200));

        Assert.Equal(OrderStatus.Completed, state.Status);
        Assert.False(state.Flags.HasFlag(OrderFlags.FailedAfterCompleted));
    }

    [Fact]
    public void Apply_Failed_KeepsWhatWentWrong()
    {
        var state = Reported.FoldOrder(Reported.Created(100), Reported.Failed(150));

        Assert.Equal((OrderStatus.Failed, "PROVIDER_ERROR", true, 150), (state.Status, state.ErrorCode, state.CanRetry, state.FailedAtMs));
    }

    [Fact]
    public void Apply_CompletedAlone_IsAStub() =>
        Assert.Equal(OrderFlags.Stub, Row(Reported.FoldOrder(Reported.Completed(200, Reported.Iccid))).Flags);

    [Fact]
    public void Apply_FewerEsimsThanOrdered_IsFlagged() =>
        Assert.True(
            Row(Reported.FoldOrder(Reported.Created(100, quantity: 3), Reported.Completed(200, Reported.Iccid)))
                .Flags.HasFlag(OrderFlags.QuantityMismatch)
        );

    [Fact]
    public void Apply_EsimsThatComeLater_MakeTheNumberRight()
    {
        var later = Reported.Event(EventType.EsimProvisioned, 300, orderKey: Reported.Order, iccids: [Reported.Iccid]);

        var empty = Reported.FoldOrder(Reported.Created(100, quantity: 1), Reported.Completed(200));
        var whole = Reported.FoldOrder(Reported.Created(100, quantity: 1), Reported.Completed(200), later);

        Assert.True(Row(empty).Flags.HasFlag(OrderFlags.QuantityMismatch));
        Assert.False(Row(whole).Flags.HasFlag(OrderFlags.QuantityMismatch));
    }

    [Fact]
    public void Apply_OneEsimInEachOfThreeCompletions_IsThree() =>
        Assert.False(
            Row(
                Reported.FoldOrder([
                    Reported.Created(100, quantity: 3),
                    .. Enumerable.Range(1, 3).Select(i => Reported.Completed(200 + i, $"894450010219830482{i}")),
                ])
            )
                .Flags.HasFlag(OrderFlags.QuantityMismatch)
        );

    [Fact]
    public void Apply_OneEsimListedTwice_IsOne() =>
        Assert.True(
            Row(Reported.FoldOrder(Reported.Created(100, quantity: 2), Reported.Completed(200, Reported.Iccid, Reported.Iccid)))
                .Flags.HasFlag(OrderFlags.QuantityMismatch)
        );

    [Fact]
    public void Apply_EsimsProvisionedOneByOne_CompleteTheOrderWithTheLast()
    {
        var events = Enumerable
            .Range(1, 3)
            .Select(i => Reported.Event(EventType.EsimProvisioned, 100 + i, orderKey: Reported.Order, iccids: [$"894450010219830482{i}"]))
            .ToArray();

        Assert.Equal(OrderStatus.Processing, Reported.FoldOrder([Reported.Created(100, quantity: 3), .. events[..2]]).Status);
        var all = Reported.FoldOrder([Reported.Created(100, quantity: 3), .. events]);
        Assert.Equal((OrderStatus.Completed, 103L), (all.Status, all.CompletedAtMs));
    }

    [Fact]
    public void Apply_CompletedByNameAfterItsEsimWasSeen_TakesTheNamedInstant()
    {
        var state = Reported.FoldOrder(
            Reported.Created(100),
            Reported.Event(EventType.EsimProvisioned, 110, orderKey: Reported.Order, iccids: [Reported.Iccid]),
            Reported.Completed(200, Reported.Iccid)
        );

        Assert.Equal(200, state.CompletedAtMs);
    }

    [Fact]
    public void Apply_AnotherReference_IsFlaggedAndTheFirstStays()
    {
        var state = Reported.FoldOrder(
            Reported.Created(100),
            Reported.Event(EventType.OrderCompleted, 200, orderKey: Reported.Order, reference: "REF-2")
        );

        Assert.Equal("REF-1", state.OrderReference);
        Assert.True(state.Flags.HasFlag(OrderFlags.ReferenceConflict));
    }

    [Fact]
    public void Apply_EventWithoutATimestamp_ComesBeforeAllOthers()
    {
        var undated = Reported.Failed(0) with { Key = new FoldKey(null, EventType.OrderFailed.CausalRank(), "ff") };

        Assert.Equal(OrderStatus.Completed, Reported.FoldOrder(Reported.Completed(200, Reported.Iccid), undated).Status);
        Assert.Equal(
            OrderFlags.None,
            Reported.FoldOrder(Reported.Created(100), Reported.Completed(200, Reported.Iccid), undated).Flags
                & OrderFlags.FailedAfterCompleted
        );
    }

    private static OrderEntity Row(OrderState state) => OrderFold.ToRow(state, isTest: false, Reported.Order, isAmbiguous: false);
}
