using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Contract;

/// <summary>What eSIMfly's payloads do not say about the account at eSIMfly: the section <c>Wholesale</c>.</summary>
internal sealed class WholesaleOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Wholesale";

    /// <summary>The account's currency, which no payload names: an ISO 4217 code.</summary>
    [RegularExpression("^[A-Z]{3}$", ErrorMessage = "Wholesale:Currency must be a three-letter code such as USD.")]
    public string Currency { get; set; } = "USD";

    /// <summary>The unit of data sizes in contract 2025-11.</summary>
    public DataUnit DataUnit { get; set; } = DataUnit.GB;
}

/// <summary>Checks <see cref="WholesaleOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class WholesaleOptionsValidator : IValidateOptions<WholesaleOptions>;
