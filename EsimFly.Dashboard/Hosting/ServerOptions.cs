using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Hosting;

/// <summary>What connections the process takes: the section <c>Server</c>.</summary>
internal sealed class ServerOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Server";

    /// <summary>How many connections each address that is listened on takes at once.</summary>
    public int MaxConnections { get; set; } = 5000;

    /// <summary>How many of them one sender may hold: an IPv4 address or an IPv6 /64. Proxies that are known count as nobody.</summary>
    public int MaxConnectionsPerSender { get; set; } = 500;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxConnections is < 100 or > 1_000_000)
        {
            yield return new("Server:MaxConnections must lie between 100 and 1000000.");
        }

        if (MaxConnectionsPerSender < 10 || MaxConnectionsPerSender > MaxConnections)
        {
            yield return new("Server:MaxConnectionsPerSender must lie between 10 and Server:MaxConnections.");
        }
    }
}

/// <summary>Checks <see cref="ServerOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;
