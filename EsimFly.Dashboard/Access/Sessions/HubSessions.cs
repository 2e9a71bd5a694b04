using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Access.Tokens;
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
) : BackgroundService, IHubFilter
{
    private readonly ConcurrentDictionary<string, (HubCallerContext Connection, long Since)> open = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var since = time.GetTimestamp();
        if (!await MayStayAsync(context.Context.User ?? new ClaimsPrincipal(), since, CancellationToken.None).ConfigureAwait(false))
        {
            context.Context.Abort(); // a session that still owes its second step
            return;
        }

        open[context.Context.ConnectionId] = (context.Context, since);
        try
        {
            await next(context).ConfigureAwait(false);
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
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CheckEvery, time);
        news.Changed += CheckNow;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await CheckAllAsync(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
        finally
        {
            news.Changed -= CheckNow;
        }

        void CheckNow(object? sender, EventArgs change) => _ = Task.Run(() => CheckAllAsync(stoppingToken), stoppingToken);
    }

    private async Task CheckAllAsync(CancellationToken cancellationToken)
    {
        foreach (var (connection, since) in open.Values)
        {
            await CheckAsync(connection, since, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CheckAsync(HubCallerContext connection, long since, CancellationToken cancellationToken)
    {
        try
        {
            if (!await MayStayAsync(connection.User ?? new ClaimsPrincipal(), since, cancellationToken).ConfigureAwait(false))
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
                || await tokens.IsGoodAsync(int.Parse(id, CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        }

        // A person's connection shows nothing of what they do, so it lasts as long as an idle session; they connect again.
        return time.GetElapsedTime(since) < SessionCookie.Idle
            && !SessionCookie.IsOver(who, time.GetUtcNow().ToUnixTimeMilliseconds())
            && await guard.MayStayAsync(who, cancellationToken).ConfigureAwait(false);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Whether a hub connection may stay could not be read; it is asked again.")]
        public static partial void CheckFailed(ILogger logger, Exception fault);
    }
}
