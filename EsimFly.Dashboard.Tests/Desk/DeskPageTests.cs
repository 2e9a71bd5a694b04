using Bunit;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Alerts;
using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Orders;
using EsimFly.Dashboard.Desk.Overview;
using EsimFly.Dashboard.Desk.Search;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Desk.TopUps;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EsimFly.Dashboard.Tests.Desk;

/// <summary>The pages of triage over one scene of real deliveries: what they show and how they are filtered.</summary>
public sealed class DeskPageTests(DeskPageTests.SampleDay sampleDay) : IClassFixture<DeskPageTests.SampleDay>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BunitContext context = new();

    private DashboardApp App => sampleDay.App;

    private NavigationManager Navigation => context.Services.GetRequiredService<NavigationManager>();

    public async ValueTask InitializeAsync()
    {
        await context.SignInAsync(App, AccountRole.Admin);
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    [Theory]
    [InlineData("stuck", Scene.StuckOrder, Scene.SlowOrder)]
    [InlineData("failed", Scene.RetryableOrder, Scene.FinalOrder)]
    [InlineData("retry", Scene.RetryableOrder)]
    [InlineData("final", Scene.FinalOrder)]
    public void Orders_EachQueue_HasItsOwn(string show, params string[] orders)
    {
        Navigation.NavigateTo($"/orders?show={show}");

        var page = context.Render<OrdersPage>();

        page.WaitForAssertion(
            () =>
                Assert.Equal(
                    orders.Select(order => $"id:{order}").Order(StringComparer.Ordinal),
                    page.FindAll("tr[data-order]").Select(row => row.GetAttribute("data-order")!).Order(StringComparer.Ordinal)
                ),
            Patience
        );
    }

    [Fact]
    public async Task Orders_OldestFirst_GoesThroughAllPagesAndBack()
    {
        Navigation.NavigateTo("/orders?sort=oldest");
        var page = context.Render<OrdersPage>();
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll("tr[data-order]").Count), Patience);
        var first = Shown(page);

        await page.InvokeAsync(() => page.FindAll("nav.pager button")[1].ClickAsync());
        page.WaitForAssertion(() => Assert.NotEqual(first, Shown(page), StringComparer.Ordinal), Patience);
        Assert.Empty(Shown(page).Intersect(first, StringComparer.Ordinal));
        Assert.Contains($"id:{Scene.SlowOrder}", Shown(page), StringComparer.Ordinal); // the last one placed
    }

    [Theory]
    [InlineData("24h", Scene.ExpiringIccid)]
    [InlineData("due", Scene.DueIccid)]
    [InlineData("depleted", Scene.UsedUpIccid)]
    [InlineData("expired", Scene.ExpiredIccid)]
    public void Esims_EachView_HasItsOwn(string show, string iccid)
    {
        Navigation.NavigateTo($"/esims?show={show}");

        var page = context.Render<EsimsPage>();

        page.WaitForAssertion(
            () => Assert.Equal(iccid, Assert.Single(page.FindAll("tr[data-iccid]")).GetAttribute("data-iccid")),
            Patience
        );
    }

    [Fact]
    public void TopUps_OpenFailures_AreThoseWithoutALaterSuccess_ByErrorAndByDigits()
    {
        Navigation.NavigateTo("/top-ups?show=open");
        var page = context.Render<TopUpsPage>();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tr[data-topup]").Count), Patience);

        page.Find("select[aria-label=Error]").Change("TOPUP_NOT_ALLOWED");
        page.WaitForAssertion(
            () => Assert.Contains(Scene.ExpiredIccid, Assert.Single(page.FindAll("tr[data-topup]")).TextContent, StringComparison.Ordinal),
            Patience
        );
        Navigation.NavigateTo($"/top-ups?q={Scene.HealthyIccid[^4..]}");
        page.WaitForAssertion(
            () => Assert.Contains("Topped up", Assert.Single(page.FindAll("tr[data-topup]")).TextContent, StringComparison.Ordinal),
            Patience
        );
    }

    [Fact]
    public void Health_CountsWhatFailedAndFollowsTheChosenTime()
    {
        var page = context.Render<HealthPage>();

        Shows(page, "The package is not sold at present.");
        Shows(page, "signature_mismatch");
        Shows(page, "in the last 24 hours");
        page.FindAll("button.choice")[0].Click();
        page.WaitForAssertion(() => Assert.EndsWith("over=1h", Navigation.Uri, StringComparison.Ordinal), Patience);
        Shows(page, "in the last hour");
    }

    [Fact]
    public void Overview_HasWhatNeedsAttention()
    {
        var page = context.Render<OverviewPage>();

        Shows(page, $"Order {Scene.StuckOrder} is stuck");
        Shows(page, "and 3 more");
        Shows(page, $"Top-up of {Scene.TopUpFailedIccid} failed");
    }

    [Fact]
    public void Alerts_AreGrouped_AndTheBellCountsThem()
    {
        var page = context.Render<AlertsPage>();
        var bell = context.Render<AlertBell>();

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[data-testid=incidents] .alert-item")), Patience);
        var news = page.FindAll("[data-testid=incidents] .alert-item:not(.seen)").Count;
        bell.WaitForAssertion(() => Assert.Equal($"{news}", bell.Find(".bell-count").TextContent), Patience);
    }

    [Fact]
    public async Task Thresholds_ThatCannotBe_AreRefusedInWords_AndOthersAreSet()
    {
        var page = context.Render<ThresholdsPage>();
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll("form input").Count), Patience);

        page.FindAll("form input")[0].Change("30");
        await page.Find("form").SubmitAsync();
        Shows(page, "“It is badly stuck after” takes at least as many minutes");

        page.FindAll("form input")[0].Change("5");
        await page.Find("form").SubmitAsync();
        Shows(page, "The thresholds are set.");
        Assert.Equal(
            new Thresholds(),
            await App.Get<ThresholdActions>().ReadAsync(await App.JoinAsync(AccountRole.Viewer), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Search_FindsAsOneTypes_MovesWithArrows_AndOpensWithEnter()
    {
        var palette = context.Render<SearchPalette>();
        await palette.Find("input").InputAsync(new ChangeEventArgs { Value = "7400" });
        palette.WaitForAssertion(() => Assert.True(palette.FindAll("[role=option]").Count >= 5), Patience);
        Assert.Equal("hit-0", palette.Find("input").GetAttribute("aria-activedescendant"));

        await palette.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "ArrowDown" });
        Assert.Equal("hit-1", palette.Find("[aria-selected=true]").Id);
        var href = palette.Find("[aria-selected=true]").GetAttribute("href")!;
        await palette.Find("input").KeyDownAsync(new KeyboardEventArgs { Key = "Enter" });

        Assert.EndsWith(href, Navigation.Uri, StringComparison.Ordinal);
        Assert.Empty(palette.FindAll("[role=option]"));
    }

    [Fact]
    public async Task Search_TooShortOrUnknown_SaysSo()
    {
        var palette = context.Render<SearchPalette>();

        await palette.Find("input").InputAsync(new ChangeEventArgs { Value = "zz" });
        Shows(palette, "Go on: at least 4 digits");
        await palette.Find("input").InputAsync(new ChangeEventArgs { Value = "nothing-has-this" });
        Shows(palette, "No eSIM, order, delivery, package or page fits");
    }

    private static List<string> Shown(IRenderedComponent<OrdersPage> page) =>
        [.. page.FindAll("tr[data-order]").Select(row => row.GetAttribute("data-order")!)];

    private static void Shows<TPage>(IRenderedComponent<TPage> page, string text)
        where TPage : IComponent => page.WaitForAssertion(() => Assert.Contains(text, page.Markup, StringComparison.Ordinal), Patience);

    /// <summary>One application with the scene in it for all of them.</summary>
    public sealed class SampleDay : IAsyncLifetime
    {
        internal DashboardApp App { get; } =
            new(services: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(ShiftedClock.AtThreePm())));

        public async ValueTask InitializeAsync()
        {
            await Scene.PlayAsync(App);
            await App.Get<AlertWatch>().LookAsync(TestContext.Current.CancellationToken);
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}
