using System.Net;
using System.Text;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>What it may cost to find out that a request is not signed.</summary>
public sealed class PrintingBudgetTests
{
    private static readonly byte[] Printed = """{"event":"esim.suspended","data":{}}"""u8.ToArray();

    private readonly FakeTimeProvider time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Sender_WhoseTimeIsUsedUp_ComesAgainLater_AndOthersNow()
    {
        var budget = new PrintingBudget(time);

        budget.Charge("192.0.2.1", TimeSpan.FromMilliseconds(60));

        Assert.False(budget.Allows("192.0.2.1"));
        Assert.True(budget.Allows("192.0.2.2"));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(budget.Allows("192.0.2.1"));
    }

    [Fact]
    public void Strangers_TogetherHaveAShare_AndOneWhoVerifiedIsNone()
    {
        var budget = new PrintingBudget(time);
        budget.Verified(IPAddress.Parse("198.51.100.7"));

        for (var i = 0; i < 20; i++)
        {
            budget.Charge($"192.0.2.{i}", TimeSpan.FromMilliseconds(20));
        }

        Assert.False(budget.Allows("203.0.113.1"));
        Assert.True(budget.Allows("198.51.100.7"));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(budget.Allows("203.0.113.1"));
    }

    [Fact]
    public void Sender_WhoOverdrewFarAndWaited_ComesAgainSoon()
    {
        var budget = new PrintingBudget(time);

        budget.Charge("192.0.2.1", TimeSpan.FromSeconds(30));
        time.Advance(TimeSpan.FromSeconds(2.1));

        Assert.True(budget.Allows("192.0.2.1"));
    }

    [Fact]
    public async Task Sender_OfEarlierDeliveries_IsKnownAfterARestart()
    {
        using var folder = new TempFolder();
        await using (var before = new DashboardApp(folder: folder.Path))
        {
            await before.DeliverAsync(Signing.Sample("2025-11/order.created"));
        }

        await using var app = new DashboardApp(folder: folder.Path);

        Assert.True(app.Get<PrintingBudget>().Senders > 0);
    }

    [Fact]
    public void Senders_HoweverMany_TakeNoMoreMemory()
    {
        var budget = new PrintingBudget(time);
        budget.Verified(IPAddress.Parse("198.51.100.7"));

        for (var i = 0; i < 50_000; i++)
        {
            budget.Charge($"stranger {i}", TimeSpan.FromMicroseconds(1));
        }

        Assert.InRange(budget.Senders, 1, 10_001);
        Assert.True(budget.Allows("198.51.100.7"));
    }

    [Fact]
    public async Task Endpoint_UnderCostlyForgeries_Answers503ToThem_And200ToWhatIsSigned()
    {
        await using var app = new DashboardApp();
        var costly = Encoding.UTF8.GetBytes("{\"a\":[" + string.Join(',', Enumerable.Repeat("5e-324", 9000)) + "]}");
        var answers = new List<HttpStatusCode>();

        while (answers.Count < 500 && !answers.Contains(HttpStatusCode.ServiceUnavailable))
        {
            using var refused = await app.Client.SendAsync(Signing.Request(costly, secret: "whsec_another"), Token);
            answers.Add(refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[^1]);
        Assert.All(answers.SkipLast(1), status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        await app.DeliverAsync(Signing.Sample("2026-04/esim.installed")); // signed over its raw body: that makes its sender known

        // In a printed form, from the address that the forgeries come from.
        await app.DeliverAsync(Signing.Request("""{ "event": "esim.suspended", "data": {} }"""u8.ToArray(), signed: Printed));
        using var notJson = await app.Client.SendAsync(Signing.Request("no object"u8.ToArray(), secret: "whsec_another"), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, notJson.StatusCode); // nothing is printed for it
    }
}
