using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Receiving;

/// <summary>A failure that was asked for meets test deliveries alone, and as many as it was asked for.</summary>
public sealed class RehearsalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Answer503")]
    [InlineData("DropConnection")]
    public async Task Fault_MeetsSoManyTestDeliveries_AndNoRealOne(string fault)
    {
        await using var app = new DashboardApp();
        await app.Get<FaultRehearsal>().SetAsync(new() { Fault = Enum.Parse<RehearsedFault>(fault), Remaining = 2 }, _ => { }, Token);
        var support = await app.JoinAsync(AccountRole.Support);
        var answers = new List<int?>();
        for (var i = 0; i < 4; i++)
        {
            await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"REAL-{i}")));
            answers.Add((await app.Get<SimulatorDesk>().SendAsync(support, Request($"t-{i}"), SimulatorTarget.Own, Token)).Status);
        }

        var failed = fault is "Answer503" ? (int?)503 : null;
        Assert.Equal([failed, failed, 200, 200], answers);
        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal((4, 2), (await context.Deliveries.CountAsync(row => !row.IsTest, Token), await context.Deliveries.CountAsync(row => row.IsTest, Token)));
        await Eventually.IsTrueAsync(async () => await context.Rejected.CountAsync(row => row.IsTest, Token) == 2, "both failures are in the log");
        Assert.Equal(failed ?? 0, (await context.Rejected.AsNoTracking().FirstAsync(Token)).Status);
        Assert.False((await app.Get<FaultRehearsal>().ReadAsync(Token)).IsOn);
    }

    [Fact]
    public async Task Fault_SetWithTooMany_EndsByItself()
    {
        await using var app = new DashboardApp();
        await app.Get<FaultRehearsal>().SetAsync(new() { Fault = RehearsedFault.Answer503, Remaining = 1_000_000 }, _ => { }, Token);

        Assert.Equal(Rehearsal.MostRequests, (await app.Get<FaultRehearsal>().ReadAsync(Token)).Remaining);
    }

    [Fact]
    public async Task Refused_WhenTheStorageFails_IsLoggedWhenItWorksAgain()
    {
        await using var store = new TestStore();
        using var ring = new RejectedRing(store.Contexts, store.Writer, store.Sealer, new InboxSignal(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<RejectedRing>.Instance);
        await ring.StartAsync(Token);
        await using (var locker = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store.Paths.Database}"))
        {
            await locker.OpenAsync(Token);
            await using var command = locker.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync(Token);
            Assert.True(ring.TryAdd(new RejectedRequest(1, 503, "storage_failing", null, "id", "{}", null, default, 0)));
            await Eventually.IsTrueAsync(() => store.Health.Fault != EsimFly.Dashboard.Storage.StorageFault.None, "the write has failed");
            command.CommandText = "ROLLBACK";
            await command.ExecuteNonQueryAsync(Token);
        }

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = store.Contexts.CreateDbContext();
                return await context.Rejected.AnyAsync(row => row.DeliveryId == "id", Token);
            },
            "it is logged after all");
        await ring.StopAsync(Token);
    }

    private static SimulatedRequest Request(string id) => new()
    {
        Body = SimulatedEvents.Body(EsimFly.Dashboard.Contract.EventType.OrderCreated, SimulatedSubject.New(Random.Shared), DateTimeOffset.UtcNow),
        Contract = EsimFly.Dashboard.Contract.ContractVersion.V2025_11,
        DeliveryId = id,
    };
}
