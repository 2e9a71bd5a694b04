using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access;

/// <summary>What is asked of people: the section <c>Access</c>.</summary>
internal sealed class AccessOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Access";

    /// <summary>
    /// From this role on a password alone does not do: who has no second step sets it up before anything else. Unset: for nobody.
    /// </summary>
    public AccountRole? SecondStepFrom { get; set; }

    /// <summary>How many codes one account may reveal within an hour.</summary>
    public int RevealsPerHour { get; set; } = 60;

    /// <summary>
    /// Origins such as <c>https://desk.example.com</c> that are the desk's own, where a reverse proxy hides that from it.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Whether an origin is the one that the request was sent to, or one of <see cref="AllowedOrigins"/>.</summary>
    public bool IsOwn(HttpRequest request, string origin) =>
        string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)
        || AllowedOrigins.Any(allowed => string.Equals(allowed.TrimEnd('/'), origin, StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RevealsPerHour is < 1 or > 10_000)
        {
            yield return new("Access:RevealsPerHour must lie between 1 and 10000.");
        }
    }
}

/// <summary>Checks <see cref="AccessOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
