using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Tests.Desk.Orders;

public sealed class OrderWaitingTests
{
    [Theory]
    [InlineData(0, 0, 100, 900, 100)] // since it was placed
    [InlineData(0, (int)OrderFlags.CreatedAgain, 100, 900, 900)] // since it was created again
    [InlineData(0, (int)OrderFlags.CreatedAgain, 100, null, 100)]
    [InlineData(0, 0, 0, 900, null)] // nothing says when it was placed
    [InlineData((int)OrderStatus.Completed, 0, 100, 900, null)] // it has ended
    [InlineData((int)OrderStatus.Failed, (int)OrderFlags.CreatedAgain, 100, 900, null)]
    public void SinceMs_OfEachKindOfOrder_IsItsPresentAttempt(int status, int flags, int placedAtMs, int? lastEventAtMs, int? expected) =>
        Assert.Equal(expected, OrderWaiting.SinceMs((OrderStatus)status, (OrderFlags)flags, placedAtMs, lastEventAtMs));
}
