using System.Security.Claims;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Live;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Desk.Wholesale;

/// <summary>The account at eSIMfly: its keys, its webhook, and what is read with its API.</summary>
public sealed partial class WholesaleAccountPage
{
    private WholesaleAccount? account;
    private SyncState? state;
    private ApiAnswer<WholesaleBalance>? answer;
    private string accessCode = "";
    private string secretKey = "";
    private bool isBusy;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Account);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        account = await Actions.ReadAsync(Who, cancellationToken);
        state = await Queries.ReadAsync(Who, cancellationToken);
    }

    private Task TestAsync() => AskAsync(who => Actions.TestAsync(who, CancellationToken.None));

    private async Task SaveAsync()
    {
        await AskAsync(who => Actions.SetAsync(who, accessCode, secretKey, CancellationToken.None));
        if (answer is { Value: not null })
        {
            (accessCode, secretKey) = ("", "");
            await ReloadAsync();
        }
    }

    private async Task RemoveAsync()
    {
        answer = null;
        if (await TryAsync(who => Actions.RemoveAsync(who, CancellationToken.None)))
        {
            await ReloadAsync();
        }
    }

    private async Task AskAsync(Func<ClaimsPrincipal, Task<ApiAnswer<WholesaleBalance>>> ask)
    {
        (isBusy, answer) = (true, null);
        StateHasChanged();
        await TryAsync(async who => answer = await ask(who));
        isBusy = false;
    }

    [Inject]
    private WholesaleAccountActions Actions { get; set; } = default!;

    [Inject]
    private WholesaleQueries Queries { get; set; } = default!;
}
