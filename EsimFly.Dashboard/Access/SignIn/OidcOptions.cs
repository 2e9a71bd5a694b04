using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>Sign-in through an organisation's own identity provider (OpenID Connect): the section <c>Oidc</c>.</summary>
internal sealed class OidcOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Oidc";

    /// <summary>The provider's address, under which its <c>.well-known/openid-configuration</c> lies. Empty: not offered.</summary>
    public string? Authority { get; set; }

    /// <summary>The client that the provider knows this desk as.</summary>
    public string? ClientId { get; set; }

    /// <summary>The client's secret.</summary>
    [Secret]
    public string? ClientSecret { get; set; }

    /// <summary>What the sign-in page calls it.</summary>
    public string DisplayName { get; set; } = "Single sign-on";

    /// <summary>The claim of the id token that says what people may do here.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The claim's value for administrators.</summary>
    public string? AdminValue { get; set; }

    /// <summary>The claim's value for support staff.</summary>
    public string? SupportValue { get; set; }

    /// <summary>The claim's value for viewers.</summary>
    public string? ViewerValue { get; set; }

    /// <summary>
    /// Whether the provider's word for an e-mail address is enough without <c>email_verified</c>: only where people cannot set
    /// their address there themselves.
    /// </summary>
    public bool TrustEmail { get; set; }

    /// <summary>Whether it is the only way in: passwords and passkeys are refused then.</summary>
    public bool Only { get; set; }

    /// <summary>Whether it is offered.</summary>
    public bool IsOn => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>
    /// The highest role that the claim's values stand for; null where they stand for none, and its owner has no access here.
    /// </summary>
    public AccountRole? RoleOf(IReadOnlyCollection<string> values)
    {
        (string? Value, AccountRole Role)[] known =
        [
            (AdminValue, AccountRole.Admin),
            (SupportValue, AccountRole.Support),
            (ViewerValue, AccountRole.Viewer),
        ];
        foreach (var (value, role) in known)
        {
            if (value is not null && values.Contains(value, StringComparer.Ordinal))
            {
                return role;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Problems().Select(static problem => new ValidationResult(problem));

    private IEnumerable<string> Problems()
    {
        if (!IsOn)
        {
            if (Only)
            {
                yield return "Oidc:Only is set but Oidc:Authority is not: nobody could sign in.";
            }

            yield break;
        }

        if (
            !Uri.TryCreate(Authority, UriKind.Absolute, out var address)
            || !(string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) || address.IsLoopback)
        )
        {
            yield return "Oidc:Authority must be an https address.";
        }

        if (string.IsNullOrWhiteSpace(ClientId))
        {
            yield return "Oidc:Authority is set but Oidc:ClientId is not.";
        }

        if (AdminValue is null && SupportValue is null && ViewerValue is null)
        {
            yield return "Oidc:Authority is set but none of Oidc:AdminValue, Oidc:SupportValue and Oidc:ViewerValue: "
                + "nobody could sign in with it.";
        }
    }
}

/// <summary>Checks <see cref="OidcOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class OidcOptionsValidator : IValidateOptions<OidcOptions>;
