using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Simulator;

/// <summary>The Simulator against the real endpoint: each event and scenario, and that a test stays a test.</summary>
public sealed class SimulatorTests : IClassFixture<SimulatorTests.Running>
{
    private readonly Running running;

    public SimulatorTests(Running running) => this.running = running;

    public static TheoryData<string> Events => [.. EventTypes.All.Select(type => type.Name())];

    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DashboardApp App => running.App;

    [Theory]
    [MemberData(nameof(Events))]
    public async Task EachEvent_Sent_IsStoredAndFoldedAsATest(string name)
    {
        var type = EventTypes.Find(name)!.Value;
        var request = new SimulatedRequest
        {
            Body = SimulatedEvents.Body(type, SimulatedSubject.New(Random.Shared), DateTimeOffset.UtcNow),
            Contract = SimulatedEvents.ContractOf(type),
            EventHeader = name,
        };

        var answer = await App.Get<SimulatorActions>()
            .SendAsync(await App.JoinAsync(AccountRole.Support), request, SimulatorTarget.Own, Token);

        Assert.Equal((200, null), (answer.Status, answer.Problem));
        await App.SettleAsync();
        var trace = await App.Get<SimulatorActions>().TraceAsync(await App.JoinAsync(AccountRole.Viewer), request.DeliveryId, Token);
        Assert.Equal(DeliveryState.Processed, trace!.State);
        await using var context = App.OpenContext();
        var stored = await context.Deliveries.AsNoTracking().SingleAsync(row => row.DeliveryId == request.DeliveryId, Token);
        Assert.True(stored.IsTest);
        Assert.Equal(DeliveryFlags.None, stored.Flags); // not even an odd ICCID
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task EachScenario_Played_DoesWhatItSays(string name)
    {
        var steps = new List<ScenarioProgress>();

        var checks = await App.Get<SimulatorActions>()
            .PlayAsync(await App.JoinAsync(AccountRole.Support), Scenarios.Find(name)!, TimeSpan.Zero, new Heard(steps), Token);

        Assert.NotEmpty(steps);
        Assert.NotEmpty(checks);
        Assert.True(
            checks.All(check => check.Holds),
            string.Join('\n', checks.Where(check => !check.Holds).Select(check => $"{check.Says}, found: {check.Found}"))
        );
    }

    [Fact]
    public async Task Scenario_WhoseCheckDoesNotHold_SaysSo()
    {
        var wrong = new Scenario(
            "wrong",
            "Wrong",
            "Never.",
            async play =>
            {
                await play.SendAsync(play.Event(EventType.OrderFailed));
                await play.OrderShouldBeAsync(OrderStatus.Completed);
            }
        );

        var check = Assert.Single(
            await App.Get<SimulatorActions>()
                .PlayAsync(await App.JoinAsync(AccountRole.Support), wrong, TimeSpan.Zero, new Heard([]), Token)
        );

        Assert.False(check.Holds);
        Assert.Equal("Failed with 0", check.Found);
    }

    [Theory]
    [InlineData("JsonStringify")]
    [InlineData("RawBody")]
    public async Task EitherSignedForm_Verifies(string form)
    {
        var request = new SimulatedRequest
        {
            Body = SimulatedEvents.Body(EventType.OrderCreated, SimulatedSubject.New(Random.Shared), DateTimeOffset.UtcNow),
            Contract = ContractVersion.V2025_11,
            Form = Enum.Parse<SignedForm>(form),
            EventHeader = "order.created",
        };

        Assert.Equal(
            200,
            (
                await App.Get<SimulatorActions>().SendAsync(await App.JoinAsync(AccountRole.Support), request, SimulatorTarget.Own, Token)
            ).Status
        );
        await App.SettleAsync();

        await using var context = App.OpenContext();
        Assert.Equal(
            request.Form,
            (await context.Deliveries.AsNoTracking().SingleAsync(row => row.DeliveryId == request.DeliveryId, Token)).SignedForm
        );
    }

    [Fact]
    public async Task Tests_AreInNoAlertAndMeetNoRealOrder()
    {
        var subject = SimulatedSubject.New(Random.Shared);
        var body = SimulatedEvents.Body(EventType.OrderFailed, subject, DateTimeOffset.UtcNow);
        await App.Get<SimulatorActions>()
            .SendAsync(
                await App.JoinAsync(AccountRole.Support),
                new()
                {
                    Body = body,
                    Contract = ContractVersion.V2025_11,
                    EventHeader = "order.failed",
                },
                SimulatorTarget.Own,
                Token
            );
        await App.DeliverAsync(
            Signing.Request(Encoding.UTF8.GetBytes(SimulatedEvents.Body(EventType.OrderCreated, subject, DateTimeOffset.UtcNow)))
        );
        await App.SettleAsync();

        await using var context = App.OpenContext();
        var orders = await context
            .Orders.AsNoTracking()
            .Where(row => row.OrderId == subject.OrderId)
            .OrderBy(row => row.IsTest)
            .ToListAsync(Token);
        Assert.Equal([(false, OrderStatus.Processing), (true, OrderStatus.Failed)], orders.Select(order => (order.IsTest, order.Status)));
        await App.Get<AlertWatch>().LookAsync(Token);
        Assert.DoesNotContain(
            await App.Get<AlertActions>().OpenAsync(await App.JoinAsync(AccountRole.Viewer), Token),
            alert => string.Equals(alert.Key, subject.OrderId, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void EveryWayToAnAddress_IsTheApplicationsOwn()
    {
        var webhook = App.Get<OwnAddress>().Webhook!;

        Assert.True(webhook.IsLoopback);
        Assert.Equal("/webhooks/esimfly", webhook.AbsolutePath);
        Assert.Equal(App.Address.Port, webhook.Port);
    }

    [Fact]
    public async Task WhatIsSent_IsAudited()
    {
        await App.Get<SimulatorActions>()
            .PlayAsync(await App.JoinAsync(AccountRole.Support), Scenarios.Find("unsigned")!, TimeSpan.Zero, new Heard([]), Token);

        await using var context = App.OpenContext();
        Assert.True(
            await context.Audit.AnyAsync(
                row => row.Action == AuditActions.Simulated && row.Subject == "unsigned" && row.Actor == "support@example.com",
                Token
            )
        );
    }

    private sealed class Heard(List<ScenarioProgress> steps) : IProgress<ScenarioProgress>
    {
        public void Report(ScenarioProgress value)
        {
            lock (steps)
            {
                steps.Add(value);
            }
        }
    }

    /// <summary>One application for all of them.</summary>
    public sealed class Running : IAsyncLifetime
    {
        internal DashboardApp App { get; } = new();

        public ValueTask InitializeAsync() => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
