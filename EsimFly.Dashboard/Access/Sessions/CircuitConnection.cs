using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.SignalR;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>
/// Tells an open page's session which connection it hangs on, so that the server can close it: a browser that ignores the way to the
/// sign-in page would go on getting what it was sent.
/// </summary>
internal sealed class CircuitConnection(CircuitSession session) : CircuitHandler
{
    private static readonly AsyncLocal<HubCallerContext?> Handled = new();

    /// <summary>The connection of the open page that is being served; null outside of one.</summary>
    public static HubCallerContext? Current => Handled.Value;

    /// <inheritdoc/>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        session.Connected(Current);
        return Task.CompletedTask;
    }

    /// <summary>Notes the connection that a call comes over, for as long as it is handled.</summary>
    internal sealed class Filter : IHubFilter
    {
        /// <inheritdoc/>
        public async ValueTask<object?> InvokeMethodAsync(
            HubInvocationContext invocationContext,
            Func<HubInvocationContext, ValueTask<object?>> next
        )
        {
            Handled.Value = invocationContext.Context;
            return await next(invocationContext);
        }
    }
}
