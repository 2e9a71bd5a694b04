using Bunit;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
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

    // Each load shows what the test makes it read, when the test makes it.
    private sealed class Probe : LiveComponent
    {
        private string? text;

        public List<TaskCompletionSource<string>> Reads { get; } = [];

        public Task LookAsync() => ReloadAsync();

        protected override async Task LoadAsync(CancellationToken cancellationToken)
        {
            var read = new TaskCompletionSource<string>();
            Reads.Add(read);
            text = await read.Task;
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder) => builder.AddContent(0, text);
    }
}
