using System.Net;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Desk.Settings;

public sealed class SecretTests : IAsyncDisposable
{
    private readonly DashboardApp app = new([("ESIMFLY_WEBHOOK_SECRET", null)]);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Secret_Added_VerifiesFromThenOn_AndIsSealed()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync("whsec_first", "A"));

        Assert.Null((await Actions.AddAsync(admin, "First", "  whsec_first \n", TestContext.Current.CancellationToken)).Problem);

        Assert.Equal(HttpStatusCode.OK, await SendAsync("whsec_first", "B"));
        await using var context = app.OpenContext();
        var row = await context.SigningSecrets.AsNoTracking().SingleAsync(secret => !secret.IsTest, TestContext.Current.CancellationToken);
        Assert.True(row.SealedSecret.AsSpan().IndexOf("whsec_first"u8) < 0);
        Assert.Contains(AuditActions.SecretAdded, await AuditAsync(), StringComparer.Ordinal);
        Assert.DoesNotContain(
            await context.Audit.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken),
            entry => $"{entry.Subject} {entry.Detail}".Contains("whsec_first", StringComparison.Ordinal)
        );
        await Eventually.IsTrueAsync(
            async () => (await ListAsync(admin)).Single(secret => secret.Id == row.Id).LastMatchedAtMs is not null,
            "it is noted when it matched"
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \t")]
    public async Task Secret_Empty_IsRefused(string text)
    {
        var outcome = await Actions.AddAsync(await app.JoinAsync(AccountRole.Admin), "Empty", text, TestContext.Current.CancellationToken);

        Assert.Contains("must not be empty", outcome.Problem, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await SendAsync("", "A"));
    }

    [Fact]
    public async Task Secret_AddedTwice_IsRefused()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        await Actions.AddAsync(admin, "First", "whsec_first", TestContext.Current.CancellationToken);

        Assert.Contains(
            "“First”",
            (await Actions.AddAsync(admin, "Again", "whsec_first", TestContext.Current.CancellationToken)).Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Rotate_TheOldOneGoesOnForADay_AndThenEnds()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        await Actions.AddAsync(admin, "Old", "whsec_old", TestContext.Current.CancellationToken);

        // Shorter than may be.
        await Actions.RotateAsync(admin, "New", "whsec_new", TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        var old = (await ListAsync(admin)).Single(secret => string.Equals(secret.Label, "Old", StringComparison.Ordinal));
        Assert.InRange(Hours(old.ExpiresAtMs), 1.9, 2);
        await Actions.RotateAsync(admin, "Newest", "whsec_newest", SecretActions.Overlap, TestContext.Current.CancellationToken);

        var rows = (await ListAsync(admin)).ToDictionary(secret => secret.Label, StringComparer.Ordinal);
        Assert.InRange(Hours(rows["Old"].ExpiresAtMs), 1.9, 2); // not put off
        Assert.InRange(Hours(rows["New"].ExpiresAtMs), 23.9, 24);
        Assert.Null(rows["Newest"].ExpiresAtMs);
        Assert.Null(rows["Simulator"].ExpiresAtMs);
        foreach (var secret in new[] { "whsec_old", "whsec_new", "whsec_newest" })
        {
            Assert.Equal(HttpStatusCode.OK, await SendAsync(secret, secret));
        }
    }

    [Fact]
    public async Task Retire_EndsIt_AtOnce_ButNeverTheTestSecret()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        await Actions.AddAsync(admin, "First", "whsec_first", TestContext.Current.CancellationToken);
        await Actions.AddAsync(admin, "Second", "whsec_second", TestContext.Current.CancellationToken);
        var rows = await ListAsync(admin);

        Assert.True(
            await Actions.RetireAsync(
                admin,
                rows.Single(row => string.Equals(row.Label, "First", StringComparison.Ordinal)).Id,
                TestContext.Current.CancellationToken
            )
        );
        Assert.False(await Actions.RetireAsync(admin, rows.Single(row => row.IsTest).Id, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("whsec_first", "A"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("whsec_second", "B"));
        Assert.Contains(AuditActions.SecretRetired, await AuditAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Rescue_AfterTheRightSecretWasAdded_MakesDeliveriesOfTheRejected_AndARetryLaterIsADuplicate()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        await Actions.AddAsync(admin, "Wrong", "whsec_wrong", TestContext.Current.CancellationToken);
        var bodies = new[] { Samples.Read("2025-11/order.created"), Samples.Read("2026-04/esim.provisioned") };
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            await StatusAsync(
                Signing.Request(bodies[0], secret: "whsec_right", id: "11111111-2222-3333-4444-555555555555", eventName: "order.created")
            )
        );
        await RejectedAsync(1);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Signing.Request("{}"u8.ToArray(), secret: "whsec_of_nobody")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Signing.Request(bodies[1], Samples.Newer, "whsec_right")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Signing.Request("{}"u8.ToArray(), secret: "whsec_of_nobody")));
        await RejectedAsync(4); // each whole, though they came within a second

        var outcome = await Actions.AddAsync(admin, "Right", "whsec_right", TestContext.Current.CancellationToken);

        Assert.Equal((4, 2), (outcome.Rescue.Tried, outcome.Rescue.Saved));
        await app.SettleAsync();
        await using (var context = app.OpenContext())
        {
            var first = await context
                .Deliveries.AsNoTracking()
                .SingleAsync(row => row.DeliveryId == "11111111-2222-3333-4444-555555555555", TestContext.Current.CancellationToken);
            Assert.Equal((DeliveryState.Processed, DeliveryFlags.Rescued), (first.State, first.Flags));
            Assert.Equal(
                401,
                (
                    await context
                        .Arrivals.AsNoTracking()
                        .SingleAsync(row => row.DeliverySeq == first.Seq, TestContext.Current.CancellationToken)
                ).Status
            );
            Assert.Equal(1, await context.Orders.CountAsync(row => row.OrderId == "ORD-123456", TestContext.Current.CancellationToken));
            // Nobody's.
            Assert.Equal(2, await context.Rejected.CountAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal(
            HttpStatusCode.OK,
            await StatusAsync(Signing.Request(bodies[0], secret: "whsec_right", id: "11111111-2222-3333-4444-555555555555"))
        );
        await app.SettleAsync();
        await using var later = app.OpenContext();
        Assert.Equal(2, await later.Deliveries.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            2,
            (
                await later
                    .Deliveries.AsNoTracking()
                    .SingleAsync(row => row.EventName == "order.created", TestContext.Current.CancellationToken)
            ).Arrivals
        );
        Assert.Contains(AuditActions.Rescued, await AuditAsync(), StringComparer.Ordinal);
    }

    private SecretActions Actions => app.Get<SecretActions>();

    private Task<IReadOnlyList<SecretRow>> ListAsync(System.Security.Claims.ClaimsPrincipal who) =>
        Actions.ListAsync(who, TestContext.Current.CancellationToken);

    private static double Hours(long? atMs) => (DateTimeOffset.FromUnixTimeMilliseconds(atMs!.Value) - DateTimeOffset.UtcNow).TotalHours;

    private Task<HttpStatusCode> SendAsync(string secret, string orderId) =>
        StatusAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = orderId), secret: secret));

    private async Task<HttpStatusCode> StatusAsync(HttpRequestMessage request)
    {
        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private Task RejectedAsync(int count) =>
        Eventually.IsTrueAsync(
            async () =>
            {
                await using var context = app.OpenContext();
                return await context.Rejected.CountAsync(TestContext.Current.CancellationToken) >= count;
            },
            $"{count} rejected requests are kept"
        );

    private static Task NextSecondAsync()
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        return Eventually.IsTrueAsync(
            () => System.Diagnostics.Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(1.25),
            "a second has passed"
        );
    }

    private async Task<List<string>> AuditAsync()
    {
        await using var context = app.OpenContext();
        return await context.Audit.AsNoTracking().Select(row => row.Action).ToListAsync(TestContext.Current.CancellationToken);
    }
}
