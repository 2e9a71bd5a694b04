using System.Security.Claims;
using EsimFly.Dashboard.Access.SignIn;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// Who sits before an open page. A live page outlives the cookie that opened it, so it is asked time and again whether the
/// account may still be here; when it may not, the page becomes nobody's and sends its viewer to sign in.
/// </summary>
internal sealed class CircuitSession(ILoggerFactory logging, AccessGuard guard, TimeProvider time, IOptions<LiveSessionOptions> options)
    : RevalidatingServerAuthenticationStateProvider(logging)
{
    private long lastActiveAt = time.GetTimestamp();

    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => options.Value.CheckEvery;

    /// <summary>Its viewer has done something: the script of the page says so, since a live page is never silent by itself.</summary>
    public void NoteActivity() => Interlocked.Exchange(ref lastActiveAt, time.GetTimestamp());

    /// <inheritdoc/>
    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) =>
        time.GetElapsedTime(Interlocked.Read(ref lastActiveAt)) < SessionCookie.Idle
        && await MayStayAsync(authenticationState.User, cancellationToken).ConfigureAwait(false);

    private async Task<bool> MayStayAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        try
        {
            return !SessionCookie.IsOver(who, time.GetUtcNow().ToUnixTimeMilliseconds())
                && await guard.FindAsync(who, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (ObjectDisposedException)
        {
            return false; // the process ends, and its pages with it
        }
    }
}
