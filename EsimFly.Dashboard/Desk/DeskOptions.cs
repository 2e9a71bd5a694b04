using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk;

/// <summary>How the account's amounts are shown: the section <c>Account</c>.</summary>
internal sealed class DeskOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Account";

    /// <summary>The account's currency, which no payload names: an ISO 4217 code.</summary>
    [RegularExpression("^[A-Z]{3}$", ErrorMessage = "Account:Currency must be a three-letter code such as USD.")]
    public string Currency { get; set; } = "USD";
}

/// <summary>Checks <see cref="DeskOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class DeskOptionsValidator : IValidateOptions<DeskOptions>;
