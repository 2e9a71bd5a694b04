using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Identity;

namespace EsimFly.Dashboard.Access.Account;

public sealed partial class ProfilePage
{
    private AccountEntity? account;
    private IList<UserPasskeyInfo> passkeys = [];
    private int recoveryCodes;
    private bool hasPassword;
    private string? problem;
    private string? done;

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "name")]
    private NameInput Name { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "password")]
    private PasswordInput Password { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "two-step-off")]
    private OffInput Off { get; set; } = default!;

    [SupplyParameterFromForm]
    private RemovalInput Removal { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "passkey")]
    private PasskeyInput Passkey { get; set; } = default!;

    /// <summary>What was done just before.</summary>
    [SupplyParameterFromQuery]
    public string? Done { get; set; }

    protected override async Task OnInitializedAsync()
    {
        account = await Profile.FindAsync(Context.User);
        if (account is null)
        {
            Navigation.NavigateTo("/account/sign-in");
            return;
        }

        Name ??= new NameInput { Name = account.Name };
        Password ??= new PasswordInput();
        Off ??= new OffInput();
        hasPassword = account.PasswordHash is not null;
        Removal ??= new RemovalInput();
        Passkey ??= new PasskeyInput();
        (passkeys, recoveryCodes) = (await Profile.PasskeysAsync(account), await Profile.RecoveryCodesLeftAsync(account));
        done = Done switch
        {
            "name" => "The name is saved.",
            "password" => "The password is changed. Every other session of yours has ended.",
            "two-step-off" => "Two-step sign-in is off.",
            "two-step" => "Two-step sign-in is on.",
            "passkey" => "The passkey is added.",
            "passkey-removed" => "The passkey is removed. It may still be offered by your device; it opens nothing any more.",
            _ => null,
        };
    }

    private async Task RenameAsync() => Go("name", await Profile.RenameAsync(account!, Name.Name));

    private async Task ChangePasswordAsync() => Go("password", await Profile.ChangePasswordAsync(account!, Password.Present, Password.New));

    private async Task TwoStepOffAsync() => Go("two-step-off", await Profile.SwitchTwoStepOffAsync(account!, Off.Password));

    private async Task AddPasskeyAsync() =>
        Go("passkey", await Profile.AddPasskeyAsync(account!, Passkey.Password, Passkey.Credential, Passkey.Name));

    private async Task RemovePasskeyAsync() => Go("passkey-removed", await Profile.RemovePasskeyAsync(account!, Removal.Id));

    private void Go(string what, string? failure)
    {
        problem = failure;
        done = null;
        if (failure is null)
        {
            Navigation.NavigateTo("/account?done=" + what);
        }
    }

    internal sealed class NameInput
    {
        [Required(ErrorMessage = "A name is needed.")]
        public string Name { get; set; } = "";
    }

    internal sealed class PasswordInput
    {
        [Required(ErrorMessage = "Your current password is needed.")]
        public string Present { get; set; } = "";

        [Required(ErrorMessage = "A new password is needed.")]
        public string New { get; set; } = "";

        [Compare(nameof(New), ErrorMessage = PasswordRules.Different)]
        public string Again { get; set; } = "";
    }

    internal sealed class PasskeyInput
    {
        public string Credential { get; set; } = "";

        public string Name { get; set; } = "Passkey";

        public string Password { get; set; } = "";
    }

    internal sealed class RemovalInput
    {
        public string Id { get; set; } = "";
    }

    internal sealed class OffInput
    {
        public string Password { get; set; } = "";
    }
}
