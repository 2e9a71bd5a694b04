using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Access.SetUp;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.Intake.Rejected;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Access.Account;

public sealed partial class SetUpPage
{
    private bool isGood;
    private bool hasSecret;
    private string address = "";
    private string? problem;

    [CascadingParameter]
    private HttpContext Context { get; set; } = default!;

    [SupplyParameterFromForm]
    private SetUpInput Input { get; set; } = default!;

    /// <summary>The link's code.</summary>
    [SupplyParameterFromQuery]
    public string? Code { get; set; }

    protected override async Task OnInitializedAsync()
    {
        Input ??= new SetUpInput();
        if (string.IsNullOrEmpty(Input.Made))
        {
            Input.Made =
                "whsec_" + System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        }

        if (await FirstRun.IsDoneAsync(Context.RequestAborted))
        {
            Navigation.NavigateTo("/");
            return;
        }

        isGood = Code is not null && await Links.FindAsync(Code, isForSetUp: true, Context.RequestAborted) is not null;
        if (!isGood && HttpMethods.IsPost(Context.Request.Method))
        {
            await Links.NoteWrongAsync(Context.RequestAborted);
        }

        hasSecret = Secrets.Current.Any(secret => !secret.IsTest);
        address = EsimFly.Dashboard.Contract.WebhookAddress.Under(Navigation.BaseUri);
    }

    private async Task CompleteAsync()
    {
        if (!hasSecret && Input.Secret is "paste" && string.IsNullOrWhiteSpace(Input.Pasted))
        {
            problem = "Paste the secret that eSIMfly showed, or choose another way.";
            return;
        }

        var secret = hasSecret
            ? null
            : Input.Secret switch
            {
                "paste" => Input.Pasted,
                "made" => Input.Made,
                _ => null,
            };
        var keys = KeysOf(Input);
        if (isGood && keys is not null && await Keys.TryAsync(keys, Context.RequestAborted) is { } refused)
        {
            problem = $"eSIMfly’s API: {refused} Correct the keys, or leave both out: they can be added later.";
            return;
        }

        (var account, problem) = await FirstRun.CompleteAsync(
            Code,
            Input.Email,
            Input.Name,
            Input.Password,
            SignIn.Address,
            Context.RequestAborted
        );
        if (account is null)
        {
            return;
        }

        if (!string.IsNullOrWhiteSpace(secret))
        {
            // The account is made: from here on to the end, even if the browser hangs up.
            await Secrets.AddAsync("From set-up", secret, expireOthersAtMs: null, note: null, CancellationToken.None);
            await Rescue.RescueAsync(Context.RequestAborted);
        }

        if (keys is not null)
        {
            await Keys.KeepAsync(keys, account);
        }

        await SignIn.WithPasswordAsync(account.Email!, Input.Password);
        Navigation.NavigateTo("/");
    }

    private static ApiKeys? KeysOf(SetUpInput input) =>
        (input.AccessCode?.Trim(), input.SecretKey?.Trim()) is ({ Length: > 0 } code, { Length: > 0 } key) ? new(code, key) : null;

    internal sealed class SetUpInput
    {
        [Required(ErrorMessage = "What should the desk call you?")]
        public string Name { get; set; } = "";

        [Required(ErrorMessage = "An e-mail address is needed."), EmailAddress(ErrorMessage = "That is no e-mail address.")]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "A password is needed.")]
        public string Password { get; set; } = "";

        [Compare(nameof(Password), ErrorMessage = PasswordRules.Different)]
        public string Again { get; set; } = "";

        public string Secret { get; set; } = "paste";

        public string Pasted { get; set; } = "";

        public string Made { get; set; } = "";

        public string? AccessCode { get; set; }

        public string? SecretKey { get; set; }
    }
}
