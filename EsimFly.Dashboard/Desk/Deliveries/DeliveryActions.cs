using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>What people may do to deliveries.</summary>
internal sealed class DeliveryActions(
    AccessGuard guard,
    AuditLog audit,
    ProjectionRetries retries,
    Rescue rescue,
    Diagnosis diagnosis,
    SigningSecrets secrets,
    LogEntries log
)
{
    /// <summary>What a rejected request's signature would have matched: see <see cref="Diagnosis"/>.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyList<SignatureMatch>?> DiagnoseAsync(
        ClaimsPrincipal who,
        long rejectedId,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        return await diagnosis.DiagnoseAsync(rejectedId, cancellationToken);
    }

    /// <summary>Verifies a rejected request again.</summary>
    /// <returns>The number of the delivery that it became; null where it does not verify.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<long?> RescueAsync(ClaimsPrincipal who, long rejectedId, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var seq = await Task.Run(() => rescue.RescueAsync(rejectedId, cancellationToken), cancellationToken);
        if (seq is { } saved)
        {
            await audit.WriteAsync(
                new(AuditActions.Rescued, saved.ToString(CultureInfo.InvariantCulture), "one, by hand") { Actor = actor },
                CancellationToken.None
            );
        }

        return seq;
    }

    /// <summary>
    /// A command that sends what a delivery contained once more, as a test: its codes masked, signed with the installation's test
    /// secret, so that it can never be taken for real.
    /// </summary>
    /// <returns>The command for a shell; null where the body is not kept or cannot be shown.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<string?> CurlAsync(ClaimsPrincipal who, long seq, string baseAddress, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var entry = await log.FindAsync(seq, cancellationToken);
        if (entry?.SafeBody() is not { } body || secrets.Current.FirstOrDefault(secret => secret.IsTest) is not { } secret)
        {
            return null;
        }

        await audit.WriteAsync(
            new(AuditActions.CurlCopied, seq.ToString(CultureInfo.InvariantCulture)) { Actor = actor },
            cancellationToken
        );
        return CurlCommand.Write(
            WebhookAddress.Under(baseAddress),
            entry.Record.Contract,
            ScannedBody.Of(entry.Payload()!.Value.Span).EventName,
            Guid.NewGuid().ToString(),
            body,
            secret.Key
        );
    }

    /// <summary>Puts a dead or quarantined delivery back into the queue.</summary>
    /// <returns>False where there is none in that state.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<bool> RequeueAsync(ClaimsPrincipal who, long seq, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var entry = new AuditEntry(AuditActions.Requeued, seq.ToString(CultureInfo.InvariantCulture)) { Actor = actor };
        await audit.WriteAsync(entry, cancellationToken);
        return await retries.RequeueAsync(seq, cancellationToken);
    }
}
