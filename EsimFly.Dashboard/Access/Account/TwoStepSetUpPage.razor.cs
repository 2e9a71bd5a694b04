using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace EsimFly.Dashboard.Access.Account;

public sealed partial class TwoStepSetUpPage
{
    private AccountEntity? account;
    private string? key;
    private string uri = "";
    private string? problem;
    private IReadOnlyList<string>? codes;

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "start")]
    private StartInput Start { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "two-step")]
    private CodeInput Input { get; set; } = default!;

    protected override async Task OnInitializedAsync()
    {
        Start ??= new StartInput();
        Input ??= new CodeInput();
        account = await Profile.FindAsync(Context.User);
        if (account is null)
        {
            Navigation.NavigateTo("/account/sign-in");
            return;
        }

        // The key is shown to who has just given the password, and while they enter the code that it leads to.
        if (!account.TwoFactorEnabled && HttpMethods.IsPost(Context.Request.Method) && Context.Request.Form["_handler"] == "two-step")
        {
            if (!Profile.IsKeyTicket(account, Input.Ticket))
            {
                Navigation.NavigateTo("/account/two-step-setup");
                account = null;
                return;
            }

            (key, uri) = await Profile.AuthenticatorKeyAsync(account);
        }
    }

    private async Task StartAsync()
    {
        problem = await Profile.ConfirmAsync(account!, Start.Password);
        if (problem is null)
        {
            (key, uri) = await Profile.AuthenticatorKeyAsync(account!);
            Input.Ticket = Profile.KeyTicket(account!);
        }
    }

    private async Task SwitchOnAsync()
    {
        if (account is null)
        {
            return; // no ticket
        }

        codes = await Profile.SwitchTwoStepOnAsync(account!, new string([.. Input.Code.Where(char.IsAsciiDigit)]));
        problem = codes is null ? "That is not the code that the app should show. Is the clock of the phone right?" : null;
    }

    internal sealed class StartInput
    {
        public string Password { get; set; } = "";
    }

    internal sealed class CodeInput
    {
        [Required(ErrorMessage = "The code from the app is needed.")]
        public string Code { get; set; } = "";

        public string? Ticket { get; set; }
    }
}
