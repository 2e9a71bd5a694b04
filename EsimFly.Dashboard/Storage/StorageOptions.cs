using System.ComponentModel.DataAnnotations;

namespace EsimFly.Dashboard.Storage;

/// <summary>Where and how the installation keeps its data: the section <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Storage";

    /// <summary>
    /// The folder of the database, the keys and the backups. A relative path is taken from the project's folder, in a
    /// published app from the executable's.
    /// </summary>
    [Required(AllowEmptyStrings = false, ErrorMessage = "Storage:Directory must name a folder.")]
    public string Directory { get; set; } = "data";

    /// <summary>With less free disk than this, in bytes, deliveries are answered 503 so that eSIMfly keeps them.</summary>
    [Range(0, long.MaxValue, ErrorMessage = "Storage:MinimumFreeBytes must not be negative.")]
    public long MinimumFreeBytes { get; set; } = 200L * 1024 * 1024;

    /// <summary>How long a write waits for a database that another process has locked.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Storage:LockTimeout must lie between 1 second and 1 minute.")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(3);
}
