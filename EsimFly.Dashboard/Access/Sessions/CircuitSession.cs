using System.Security.Claims;
using EsimFly.Dashboard.Access.SignIn;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// Who sits before an open page. A live page outlives the cookie that opened it, so it is asked time and again whether the
/// account may still be here; when it may not, the page becomes nobody's and sends its viewer to sign in, and the server then closes its
/// connection.
/// </summary>
internal sealed partial class CircuitSession : RevalidatingServerAuthenticationStateProvider
{
    private readonly Lock gate = new();
    private readonly AccessGuard guard;
    private readonly AccessNews news;
    private readonly TimeProvider time;
    private readonly LiveSessionOptions options;
    private readonly ILogger logger;
    private HubCallerContext? connection;
    private ITimer? closing;
    private bool isOpen;
    private bool isOver;
    private long lastActiveAt;

    /// <summary>Begins with the account that opened the page.</summary>
    public CircuitSession(
        ILoggerFactory logging,
        AccessGuard guard,
        AccessNews news,
        TimeProvider time,
        IOptions<LiveSessionOptions> options
    )
        : base(logging)
    {
        (this.guard, this.news, this.time, this.options) = (guard, news, time, options.Value);
        lastActiveAt = time.GetTimestamp();
        AuthenticationStateChanged += CloseIfNobodys;
        logger = logging.CreateLogger<CircuitSession>();
    }

    /// <inheritdoc/>
    protected override TimeSpan RevalidationInterval => options.CheckEvery;

    /// <summary>Its viewer has done something: the script of the page says so, since a live page is never silent by itself.</summary>
    public void NoteActivity() => Interlocked.Exchange(ref lastActiveAt, time.GetTimestamp());

    /// <summary>The page is connected, for the first time or again; null where the connection is not known.</summary>
    public void Connected(HubCallerContext? over)
    {
        lock (gate)
        {
            if (!isOpen)
            {
                isOpen = true; // not before: a form that changes its own account is answered to the end
                news.Changed += Check;
            }

            connection = over;
            if (!isOver)
            {
                return;
            }
        }

        over?.Abort(); // a session that is over does not come back
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            news.Changed -= Check;
            AuthenticationStateChanged -= CloseIfNobodys;
            closing?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    ) =>
        time.GetElapsedTime(Interlocked.Read(ref lastActiveAt)) < SessionCookie.Idle
        && await MayStayAsync(authenticationState.User, cancellationToken);

    // Accounts were changed, in this instance or another: not with the next round, but now.
    private void Check(object? sender, EventArgs change) => _ = GuardAsync(CheckAsync);

    private void CloseIfNobodys(Task<AuthenticationState> state) => _ = GuardAsync(() => CloseIfNobodysAsync(state));

    // Nobody waits for it, and what fails must end neither the process nor the session: the next round asks again.
    private async Task GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            Log.CheckFailed(logger, fault);
        }
    }

    private async Task CheckAsync()
    {
        var state = await GetAuthenticationStateAsync();
        if (state.User.Identity?.IsAuthenticated == true && !await MayStayAsync(state.User, CancellationToken.None))
        {
            SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
        }
    }

    private async Task CloseIfNobodysAsync(Task<AuthenticationState> state)
    {
        if ((await state).User.Identity?.IsAuthenticated == true)
        {
            return;
        }

        lock (gate)
        {
            if (!isOver)
            {
                isOver = true;
                closing = time.CreateTimer(_ => Close(), state: null, options.CloseAfter, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Close()
    {
        HubCallerContext? over;
        lock (gate)
        {
            over = connection;
        }

        over?.Abort();
    }

    private async Task<bool> MayStayAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        try
        {
            return !SessionCookie.IsOver(who, time.GetUtcNow().ToUnixTimeMilliseconds())
                && await guard.MayStayAsync(who, cancellationToken);
        }
        catch (ObjectDisposedException)
        {
            return false; // the process ends, and its pages with it
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Whether a page's account may stay could not be read; the next round asks again.")]
        public static partial void CheckFailed(ILogger logger, Exception fault);
    }
}
