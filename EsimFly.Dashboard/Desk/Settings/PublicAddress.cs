using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>
/// Where eSIMfly reaches this desk: what eSIMfly is given, and the one address beside its own that the Simulator sends to.
/// </summary>
internal sealed record PublicAddress
{
    /// <summary>Where it is kept.</summary>
    public static StoredSetting<PublicAddress> Setting { get; } = new("public_address", PublicAddressJson.Default.PublicAddress);

    /// <summary>The base address, such as <c>https://desk.example.com</c>; null where none is set.</summary>
    public string? Base { get; init; }

    /// <summary>The webhook's address under it; null where none is set.</summary>
    public Uri? Webhook => Base is { } address ? new Uri(WebhookAddress.Under(address)) : null;

    /// <summary>The base address that is set; null where none is.</summary>
    public static async Task<string?> FindAsync(IServiceProvider services) =>
        (await Setting.ReadAsync(services.GetRequiredService<IDbContextFactory<LogDbContext>>(), CancellationToken.None)).Base;

    /// <summary>Reads what an administrator typed.</summary>
    /// <param name="text">The address; empty for none.</param>
    /// <returns>The setting, or why it cannot be used, in words.</returns>
    public static (PublicAddress? Set, string? Problem) Read(string? text)
    {
        var typed = text?.Trim().TrimEnd('/');
        if (string.IsNullOrEmpty(typed))
        {
            return (new(), null);
        }

        if (typed.EndsWith(WebhookAddress.Path, StringComparison.OrdinalIgnoreCase))
        {
            typed = typed[..^WebhookAddress.Path.Length];
        }

        if (
            !Uri.TryCreate(typed, UriKind.Absolute, out var address)
            || address.Scheme is not ("https" or "http")
            || address.Host.Length == 0
        )
        {
            return (null, "“Public address” takes an address such as https://desk.example.com.");
        }

        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            return (null, "“Public address” takes neither a user nor a query nor a fragment.");
        }

        return address.Scheme is "http" && !address.IsLoopback
            ? (null, "eSIMfly sends over HTTPS: “Public address” must begin with https://.")
            : (new() { Base = address.GetLeftPart(UriPartial.Path).TrimEnd('/') }, null);
    }
}

/// <summary>The JSON form of <see cref="PublicAddress"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(PublicAddress))]
internal sealed partial class PublicAddressJson : JsonSerializerContext;
