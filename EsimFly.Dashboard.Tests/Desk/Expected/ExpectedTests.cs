using System.Net;
using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EsimFly.Dashboard.Tests.Desk.Expected;

/// <summary>
/// What has not come, over the whole application: refused deliveries and their retries, downtimes, and events that never came.
/// </summary>
public sealed class ExpectedTests : IAsyncDisposable
{
    private readonly ShiftedClock clock = new();
    private readonly TempFolder folder = new();
    private DashboardApp app;

    public ExpectedTests() => app = Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task WrongSecret_IsSuspectedOnly_AndUntilOneIsTaken()
    {
        var body = Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-AT-RISK");
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await PostAsync(Signing.Request(body, secret: "whsec_another", id: "lost-1", eventName: "order.created"))
        );
        await RefusedAsync(1);

        // It may be anybody's: no outage, and nothing is expected of it.
        var reach = await ReachAsync();
        Assert.Null(reach.Outage);
        Assert.Empty(reach.AtRisk);
        Assert.Null(reach.LastTakenAtMs);

        // Several, and nothing that verifies: perhaps the secret is wrong.
        for (var i = 0; i < 3; i++)
        {
            await PostAsync(Signing.Request(body, secret: "whsec_another", id: $"lost-{i + 2}", eventName: "order.created"));
        }

