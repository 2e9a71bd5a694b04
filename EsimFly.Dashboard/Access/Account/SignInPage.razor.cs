using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Access.SignIn;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Access.Account;

public sealed partial class SignInPage
{
    private const string UnsafeText =
        "This page was opened over plain HTTP, over which browsers keep no secure cookie. "
        + "Open the desk by its https address, or at http://localhost on the machine that it runs on.";

    private string? problem;
    private bool isUnsafe;

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "password")]
    private PasswordInput Input { get; set; } = default!;

    [SupplyParameterFromForm(FormName = "passkey")]
    private PasskeyInput Passkey { get; set; } = default!;

    /// <summary>Where to go afterwards.</summary>
    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>Why one was sent here.</summary>
    [SupplyParameterFromQuery]
    public string? Problem { get; set; }

    /// <summary>Whether a session ended under an open page.</summary>
    [SupplyParameterFromQuery]
    public string? Ended { get; set; }

    protected override void OnInitialized()
    {
        Input ??= new PasswordInput();
        Passkey ??= new PasskeyInput();
        isUnsafe =
            !Context.Request.IsHttps
            && !(
                Context.Request.Host.Host is "localhost"
                || (System.Net.IPAddress.TryParse(Context.Request.Host.Host, out var address) && System.Net.IPAddress.IsLoopback(address))
            );
        if (HttpMethods.IsGet(Context.Request.Method))
        {
            problem =
                Problem is not null && ExternalSignIn.Problems.TryGetValue(Problem, out var words) ? words
                : Ended is not null ? "Your session has ended. Sign in to go on where you were."
                : null;
        }
    }

    private async Task WithPasswordAsync() => Go(await SignIn.WithPasswordAsync(Input.Email.Trim(), Input.Password));

    private async Task WithPasskeyAsync() => Go(await SignIn.WithPasskeyAsync(Passkey.Credential));

    private void Go(Microsoft.AspNetCore.Identity.SignInResult result)
    {
        if (result.Succeeded)
        {
            Navigation.NavigateTo(LocalPath.OrHome(ReturnUrl));
        }
        else if (result.RequiresTwoFactor)
        {
            Navigation.NavigateTo("/account/two-step?returnUrl=" + Uri.EscapeDataString(LocalPath.OrHome(ReturnUrl)));
        }
        else if (ReferenceEquals(result, AccountSignIn.Busy))
        {
            problem = "Too many people are signing in just now, so your password was not looked at. Try again in a minute.";
        }
        else
        {
            // The same for all, known or not: who tries addresses learns nothing.
            problem =
                "That did not let you in. Check the address and the password, or the passkey. "
                + $"{SignInTries.Words} A passkey is not affected.";
        }
    }

    internal sealed class PasswordInput
    {
        [Required(ErrorMessage = "Your e-mail address is needed.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Your password is needed.")]
        public string Password { get; set; } = "";
    }

    internal sealed class PasskeyInput
    {
        public string Credential { get; set; } = "";
    }
}
