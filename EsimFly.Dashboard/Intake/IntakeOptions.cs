using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Intake;

/// <summary>The bounds of appending to the log: the section <c>Intake</c>.</summary>
internal sealed class IntakeOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Intake";

    /// <summary>How many deliveries may wait for their commit; one more is answered 503.</summary>
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>How many are committed in one transaction at the most.</summary>
    public int BatchSize { get; set; } = 512;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Not [Range]: the generated validator has words of its own for it.
        if (QueueCapacity is < 1 or > 1_000_000)
        {
            yield return new ValidationResult("Intake:QueueCapacity must lie between 1 and 1,000,000.");
        }

        if (BatchSize is < 1 or > 10_000)
        {
            yield return new ValidationResult("Intake:BatchSize must lie between 1 and 10,000.");
        }
    }
}

/// <summary>Checks <see cref="IntakeOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class IntakeOptionsValidator : IValidateOptions<IntakeOptions>;
