using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Contract;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Tokens;

/// <summary>API tokens from the settings: the section <c>Api</c>.</summary>
internal sealed class ApiOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Api";

    private const int ShortestToken = 32;

    /// <summary>The tokens.</summary>
    public IList<ConfiguredToken> Tokens { get; } = [];

    /// <summary>A token from the settings.</summary>
    internal sealed class ConfiguredToken
    {
        /// <summary>What it is called.</summary>
        public string Name { get; set; } = "";

        /// <summary>Its text, as programs send it.</summary>
        [Secret]
        public string Token { get; set; } = "";
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Problems().Select(static problem => new ValidationResult(problem));

    private IEnumerable<string> Problems()
    {
        for (var i = 0; i < Tokens.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(Tokens[i].Name) || string.IsNullOrWhiteSpace(Tokens[i].Token))
            {
                yield return $"Api:Tokens:{i} needs a Name and a Token, neither of them empty.";
            }

            if (Tokens[i].Token.Trim().Length is > 0 and < ShortestToken)
            {
                yield return $"Api:Tokens:{i}:Token has fewer than {ShortestToken} characters and could be guessed. "
                    + "`openssl rand -base64 32` makes a good one.";
            }
        }
    }
}

/// <summary>Checks <see cref="ApiOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ApiOptionsValidator : IValidateOptions<ApiOptions>;
