using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Net;
using EsimFly.Dashboard.Contract;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>How deliveries are received: the section <c>Webhooks</c>.</summary>
internal sealed class WebhooksOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Webhooks";

    /// <summary>The forms of the body that are tried for contract 2025-11; the raw body is tried first whether named or not.</summary>
    public IList<SignedForm> SignedForms { get; } = [];

    /// <summary>A larger body is answered 413.</summary>
    public int MaxBodyBytes { get; set; } = 256 * 1024;

    /// <summary>Whether a delivery over plain HTTP is refused. Unset: in Production.</summary>
    public bool? RequireHttps { get; set; }

    /// <summary>Addresses or networks (CIDR) that deliveries are expected from.</summary>
    public IList<string> AllowedAddresses { get; } = [];

    /// <summary>What is done about an address that is not among them.</summary>
    public AddressPolicy AddressPolicy { get; set; }

    /// <summary>
    /// Addresses or networks of the reverse proxies whose <c>X-Forwarded-*</c> headers are believed. None: the headers are ignored.
    /// </summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>
    /// An address to listen on beside the desk's, where the webhook endpoint and the health checks answer and nothing else, such as
    /// <c>http://0.0.0.0:5090</c>; its connections are counted apart. Unset: none.
    /// </summary>
    public string? Url { get; set; }

    /// <summary>Whether a delivery over plain HTTP is refused in that environment.</summary>
    public bool IsHttpsRequired(IHostEnvironment environment) => RequireHttps ?? environment.IsProduction();

    /// <summary>The forms to try, each once, the cheapest first.</summary>
    public ImmutableArray<SignedForm> FormsToTry() =>
        SignedForms.Count == 0 ? [SignedForm.RawBody, SignedForm.JsonStringify] : [.. SignedForms.Distinct().Order()];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Problems().Select(static problem => new ValidationResult(problem));

    private IEnumerable<string> Problems()
    {
        if (MaxBodyBytes is < 1024 or > 16 * 1024 * 1024)
        {
            yield return "Webhooks:MaxBodyBytes must lie between 1024 and 16777216.";
        }

        foreach (var form in SignedForms.Where(form => !Enum.IsDefined(form)))
        {
            yield return $"{form} in Webhooks:SignedForms is not one of RawBody, JsonStringify and JsonDumps.";
        }

        foreach (var address in AllowedAddresses.Concat(KnownProxies).Where(text => ParseNetwork(text) is null))
        {
            yield return $"'{address}' in Webhooks:AllowedAddresses or Webhooks:KnownProxies is neither an IP address nor a network "
                + "such as 192.0.2.0/24.";
        }

        if (AddressPolicy == AddressPolicy.Enforce && AllowedAddresses.Count == 0)
        {
            yield return "Webhooks:AddressPolicy is Enforce but Webhooks:AllowedAddresses is empty: every delivery would be refused.";
        }
    }

    /// <summary>Reads an address, as the network of that address alone, or a network; null where it is neither.</summary>
    public static IPNetwork? ParseNetwork(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        return IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
    }
}

/// <summary>Checks <see cref="WebhooksOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class WebhooksOptionsValidator : IValidateOptions<WebhooksOptions>;
