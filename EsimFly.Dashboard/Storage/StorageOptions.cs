using System.ComponentModel.DataAnnotations;
using EsimFly.Dashboard.Contract;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>Where and how the installation keeps its data: the section <c>Storage</c>.</summary>
internal sealed class StorageOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Storage";

    /// <summary>
    /// The folder of the database, the keys and the backups. A relative path is taken from the project's folder, in a
    /// published app from the executable's.
    /// </summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Storage:Directory must name a folder.")]
    public string Directory { get; set; } = "data";

    /// <summary>Which database holds the data.</summary>
    public StorageProvider Provider { get; set; }

    /// <summary>What this instance is called on the Health page, where several use one database; empty for machine and process.</summary>
    public string InstanceName { get; set; } = "";

    /// <summary>
    /// A certificate with its private key, a PKCS #12 file: Data Protection's keys are wrapped with it and kept in the database. Without it
    /// they are files in the folder of keys, which all instances must share. With PostgreSQL alone.
    /// </summary>
    public string KeyCertificate { get; set; } = "";

    /// <summary>The password of that file.</summary>
    [Secret]
    public string KeyCertificatePassword { get; set; } = "";

    /// <summary>With less free disk than this, in bytes, deliveries are answered 503 so that eSIMfly keeps them.</summary>
    public long MinimumFreeBytes { get; set; } = 200L * 1024 * 1024;

    /// <summary>How long a write waits for a database that another process has locked.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Not [Range]: the generated validator has words of its own for it.
        if (MinimumFreeBytes < 0)
        {
            yield return new ValidationResult("Storage:MinimumFreeBytes must not be negative.");
        }

        if (KeyCertificate.Length > 0 && Provider != StorageProvider.Postgres)
        {
            yield return new ValidationResult(
                "Storage:KeyCertificate is for Storage:Provider=Postgres; a file store keeps its keys beside it."
            );
        }

        if (LockTimeout < TimeSpan.FromSeconds(1) || LockTimeout > TimeSpan.FromMinutes(1))
        {
            yield return new ValidationResult("Storage:LockTimeout must lie between 1 second and 1 minute.");
        }
    }
}

/// <summary>Which database holds the data.</summary>
internal enum StorageProvider
{
    /// <summary>Two files in <see cref="StorageOptions.Directory"/>, for one process.</summary>
    Sqlite,

    /// <summary>Two schemas of the PostgreSQL database that <c>ConnectionStrings:Desk</c> names, for several processes.</summary>
    Postgres,
}

/// <summary>Checks <see cref="StorageOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
