using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>eSIMfly's business API, beside what is kept in Settings.</summary>
internal sealed class EsimflyApiOptions : IValidatableObject
{
    /// <summary>The section of the settings.</summary>
    public const string Section = "EsimflyApi";

    /// <summary>The access code, which begins with <c>esf_</c>; null to use what Settings keeps.</summary>
    [Secret]
    public string? AccessCode { get; set; }

    /// <summary>The secret key, which begins with <c>sk_</c>; null to use what Settings keeps.</summary>
    [Secret]
    public string? SecretKey { get; set; }

    /// <summary>Where the API is.</summary>
    public string BaseUrl { get; set; } = "https://esimfly.net/api/v1/business";

    /// <summary>How many requests a minute at most; eSIMfly allows 60.</summary>
    public int RequestsPerMinute { get; set; } = 30;

    /// <summary>How many requests an hour at most; eSIMfly allows 1,000.</summary>
    public int RequestsPerHour { get; set; } = 500;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var address) || !IsAllowed(address))
        {
            yield return new("EsimflyApi:BaseUrl must be an https address, or one on this machine.");
        }

        if (AccessCode is null != SecretKey is null)
        {
            yield return new("EsimflyApi:AccessCode and EsimflyApi:SecretKey go together; one of them is missing.");
        }

        if (RequestsPerMinute is < 1 or > 60 || RequestsPerHour is < 1 or > 1000)
        {
            yield return new("EsimflyApi:RequestsPerMinute must lie between 1 and 60, RequestsPerHour between 1 and 1000.");
        }
    }

    // Keys go over the network with each request's signature; a stand-in for development is on this machine.
    private static bool IsAllowed(Uri address) =>
        string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
        || (string.Equals(address.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) && address.IsLoopback);
}
