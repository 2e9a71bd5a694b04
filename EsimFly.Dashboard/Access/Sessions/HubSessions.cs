using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Storage.Workers;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// Holds the connections of the hubs to what let them in: a connection whose token was revoked, or whose account was
/// disabled or signed out, is ended.
/// </summary>
internal sealed partial class HubSessions(
    AccessGuard guard,
    ApiTokens tokens,
    AccessNews news,
    TimeProvider time,
    IOptions<LiveSessionOptions> options,
    ILogger<HubSessions> logger
) : PeriodicWorker(time, logger), IHubFilter
{
    private readonly ConcurrentDictionary<string, (HubCallerContext Connection, long Since)> open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override TimeSpan UntilNext => options.Value.CheckEvery;

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var since = Time.GetTimestamp();
        if (!await MayStayAsync(context.Context.User ?? new ClaimsPrincipal(), since, CancellationToken.None))
        {
            context.Context.Abort(); // a session that still owes its second step
            return;
        }

        open[context.Context.ConnectionId] = (context.Context, since);
        try
        {
            await next(context);
        }
        catch
        {
            open.TryRemove(context.Context.ConnectionId, out _); // it does not learn that such a connection ends
            throw;
        }
    }

    /// <inheritdoc/>
    public Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        open.TryRemove(context.Context.ConnectionId, out _);
        return next(context, exception);
    }

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        news.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override Task StopAsync(CancellationToken cancellationToken)
    {
        news.Changed -= OnChanged;
        return base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task TickAsync(CancellationToken stoppingToken)
    {
        foreach (var (connection, since) in open.Values)
        {
            await CheckAsync(connection, since, stoppingToken);
        }
    }

    private void OnChanged(object? sender, EventArgs change) => Wake();

    private async Task CheckAsync(HubCallerContext connection, long since, CancellationToken cancellationToken)
    {
        try
        {
            if (!await MayStayAsync(connection.User ?? new ClaimsPrincipal(), since, cancellationToken))
            {
                connection.Abort();
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested) // or the process would end
        {
            Log.CheckFailed(logger, fault);
        }
    }

    private async Task<bool> MayStayAsync(ClaimsPrincipal who, long since, CancellationToken cancellationToken)
    {
        if (
            who.Identities.Any(identity => string.Equals(identity.AuthenticationType, ApiTokenHandler.SchemeName, StringComparison.Ordinal))
        )
        {
            return who.FindFirstValue(ApiTokenHandler.TokenIdClaim) is not { } id
                || await tokens.IsGoodAsync(int.Parse(id, CultureInfo.InvariantCulture), cancellationToken);
        }

        // A person's connection shows nothing of what they do, so it lasts as long as an idle session; they connect again.
        return Time.GetElapsedTime(since) < SessionCookie.Idle
            && !SessionCookie.IsOver(who, Time.GetUtcNow().ToUnixTimeMilliseconds())
            && await guard.MayStayAsync(who, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Whether a hub connection may stay could not be read; it is asked again.")]
        public static partial void CheckFailed(ILogger logger, Exception fault);
    }
}
