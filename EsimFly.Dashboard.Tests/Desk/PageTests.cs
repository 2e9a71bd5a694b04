using Bunit;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Desk.Balance;
using EsimFly.Dashboard.Desk.Deliveries;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Layout;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Overview;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EsimFly.Dashboard.Tests.Desk;

/// <summary>Each page over the whole application's real data: what it shows, and that it follows a delivery by itself.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly DashboardApp app = new();
    private readonly BunitContext context = new();

    public async ValueTask InitializeAsync()
    {
        await context.SignInAsync(app, AccountRole.Support);
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Overview_Empty_SaysWhatWillAppear_ThenFollows()
    {
        var page = context.Render<OverviewPage>();
        Shows(page, "No events yet");

        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));

        Shows(page, "Order created");
        Shows(page, "ORD-123456");
        Shows(page, "USA 1GB - 7 Days");
    }

    [Fact]
    public async Task Overview_TestData_IsInNoTotal()
    {
        var body = Samples.Read("2025-11/balance.low");
        await app.DeliverAsync(Signing.Request(body));
        await app.SettleAsync();
        await app.Get<EsimFly.Dashboard.Storage.Writing.ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "BalanceReadings" SET "IsTest" = TRUE"""),
                TestContext.Current.CancellationToken
            );

        var page = context.Render<OverviewPage>();

        Shows(page, "no balance.low received");
    }

    [Fact]
    public async Task Orders_ListsFindsAndFollows()
    {
        var page = context.Render<OrdersPage>();
        Shows(page, "No orders yet");

        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        Shows(page, "Processing");
        await app.DeliverAsync(Signing.Sample("2025-11/order.failed"));
        Shows(page, "PROVIDER_ERROR");

        await page.Find("input[data-testid=search]").InputAsync(new ChangeEventArgs { Value = "ord 123" });
        page.WaitForAssertion(
            () => Assert.EndsWith("q=ord%20123", context.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal),
            Patience
        );
        Shows(page, "ORD-123456");
        await page.Find("input[data-testid=search]").InputAsync(new ChangeEventArgs { Value = "ORD-9" });
        Shows(page, "No order fits");
    }

    [Fact]
    public async Task Orders_MoreThanAPage_ArePagedByKey()
    {
        await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = $"P-{i:00}")))
                )
        );
        await app.SettleAsync();
        var page = context.Render<OrdersPage>();
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll("tr[data-order]").Count), Patience);
        var first = page.FindAll("tr[data-order]").Select(row => row.GetAttribute("data-order")).ToList();

        await page.InvokeAsync(() => page.FindAll("nav.pager button")[1].ClickAsync());
        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll("tr[data-order]").Count), Patience);
        Assert.Empty(page.FindAll("tr[data-order]").Select(row => row.GetAttribute("data-order")).Intersect(first, StringComparer.Ordinal));

        await page.InvokeAsync(() => page.FindAll("nav.pager button")[0].ClickAsync());
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll("tr[data-order]").Count), Patience);
    }

    [Fact]
    public async Task Order_ByIdAndByReference_ShowsItsEsimsAndFollows()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        await app.SettleAsync();
        var page = context.Render<OrderPage>(parameters => parameters.Add(order => order.Key, "REF-ABC-123"));
        Shows(page, "Processing");
        Shows(page, "5.50 USD");

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));

        Shows(page, "Completed");
        Shows(page, "8901234567890123456");
    }

    [Fact]
    public async Task Order_NotYetThere_AppearsWhenItComes()
    {
        var page = context.Render<OrderPage>(parameters => parameters.Add(order => order.Key, "ORD-123456"));
        Shows(page, "No order with that id");

        await app.DeliverAsync(Signing.Sample("2025-11/order.failed"));

        Shows(page, "PROVIDER_ERROR");
        Shows(page, "never received");
    }

    [Theory]
    [InlineData("890123")]
    [InlineData("3456")]
    [InlineData("8901 2345 6789 0123 456")]
    public async Task Esims_FirstOrLastDigits_FindIt(string digits)
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await app.SettleAsync();
        context.Services.GetRequiredService<NavigationManager>().NavigateTo("/esims?q=" + Uri.EscapeDataString(digits));

        var page = context.Render<EsimsPage>();

        page.WaitForAssertion(
            () => Assert.Equal("8901234567890123456", Assert.Single(page.FindAll("tr[data-iccid]")).GetAttribute("data-iccid")),
            Patience
        );
    }

    [Fact]
    public async Task Esim_ShowsBothAxesAndFollows_AndNeverItsCode()
    {
        await app.DeliverAsync(Signing.Sample("2026-04/esim.installed"));
        await app.SettleAsync();
        var page = context.Render<EsimPage>(parameters => parameters.Add(esim => esim.Iccid, "8948010010092445039"));
        Shows(page, "Installed");
        Shows(page, "89049032020008884800235164256791");

        await app.DeliverAsync(Signing.Sample("2026-04/esim.profile.updated"));
        Shows(page, "Switched on");
        await app.DeliverAsync(Signing.Sample("2026-04/esim.usage.threshold"));
        Shows(page, "4.9 of 5 GB");
    }

    [Fact]
    public async Task Esim_WithACode_ShowsItMasked()
    {
        await app.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await app.SettleAsync();

        var page = context.Render<EsimPage>(parameters => parameters.Add(esim => esim.Iccid, "8981100000012345678"));

        Shows(page, "Reveal");
        Assert.DoesNotContain("ACTIVATION-CODE", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Balance_ShowsTheLatestAndFollows()
    {
        var page = context.Render<BalancePage>();
        Shows(page, "No balance received yet");

        await app.DeliverAsync(Signing.Sample("2025-11/balance.low"));

        Shows(page, "15.50 USD");
        Shows(page, "the balance is below it");
    }

    [Fact]
    public async Task Deliveries_ListsFiltersAndFollows()
    {
        var page = context.Render<DeliveriesPage>();
        Shows(page, "No deliveries yet");

        await app.DeliverAsync(Signing.Sample("2025-11/order.created", "11111111-2222-3333-4444-555555555555"));
        await app.DeliverAsync(Signing.Request("[]"u8.ToArray()));
        Shows(page, "order.created");
        Shows(page, "Quarantined");

        await page.Find("input[data-testid=search]").InputAsync(new ChangeEventArgs { Value = "11111111222233334444555555555555" });
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tr[data-seq]")), Patience);
        Shows(page, "order.created");
    }

    [Fact]
    public async Task Delivery_ShowsArrivalsAndMaskedBody_AndFollowsADuplicate()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.SettleAsync();
        var page = context.Render<DeliveryPage>(parameters => parameters.Add(delivery => delivery.Seq, 1));
        Shows(page, "••••••••");
        Shows(page, "raw_body");
        Assert.DoesNotContain("LPA:", page.Markup, StringComparison.Ordinal);

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr[data-arrival]").Count), Patience);
        Shows(page, "came again under another id");
    }

    [Fact]
    public async Task Delivery_RevealedBody_IsMaskedAgainAtTheNextDelivery()
    {
        await app.DeliverAsync(Signing.Sample("2025-11/order.completed"));
        await app.DeliverAsync(Signing.Sample("2026-04/esim.provisioned"));
        await app.SettleAsync();
        var page = context.Render<DeliveryPage>(parameters => parameters.Add(delivery => delivery.Seq, 1));
        Shows(page, "Reveal what is masked");

        await page.InvokeAsync(() => page.Find("[data-testid=reveal-body]").ClickAsync());
        Shows(page, "LPA:");
        Shows(page, "Hidden in");
        page.Render(parameters => parameters.Add(delivery => delivery.Seq, 2));

        Shows(page, "8981100000012345678");
        Shows(page, "Reveal what is masked");
        Assert.DoesNotContain("LPA:", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delivery_Quarantined_CanBeProcessedAgain()
    {
        await app.DeliverAsync(Signing.Request("{}"u8.ToArray()));
        await app.SettleAsync();
        await app.Get<EsimFly.Dashboard.Storage.Writing.ReadModelWriter>()
            .WriteAsync(
                transaction => transaction.Execute("""UPDATE "Deliveries" SET "Tries" = 7"""),
                TestContext.Current.CancellationToken
            );
        var page = context.Render<DeliveryPage>(parameters => parameters.Add(delivery => delivery.Seq, 1));
        Shows(page, "The body names no event.");

        // Found and clicked in one go: the page may render in between.
        await page.InvokeAsync(() =>
            page.FindAll("button").Single(button => button.TextContent.Contains("Process again", StringComparison.Ordinal)).ClickAsync()
        );

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var store = app.OpenContext();
                return await store.Deliveries.AnyAsync(
                    row => row.State == DeliveryState.Quarantined && row.Tries == 1,
                    TestContext.Current.CancellationToken
                );
            },
            "its tries were counted again"
        );
    }

    [Fact]
    public async Task Rejected_Follows_WhatItsViewerChoosesToSee()
    {
        using var refused = await app.Client.SendAsync(
            Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_another", id: "of-a-test"),
            TestContext.Current.CancellationToken
        );
        await Eventually.IsTrueAsync(
            async () =>
                await app.Get<EsimFly.Dashboard.Storage.Writing.LogWriter>()
                    .WriteAsync(
                        transaction => transaction.Execute("""UPDATE "Rejected" SET "IsTest" = TRUE"""),
                        TestContext.Current.CancellationToken
                    ) == 1,
            "the request is kept, as a test"
        );
        var page = context.Render<RejectedPage>();
        Shows(page, "of-a-test");

        await page.InvokeAsync(() => context.Services.GetRequiredService<ViewerChoices>().Hide(tests: true));

        page.WaitForAssertion(() => Assert.DoesNotContain("of-a-test", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task Rejected_ShowsTheReasonAndFollows()
    {
        var page = context.Render<RejectedPage>();
        Shows(page, "Nothing was rejected");

        using var refused = await app.Client.SendAsync(
            Signing.Request("{}"u8.ToArray(), secret: "wrong"),
            TestContext.Current.CancellationToken
        );

        Shows(page, "signature_mismatch");
    }

    [Fact]
    public async Task Pages_ScriptInAPayload_IsTextAndHiddenMarksAreVisible()
    {
        await app.DeliverAsync(
            Signing.Request(Samples.With("2025-11/order.created", data => data["package_name"] = "<script>alert(1)</script>\u202Ereversed"))
        );
        await app.SettleAsync();

        var page = context.Render<OrdersPage>();

        Shows(page, "&lt;script&gt;");
        Shows(page, "⟨U+202E⟩");
        Assert.Empty(page.FindAll("script"));
    }

    [Fact]
    public async Task Pages_LeftBehind_TakeTheirSubscriptionsWithThem()
    {
        var notifier = app.Get<ChangeNotifier>();
        var before = notifier.SubscriptionCount;
        context.Render<OverviewPage>();
        context.Render<OrdersPage>();
        context.Render<RejectedPage>();
        Assert.Equal(before + 3, notifier.SubscriptionCount);

        await context.DisposeComponentsAsync();

        Assert.Equal(before, notifier.SubscriptionCount);
    }

    [Fact]
    public void Layout_OnceTheBrowserHasSpoken_LeadsToEveryPage()
    {
        var layout = context.Render<MainLayout>();

        layout.WaitForAssertion(() => Assert.Equal(9, layout.FindAll("nav a").Count), Patience);
    }

    private static void Shows<TPage>(IRenderedComponent<TPage> page, string text)
        where TPage : IComponent => page.WaitForAssertion(() => Assert.Contains(text, page.Markup, StringComparison.Ordinal), Patience);
}
