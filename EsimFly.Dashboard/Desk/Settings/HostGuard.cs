using System.Net;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>
/// Refuses requests that come under a name which is not the desk's: links that it writes begin with the name it was asked by, so a forged
/// one would lead elsewhere. Names are: the public address, <c>Access:AllowedOrigins</c>, this machine's own addresses and localhost. Where
/// neither of the first two is set, no name is known and any will do. <c>AllowedHosts</c>, where it is set, counts alone: the host obeys
/// it.
/// </summary>
internal sealed partial class HostGuard(
    RequestDelegate next,
    IDbContextFactory<LogDbContext> contexts,
    TimeProvider time,
    IOptions<AccessOptions> origins,
    IConfiguration configuration,
    ILogger<HostGuard> logger
)
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(2);

    private readonly LogPace pace = new(TimeSpan.FromMinutes(1), time);

    private readonly bool isOff = configuration["AllowedHosts"] is { Length: > 0 };

    private readonly HashSet<string> own = origins
        .Value.AllowedOrigins.Select(static origin => Uri.TryCreate(origin, UriKind.Absolute, out var address) ? address.Host : origin)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private (long AtTimestamp, string? Name)? read;

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (isOff || await IsOwnAsync(context))
        {
            await next(context);
            return;
        }

        if (pace.IsDue())
        {
            Log.Refused(logger, context.Request.Host.Host);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        await context.Response.WriteAsync(
            "The desk is not known by this name. Open it by its public address, or add the name to the setting Access:AllowedOrigins.",
            context.RequestAborted
        );
    }

    private async ValueTask<bool> IsOwnAsync(HttpContext context)
    {
        var host = context.Request.Host.Host;
        if (
            string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && (IPAddress.IsLoopback(address) || IsLocal(context, address)))
        )
        {
            return true;
        }

        var named = await PublicNameAsync(context.RequestAborted);
        return (named is null && own.Count == 0) || string.Equals(named, host, StringComparison.OrdinalIgnoreCase) || own.Contains(host);
    }

    private async ValueTask<string?> PublicNameAsync(CancellationToken cancellationToken)
    {
        if (read is { } last && time.GetElapsedTime(last.AtTimestamp) < ReadAgainAfter)
        {
            return last.Name;
        }

        var now = time.GetTimestamp();
        var set = await PublicAddress.Setting.ReadAsync(contexts, cancellationToken);
        var name = set.Webhook?.Host;
        read = (now, name);
        return name;
    }

    private static bool IsLocal(HttpContext context, IPAddress address) =>
        context.Connection.LocalIpAddress is { } local && local.MapToIPv6().Equals(address.MapToIPv6());

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A request for the host {Host} was refused: it is none of the desk's names.")]
        public static partial void Refused(ILogger logger, string host);
    }
}
