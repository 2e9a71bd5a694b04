using System.Globalization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;

namespace EsimFly.Dashboard.Desk.Settings;

public sealed partial class SecretsPage
{
    private static readonly string RotationLabel = $"Rotate: the others kept here end in {InWords.Of(SecretActions.Overlap)}";

    private static string RetireQuestion(SecretRow secret) =>
        $"End “{secret.Label}” now? Deliveries signed with it are answered 401 from then on.";

    private IReadOnlyList<SecretRow>? secrets;
    private string address = "";
    private string publicAddress = "";
    private bool isPublic;
    private string label = "";
    private string secret = "";
    private bool isRotation;
    private bool isBusy;
    private string? result;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Listen(Topic.Delivery);
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        secrets = await Actions.ListAsync(Who, cancellationToken);
        var set = await Addresses.ReadAsync(Who, cancellationToken);
        address = EsimFly.Dashboard.Contract.WebhookAddress.Under(set.Base ?? Navigation.BaseUri);
        if (!IsFollowing)
        {
            (publicAddress, isPublic) = (set.Base ?? "", set.Base is not null); // not while somebody types
        }
    }

    private async Task SetAddressAsync()
    {
        result = null;
        string? problem = null;
        if (await TryAsync(async who => problem = await Addresses.SetAsync(who, publicAddress, CancellationToken.None)))
        {
            await ReloadAsync();
            if (problem is not null)
            {
                Warn(problem);
                return;
            }

            result = isPublic ? "The public address is set." : "No public address is set any more.";
        }
    }

    private async Task AddAsync()
    {
        isBusy = true;
        result = null;
        SecretOutcome outcome = default;
        var isDone = await TryAsync(async who =>
            outcome = isRotation
                ? await Actions.RotateAsync(who, label, secret, SecretActions.Overlap, CancellationToken.None)
                : await Actions.AddAsync(who, label, secret, CancellationToken.None)
        );
        isBusy = false;
        if (!isDone)
        {
            return;
        }

        if (outcome.Problem is not null)
        {
            await ReloadAsync();
            Warn(outcome.Problem);
            return;
        }

        result =
            "The secret is added. "
            + outcome.Rescue switch
            {
                { Tried: 0 } => "No rejected request was waiting to be verified again.",
                { Saved: 0 } rescue => string.Create(
                    CultureInfo.InvariantCulture,
                    $"None of the {rescue.Tried} rejected requests verifies with it."
                ),
                var rescue => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rescue.Saved} of {rescue.Tried} rejected requests verify with it and were rescued."
                ),
            };
        (label, secret, isRotation) = ("", "", false);
        await ReloadAsync();
    }

    private async Task RetireAsync(int id)
    {
        result = null;
        if (await TryAsync(who => Actions.RetireAsync(who, id, CancellationToken.None)))
        {
            await ReloadAsync();
        }
    }
}
