using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Orders;

/// <summary>Each state of an order and its verdict, with the event that it rests on.</summary>
public sealed class OrderVerdictTests
{
    private static readonly EventRow Created = Rows.Event(EventType.OrderCreated, 60);

    [Theory]
    [InlineData(0.5, VerdictTone.Waiting, "It is being provisioned, for 30 s so far.")]
    [InlineData(4.9, VerdictTone.Waiting, "It is being provisioned, for 4 min 54 s so far.")]
    [InlineData(5, VerdictTone.Warning, "It is slow: 5 minutes so far.")]
    [InlineData(9.9, VerdictTone.Warning, "It is slow: 9 minutes so far.")]
    [InlineData(10, VerdictTone.Bad, "It is stuck: nothing for 10 minutes.")]
    [InlineData(125, VerdictTone.Bad, "It is stuck: nothing for 2 h 05 min.")]
    public void Processing_ByTheClock(double minutes, VerdictTone tone, string says)
    {
        var verdict = Of(Order(order => order.SortAtMs = Rows.InHours(-minutes / 60)), Created);

        Check(verdict, tone, says, Created);
        Assert.Equal("neither order.completed nor order.failed has come", verdict.Missing);
    }

    [Fact]
    public void Processing_ThresholdsAreSettings()
    {
        var order = Order(order => order.SortAtMs = Rows.InHours(-3.0 / 60));

        var verdict = OrderVerdict.Of(order, [Created], new Thresholds { StuckMinutes = 1, StuckBadlyMinutes = 2 }, Rows.NowMs);

        Assert.Equal(VerdictTone.Bad, verdict.Tone);
    }

    [Fact]
    public void Processing_CreatedAgainAfterAFailure_WaitsSinceThen()
    {
        var order = Order(item =>
            (item.SortAtMs, item.LastEventAtMs, item.Flags) = (Rows.InHours(-26), Rows.InHours(-1.0 / 60), OrderFlags.CreatedAgain)
        );

        Check(Of(order, Created), VerdictTone.Waiting, "It is being provisioned, for 1 min 00 s so far.", Created);
    }

    [Fact]
    public void Processing_NotDated_IsNotCalledStuck() =>
        Assert.Equal(VerdictTone.Unknown, Of(Order(order => order.SortAtMs = 0), Created).Tone);

    [Fact]
    public void Completed_RestsOnTheEvent()
    {
        var completed = Rows.Event(EventType.OrderCompleted, 5);

        Check(
            Of(Order(order => (order.Status, order.EsimCount) = (OrderStatus.Completed, 1)), completed, Created),
            VerdictTone.Good,
            "It completed. Its eSIM is ready.",
            completed
        );
    }

    [Fact]
    public void Completed_ByItsEsimsAlone_RestsOnThem()
    {
        var provisioned = Rows.Event(EventType.EsimProvisioned, 5);

        Check(
            Of(Order(order => (order.Status, order.Quantity, order.EsimCount) = (OrderStatus.Completed, null, 2)), provisioned),
            VerdictTone.Good,
            "It completed. Its 2 eSIMs are ready.",
            provisioned
        );
    }

    [Theory]
    [InlineData(3, "It completed with 3 of 5 eSIMs.")]
    [InlineData(0, "It completed, and no eSIM came with it.")]
    public void Completed_WithTooFew_Warns(int esims, string says)
    {
        var completed = Rows.Event(EventType.OrderCompleted, 5);

        Check(
            Of(Order(order => (order.Status, order.Quantity, order.EsimCount) = (OrderStatus.Completed, 5, esims)), completed),
            VerdictTone.Warning,
            says,
            completed
        );
    }

    [Fact]
    public void Completed_ThenReportedAsFailed_StaysCompletedAndNotesIt()
    {
        var verdict = Of(
            Order(order => (order.Status, order.EsimCount, order.Flags) = (OrderStatus.Completed, 1, OrderFlags.FailedAfterCompleted)),
            Rows.Event(EventType.OrderCompleted, 5)
        );

        Assert.Equal(VerdictTone.Good, verdict.Tone);
        Assert.Equal(["A failure was reported afterwards; completed is final."], verdict.Also);
    }

    [Theory]
    [InlineData("PROVIDER_ERROR", true, VerdictTone.Warning, "It failed. The network's provider had a temporary problem.")]
    [InlineData("PACKAGE_NOT_AVAILABLE", false, VerdictTone.Bad, "It failed. The package is not sold at present.")]
    [InlineData("NEVER_HEARD_OF", null, VerdictTone.Bad, "It failed. Something went wrong")]
    public void Failed_SaysWhyInPlainEnglish(string code, bool? canRetry, VerdictTone tone, string says)
    {
        var failed = Rows.Event(EventType.OrderFailed, 5);

        Check(
            Of(
                Order(order =>
                    (order.Status, order.ErrorCode, order.ErrorMessage, order.CanRetry) = (
                        OrderStatus.Failed,
                        code,
                        "Something went wrong",
                        canRetry
                    )
                ),
                failed,
                Created
            ),
            tone,
            says,
            failed
        );
    }

    private static Verdict Of(OrderEntity order, params EventRow[] events) => OrderVerdict.Of(order, events, new Thresholds(), Rows.NowMs);

    private static void Check(Verdict verdict, VerdictTone tone, string says, EventRow basis)
    {
        Assert.Equal(says, verdict.Says);
        Assert.Equal(tone, verdict.Tone);
        Assert.Same(basis, verdict.Basis);
        Assert.NotEmpty(verdict.Next);
    }

    private static OrderEntity Order(Action<OrderEntity> change)
    {
        var order = new OrderEntity
        {
            OrderKey = "id:ORD-1",
            OrderId = "ORD-1",
            FoldState = "",
            Quantity = 1,
            SortAtMs = Rows.InHours(-1),
        };
        change(order);
        return order;
    }
}