        await Eventually.IsTrueAsync(async () => (await ReachAsync()).Outage is { IsCertain: false, Requests: >= 3 }, "nothing verifies");
        await app.DeliverAsync(Signing.Sample("2025-11/balance.low"));
        await app.SettleAsync();
        await Eventually.IsTrueAsync(async () => (await ReachAsync()).Outage is null, "one that verifies ends it");
        await app.DeliverAsync(Signing.Request(body, id: "lost-1", eventName: "order.created")); // signed rightly at last
        await app.SettleAsync();
        Assert.Empty((await ReachAsync()).AtRisk);
        var story = (
            await app.Get<RetryQueries>()
                .ReadAsync(await app.JoinAsync(AccountRole.Viewer), app.Get<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(), Token)
        ).Single(row => row.IsVerified);
        Assert.Equal((RetryState.Answered, true), (story.Story.State, story.Seq is not null));
    }

    [Fact]
    public async Task RandomRequests_WithoutASignature_AreNoOutage()
    {
        using var unsigned = new HttpRequestMessage(HttpMethod.Post, "/webhooks/esimfly")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        unsigned.Headers.Add("X-eSIMfly-Delivery-ID", "made-up");
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(unsigned));
        await RefusedAsync(1);

        var reach = await ReachAsync();

        Assert.Null(reach.Outage);
        Assert.Empty(reach.AtRisk);
    }

    [Fact]
    public async Task Restart_AfterAPause_IsNotedAsADowntime()
    {
        await app.Get<Heartbeat>().BeatAsync(Token);
        Assert.Empty((await ReachAsync()).Downtimes);
        await app.DisposeAsync();
        clock.Shift(TimeSpan.FromMinutes(30));

        app = Start();

        await Eventually.IsTrueAsync(async () => (await ReachAsync()).Downtimes.Count == 1, "the downtime is noted");
        var down = (await ReachAsync()).Downtimes[0];
        Assert.InRange(down.ToMs - down.FromMs, 29 * 60_000, 31 * 60_000);
    }

    [Fact]
    public async Task OrderEndedButNeverCreated_IsMissing_UntilItsCreationComes()
    {
        await DeliverAsync("2025-11/order.completed");
        Assert.Contains(await MissingAsync(), row => row is { Kind: MissingKind.OrderCreated, Subject: "ORD-123456" });

        await DeliverAsync("2025-11/order.created");

        Assert.DoesNotContain(await MissingAsync(), row => row.Kind == MissingKind.OrderCreated);
    }

    [Fact]
    public async Task EsimOfNoKnownOrder_IsMissingItsOrder_UntilThatComes()
    {
        await DeliverAsync("2025-11/esim.activated");
        Assert.Contains(await MissingAsync(), row => row is { Kind: MissingKind.OrderOfEsim, Subject: "8901234567890123456" });

        await DeliverAsync("2025-11/order.completed");

        Assert.DoesNotContain(await MissingAsync(), row => row.Kind == MissingKind.OrderOfEsim);
    }

    [Fact]
    public async Task PlanPastItsEnd_IsMissingItsExpiry_UntilThatComes()
    {
        await DeliverAsync("2025-11/esim.activated"); // ended in 2025
        Assert.Contains(await MissingAsync(), row => row is { Kind: MissingKind.EsimExpired, Subject: "8901234567890123456" });

        await DeliverAsync("2025-11/esim.expired");

        Assert.DoesNotContain(await MissingAsync(), row => row.Kind == MissingKind.EsimExpired);
    }

    [Fact]
    public async Task OrderWithoutAnEnd_IsMissingIt_UntilItComes()
    {
        await DeliverAsync("2025-11/order.created");
        Assert.Contains(await MissingAsync(), row => row is { Kind: MissingKind.OrderEnd, Subject: "ORD-123456" });

        await DeliverAsync("2025-11/order.failed");

        Assert.DoesNotContain(await MissingAsync(), row => row.Kind == MissingKind.OrderEnd);
    }

    [Fact]
    public async Task OrderOfContract202604_HasNoCreationToMiss()
    {
        await DeliverAsync("2026-04/esim.provisioned");
        await DeliverAsync("2025-11/order.completed"); // of the other contract, whose creation never came

        Assert.Equal("ORD-123456", Assert.Single(await MissingAsync(), row => row.Kind == MissingKind.OrderCreated).Subject);
    }

    [Fact]
    public async Task RejectedRequest_SignedWithASecretThatIsAddedLater_IsDiagnosedAndRescuedAlone()
    {
        await PostAsync(Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_later", id: "one"));
        await RefusedAsync(1);
        var admin = await app.JoinAsync(AccountRole.Admin);
        await using var context = app.OpenContext();
        var id = (await context.Rejected.SingleAsync(Token)).Id;
        Assert.Empty((await app.Get<DeliveryActions>().DiagnoseAsync(admin, id, Token))!);
        Assert.Null(await app.Get<DeliveryActions>().RescueAsync(admin, id, Token));

        await app.Get<SigningSecrets>().AddAsync("Later", "whsec_later", null, null, Token);

        Assert.True(Assert.Single((await app.Get<DeliveryActions>().DiagnoseAsync(admin, id, Token))!).Verifies);
        var seq = await app.Get<DeliveryActions>().RescueAsync(admin, id, Token);
        Assert.NotNull(seq);
        Assert.False(await context.Rejected.AnyAsync(Token));
        Assert.True(await context.Audit.AnyAsync(row => row.Action == AuditActions.Rescued, Token));
        await app.SettleAsync();
        Assert.Equal(DeliveryState.Processed, (await context.Deliveries.AsNoTracking().SingleAsync(row => row.Seq == seq, Token)).State);
    }

    [Theory]
    [InlineData("dumps", "JsonDumps", "AsReceived", "AsKept", false)]
    [InlineData("newline", "RawBody", "WithTrailingLineFeed", "AsKept", true)]
    [InlineData("trimmed", "RawBody", "WithoutTrailingSpace", "AsKept", true)]
    [InlineData("prefix", "RawBody", "AsReceived", "WithoutPrefix", true)]
    [InlineData("base64", "RawBody", "AsReceived", "Base64Decoded", true)]
    public async Task RejectedRequest_WhatWouldHaveMatched_IsFound(string fault, string form, string body, string key, bool isFormTried)
    {
        const string Whole =
            """{"event":"balance.low","timestamp":"2026-01-01T00:00:00Z","data":{"current_balance":5.50,"threshold":20}}""";
        var sent = Encoding.UTF8.GetBytes(fault is "trimmed" ? Whole + "\r\n" : Whole);
        var (secret, signed) = fault switch
        {
            "dumps" => (
                Signing.Secret,
                """{"event": "balance.low", "timestamp": "2026-01-01T00:00:00Z", "data": {"current_balance": 5.5, "threshold": 20}}"""
            ),
            "newline" => (Signing.Secret, Whole + "\n"),
            "prefix" => ("test", Whole),
            _ => (Signing.Secret, Whole),
        };
        var request = Signing.Request(sent, secret: secret, id: fault, signed: Encoding.UTF8.GetBytes(signed));
        if (fault is "base64")
        {
            request.Headers.Remove("X-eSIMfly-Signature");
            request.Headers.Add(
                "X-eSIMfly-Signature",
                Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String("test"), sent))
            );
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(request));
        await RefusedAsync(1);
        await using var context = app.OpenContext();
        var found = await app.Get<Diagnosis>().DiagnoseAsync((await context.Rejected.SingleAsync(Token)).Id, Token);

        var match = Assert.Single(found!);
        Assert.Equal(
            (form, body, key, isFormTried),
            (match.Form.ToString(), match.Body.ToString(), match.Key.ToString(), match.IsFormTried)
        );
        Assert.False(match.Verifies);
    }

    private DashboardApp Start() =>
        new(folder: folder.Path, services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));

    private async Task<HttpStatusCode> PostAsync(HttpRequestMessage request)
    {
        using var response = await app.Client.SendAsync(request, Token);
        return response.StatusCode;
    }

    private async Task DeliverAsync(string sample)
    {
        await app.DeliverAsync(Signing.Sample(sample));
        await app.SettleAsync();
    }

    private Task RefusedAsync(int count) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenContext();
                return await context.Rejected.CountAsync(Token) == count;
            },
            "the refused requests are logged"
        );

    private async Task<ReachFacts> ReachAsync() =>
        await app.Get<HealthQueries>().ReachAsync(await app.JoinAsync(AccountRole.Viewer), Token);

    private async Task<IReadOnlyList<MissingEvent>> MissingAsync() =>
        await app.Get<MissingQueries>()
            .ReadAsync(await app.JoinAsync(AccountRole.Viewer), isTest: false, clock.GetUtcNow().ToUnixTimeMilliseconds(), 50, Token);
}
