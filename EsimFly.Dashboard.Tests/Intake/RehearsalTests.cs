using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Intake;

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
            answers.Add((await app.Get<SimulatorActions>().SendAsync(support, Request($"t-{i}"), SimulatorTarget.Own, Token)).Status);
        }

        var failed = fault is "Answer503" ? (int?)503 : null;
        Assert.Equal([failed, failed, 200, 200], answers);
        await app.SettleAsync();
        await using var context = app.OpenContext();
        Assert.Equal(
            (4, 2),
            (await context.Deliveries.CountAsync(row => !row.IsTest, Token), await context.Deliveries.CountAsync(row => row.IsTest, Token))
        );
        await Eventually.IsTrueAsync(
            async () => await context.Rejected.CountAsync(row => row.IsTest, Token) == 2,
            "both failures are in the log"
        );
        Assert.Equal(failed ?? 0, (await context.Rejected.AsNoTracking().FirstAsync(Token)).Status);
        Assert.False((await app.Get<FaultRehearsal>().ReadAsync(Token)).IsOn);
    }

    [Fact]
    public async Task WhatTheSimulatorSendsWrong_IsRefusedAsATest_AndItsProofServesNothingElse()
    {
        await using var app = new DashboardApp();
        var support = await app.JoinAsync(AccountRole.Support);
        var testKey = app.Get<SigningSecrets>().Current.Single(secret => secret.IsTest).Key.ToArray();
        var unsigned = Request("unsigned") with { IsSigned = false };
        foreach (var wrong in new[] { unsigned, Request("tampered") with { TamperedBody = "{}" } })
        {
            Assert.Equal(401, (await app.Get<SimulatorActions>().SendAsync(support, wrong, SimulatorTarget.Own, Token)).Status);
        }

        var proof = SimulatorProof.Of(testKey, "unsigned", Encoding.UTF8.GetBytes(unsigned.Body));
        foreach (var (id, body) in new[] { ("another", unsigned.Body), ("unsigned", "{}") })
        {
            using var forged = new HttpRequestMessage(HttpMethod.Post, "/webhooks/esimfly")
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            };
            forged.Headers.Add(WebhookHeaders.DeliveryId202511, id);
            forged.Headers.Add(SimulatorProof.Header, proof);
            Assert.Equal(401, (int)(await app.Client.SendAsync(forged, Token)).StatusCode);
        }

        await using var context = app.OpenContext();
        await Eventually.IsTrueAsync(
            async () => await context.Rejected.SumAsync(row => 1 + row.Suppressed, Token) == 4,
            "all four are in the log"
        );
        var refused = await context.Rejected.AsNoTracking().ToListAsync(Token);
        Assert.Equal(
            "tampered, unsigned",
            string.Join(", ", refused.Where(row => row.IsTest).Select(row => row.DeliveryId).Order(StringComparer.Ordinal))
        );
        Assert.Equal(2, refused.Where(row => !row.IsTest).Sum(row => 1 + row.Suppressed));
        Assert.Equal(0, await context.Deliveries.CountAsync(Token));
        Assert.Equal(
            new TestDataSize(0, 2, HasSubjects: false),
            await app.Get<TestData>().MeasureAsync(await app.JoinAsync(AccountRole.Viewer), Token)
        );

        await app.Get<TestData>().DeleteAsync(support, new Progress<int>(), Token);

        Assert.False((await app.Get<TestData>().MeasureAsync(await app.JoinAsync(AccountRole.Viewer), Token)).IsAny);
        Assert.True(await context.Rejected.AllAsync(row => !row.IsTest, Token));
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
        using var ring = new RejectedRing(
            store.Logs,
            store.Log,
            store.Sealer,
            new ChangeNotifier(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeNotifier>.Instance),
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<RejectedRing>.Instance
        );
        await ring.StartAsync(Token);
        await using (var locker = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={store.Paths.Log}"))
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
                await using var context = store.Logs.CreateDbContext();
                return await context.Rejected.AnyAsync(row => row.DeliveryId == "id", Token);
            },
            "it is logged after all"
        );
        await ring.StopAsync(Token);
    }

    private static SimulatedRequest Request(string id) =>
        new()
        {
            Body = SimulatedEvents.Body(EventType.OrderCreated, SimulatedSubject.New(Random.Shared), DateTimeOffset.UtcNow),
            Contract = ContractVersion.V2025_11,
            DeliveryId = id,
        };
}
