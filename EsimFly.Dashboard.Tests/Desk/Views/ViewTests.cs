using EsimFly.Dashboard.Desk.Views;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Views;

/// <summary>Saved views: one's own, and those that others share.</summary>
public sealed class ViewTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task View_IsOnesOwn_UntilItIsShared_AndOnlyItsAuthorOrAnAdministratorRemovesIt()
    {
        await using var app = new DashboardApp();
        var (vera, viewer, admin) = (
            await app.JoinAsync(AccountRole.Support),
            await app.JoinAsync(AccountRole.Viewer),
            await app.JoinAsync(AccountRole.Admin)
        );
        var views = app.Get<ViewActions>();

        Assert.Null(await views.SaveAsync(vera, "/orders", " Mine ", "show=failed", isShared: false, Token));
        Assert.Null(await views.SaveAsync(vera, "/orders", "Ours", "show=stuck", isShared: true, Token));
        Assert.Null(await views.SaveAsync(vera, "/orders", "Ours", "show=retry", isShared: true, Token)); // in the place of the first
        Assert.Equal("Give it a name.", await views.SaveAsync(vera, "/orders", "  ", "", isShared: false, Token));

        Assert.Equal("Mine Ours", string.Join(' ', (await views.ListAsync(vera, "/orders", Token)).Select(view => view.Name)));
        Assert.Empty(await views.ListAsync(vera, "/esims", Token));
        var shared = Assert.Single(await views.ListAsync(viewer, "/orders", Token));
        Assert.Equal(("show=retry", false), (shared.Query, shared.MayRemove));
        Assert.NotNull(shared.Author);
        await views.RemoveAsync(viewer, shared.Id, Token);
        Assert.Single(await views.ListAsync(viewer, "/orders", Token));
        await views.RemoveAsync(admin, shared.Id, Token);
        Assert.Empty(await views.ListAsync(viewer, "/orders", Token));
    }
}
