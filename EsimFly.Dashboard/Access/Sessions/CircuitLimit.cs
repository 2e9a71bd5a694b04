using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Sessions;

/// <summary>Bounds how many open pages one account holds of this process.</summary>
internal sealed class CircuitLimit(AuthenticationStateProvider session, CircuitLimit.Counts counts, IOptions<LiveSessionOptions> options)
    : CircuitHandler
{
    private string? counted;

    /// <inheritdoc/>
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var state = await session.GetAuthenticationStateAsync();
        var account = state.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        if (!counts.TryAdd(account, options.Value.MaxCircuitsPerAccount))
        {
            throw new InvalidOperationException(
                $"This account has {options.Value.MaxCircuitsPerAccount} pages open, which is as many as it may."
            );
        }

        counted = account;
    }

    /// <inheritdoc/>
    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (counted is { } account)
        {
            counted = null;
            counts.Remove(account);
        }

        return Task.CompletedTask;
    }

    /// <summary>The open pages of this process, by account.</summary>
    internal sealed class Counts
    {
        private readonly ConcurrentDictionary<string, int> open = new(StringComparer.Ordinal);

        /// <summary>How many all accounts together have open.</summary>
        public int Total => open.Values.Sum();

        /// <summary>Counts one more; false where that would be too many.</summary>
        public bool TryAdd(string account, int limit)
        {
            if (open.AddOrUpdate(account, 1, static (_, count) => count + 1) <= limit)
            {
                return true;
            }

            Remove(account);
            return false;
        }

        /// <summary>Counts one less.</summary>
        public void Remove(string account)
        {
            if (open.AddOrUpdate(account, 0, static (_, count) => count - 1) <= 0)
            {
                open.TryRemove(new KeyValuePair<string, int>(account, 0));
            }
        }
    }
}
