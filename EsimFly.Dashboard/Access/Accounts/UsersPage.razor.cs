using EsimFly.Dashboard.Components.Status;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace EsimFly.Dashboard.Access.Accounts;

public sealed partial class UsersPage
{
    private static string ResetQuestion(AccountRow account) =>
        account.HasJoined
            ? $"Make a link with which {account.Name} chooses a new password?"
            : $"Make a new invitation for {account.Name}? The old one ends.";

    private Task<string?> DisableAsync(AccountRow account) =>
        ChangeAsync(who => Accounts.DisableAsync(who, account.Id, CancellationToken.None));

    private Task<string?> EnableAsync(AccountRow account) =>
        ChangeAsync(who => Accounts.EnableAsync(who, account.Id, CancellationToken.None));

    private static readonly AccountRole[] Roles = Enum.GetValues<AccountRole>();

    private IReadOnlyList<AccountRow>? accounts;
    private int drawing;
    private string name = "";
    private string email = "";
    private AccountRole newRole = AccountRole.Support;
    private string? link;
    private string linkWords = "";

    protected override async Task LoadAsync(CancellationToken cancellationToken) =>
        accounts = await Accounts.ListAsync((await Session).User, cancellationToken);

    private async Task InviteAsync()
    {
        if (string.IsNullOrWhiteSpace(email))
        {
            Warn("An e-mail address is needed.");
            return;
        }

        if (await ChangeAsync(who => Accounts.InviteAsync(who, email, name, newRole, CancellationToken.None)) is { } code)
        {
            Show(
                code,
                $"The invitation for {email}, good for {OneTimeLinks.InvitationLifetime.TotalDays:0} days. "
                    + "Give it to them over a channel that you trust."
            );
            (name, email) = ("", "");
        }
    }

    private async Task ResetAsync(AccountRow account)
    {
        if (await ChangeAsync(who => Accounts.IssueResetAsync(who, account.Id, CancellationToken.None)) is { } code)
        {
            var lifetime = account.HasJoined
                ? $"{OneTimeLinks.ResetLifetime.TotalHours:0} hours"
                : $"{OneTimeLinks.InvitationLifetime.TotalDays:0} days";
            Show(code, $"The link for {account.Name}, good for {lifetime}.");
        }
    }

    private Task SetRoleAsync(string id, ChangeEventArgs change) =>
        Enum.TryParse<AccountRole>(change.Value?.ToString(), out var role)
            ? ChangeAsync(who => Accounts.SetRoleAsync(who, id, role, CancellationToken.None))
            : Task.CompletedTask;

    private async Task<string?> ChangeAsync(Func<System.Security.Claims.ClaimsPrincipal, Task<AccountOutcome>> change)
    {
        link = null;
        AccountOutcome outcome = default;
        if (!await TryAsync(async who => outcome = await change(who)))
        {
            return null;
        }

        drawing++; // a role that was refused must be shown as it is, not as it was chosen
        await ReloadAsync();
        if (outcome.Problem is not null)
        {
            Warn(outcome.Problem);
        }

        return outcome.LinkCode;
    }

    private void Show(string code, string words)
    {
        link = $"{Navigation.BaseUri.TrimEnd('/')}{OneTimeLinks.Path}?code={code}";
        linkWords = words;
    }

    private static StatusLook LookOf(AccountRow account) =>
        account switch
        {
            { IsDisabled: true } => new("Disabled", Icons.Material.Outlined.Block, Color.Dark),
            { HasJoined: false } => new("Invited", Icons.Material.Outlined.MailOutline, Color.Info),
            { LockedUntilMs: not null } => new("Closed to an address", Icons.Material.Outlined.Lock, Color.Warning),
            _ => new("Active", Icons.Material.Outlined.CheckCircle, Color.Success),
        };

    private static string SignInOf(AccountRow account) =>
        (account.HasTwoStep, account.Passkeys) switch
        {
            (true, > 0) => "two steps, passkey",
            (true, _) => "two steps",
            (_, > 0) => "passkey",
            _ => "password",
        };
}
