using Bunit;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Components;

/// <summary>How a live component loads what it shows.</summary>
public sealed class LiveComponentTests : IAsyncDisposable
{
    private readonly BunitContext context = new();

    public LiveComponentTests()
    {
        context.AddAuthorization().SetAuthorized("Vera");
        context.Services.AddSingleton<TimeProvider>(new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Rows.NowMs)));
        context.Services.AddSingleton<ChangeNotifier>();
        context.Services.AddScoped<ViewerClock>();
        context.Services.AddScoped<ViewerChoices>();
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();

    [Fact]
    public async Task Load_OvertakenAfterItHasRead_DoesNotPutTheOlderOverTheNewer()
    {
        var session = context.Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        var shown = context.Render<Probe>(parameters => parameters.AddCascadingValue(session));

        var second = shown.InvokeAsync(shown.Instance.LookAsync);
        if (shown.Instance.Reads.Count == 2)
        {
            shown.Instance.Reads[1].SetResult("newer"); // where the second does not wait for the first
        }

        shown.Instance.Reads[0].SetResult("older"); // read before it was cancelled, and delivered late
        await Eventually.IsTrueAsync(() => shown.Instance.Reads.Count == 2, "the second load");
        shown.Instance.Reads[1].TrySetResult("newer");
        await second;

        Assert.Equal("newer", shown.Markup);
    }

    // Else a click on "1 new" would be lost where something comes at the same time: the rows stay held for a change.
    [Fact]
    public async Task Load_ThatItsViewerAskedFor_IsStillTheirs_WhereAChangeOvertakesIt()
    {
        var session = context.Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        var shown = context.Render<Probe>(parameters => parameters.AddCascadingValue(session));
        shown.Instance.Reads[0].SetResult("first");
        var own = shown.InvokeAsync(shown.Instance.LookAsync);
        await Eventually.IsTrueAsync(() => shown.Instance.Reads.Count == 2, "their load");

        context.Services.GetRequiredService<ChangeNotifier>().Publish([new Change(Topic.Order, "ORD-1", IsTest: false)]);
        await Eventually.IsTrueAsync(() => shown.Instance.IsOvertaken, "the change overtakes it");
        shown.Instance.Reads[1].SetCanceled(TestContext.Current.CancellationToken);
        await own;
        await Eventually.IsTrueAsync(() => shown.Instance.Reads.Count == 3, "the load of the change");
        shown.Instance.Reads[2].SetResult("both");
        await Eventually.IsTrueAsync(() => string.Equals(shown.Markup, "both", StringComparison.Ordinal), "it is shown");

        Assert.Equal("False False False", string.Join(' ', shown.Instance.Followed));
    }

    [Fact]
    public async Task Parameters_ThatAreSetAgainWithTheSameValues_LoadNothing()
    {
        var session = context.Services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync();
        var page = context.Render<Keyed>(all => all.Add(keyed => keyed.Subject, new("ORD-1")).AddCascadingValue(session));

        page.Render(all => all.Add(keyed => keyed.Subject, new("ORD-1")));
        Assert.Equal(1, page.Instance.Loads);

        page.Render(all => all.Add(keyed => keyed.Subject, new("ORD-2")));
        Assert.Equal(2, page.Instance.Loads);
        await page.InvokeAsync(page.Instance.LookAsync);
        Assert.Equal(3, page.Instance.Loads);
    }

    private sealed record Named(string Name);

    private sealed class Keyed : LiveComponent
    {
        [Parameter]
        public Named Subject { get; set; } = new("");

        public int Loads { get; private set; }

        public Task LookAsync() => ReloadAsync();

        private protected override object LoadKey => Subject;

        protected override Task LoadAsync(CancellationToken cancellationToken)
        {
            Loads++;
            return Task.CompletedTask;
        }
    }

    // Each load shows what the test makes it read, when the test makes it.
    private sealed class Probe : LiveComponent
    {
        private string? text;

        public List<TaskCompletionSource<string>> Reads { get; } = [];

        public List<bool> Followed { get; } = [];

        public bool IsOvertaken { get; private set; }

        public Task LookAsync() => ReloadAsync();

        protected override void OnInitialized()
        {
            base.OnInitialized();
            Listen(Topic.Order);
        }

        protected override async Task LoadAsync(CancellationToken cancellationToken)
        {
            var read = new TaskCompletionSource<string>();
            Followed.Add(IsFollowing);
            Reads.Add(read);
            await using var registration = cancellationToken.Register(() => IsOvertaken = true);
            text = await read.Task;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, text);
    }
}
