using System.Security.Claims;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Access.Reveal;

/// <summary>The one way to an activation code: asked for by a person, recorded, and only then opened.</summary>
internal sealed class CodeReveal(AccessGuard guard, AuditLog audit, IDbContextFactory<DeskDbContext> contexts, LogEntries log)
{
    private const string AppleOrigin = "https://esimsetup.apple.com";

    /// <summary>Opens the activation code of an eSIM.</summary>
    /// <returns>The code; null where none was received.</returns>
    /// <exception cref="AccessDeniedException">They may not see codes: it needs <see cref="AccountRole.Support"/>.</exception>
    /// <exception cref="Storage.Writing.StorageUnavailableException">
    /// The audit log could not be written, so the code stays closed.
    /// </exception>
    public async Task<RevealedCode?> RevealAsync(ClaimsPrincipal who, string iccid, bool isTest, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken).ConfigureAwait(false);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        var from = await context
            .Esims.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Iccid == iccid && row.CodesFrom != null)
            .SelectMany(row =>
                context
                    .Deliveries.Where(delivery => delivery.IsTest == isTest && delivery.BodyHash == row.CodesFrom)
                    .Select(delivery => (long?)delivery.Seq)
            )
            .FirstOrDefaultAsync(cancellationToken)
            .ConfigureAwait(false);
        if (from is not { } seq)
        {
            return null;
        }

        await audit
            .WriteAsync(new(AuditActions.CodeRevealed, iccid, isTest ? "test eSIM" : null) { Actor = actor }, cancellationToken)
            .ConfigureAwait(false);
        var entry = await log.FindAsync(seq, cancellationToken).ConfigureAwait(false);
        return entry?.CodesOf(iccid) is { } codes ? Describe(codes) : null;
    }

    /// <summary>
    /// What can be done with the codes that an event gave. Addresses in them are not trusted: only Apple's own install link is passed on.
    /// </summary>
    internal static RevealedCode Describe(EsimCodes codes)
    {
        var lpa = LpaCode.Read(codes.ActivationCode) ?? LpaCode.Read(codes.QrCode);
        var apple =
            lpa?.AppleInstallLink
            ?? (
                Uri.TryCreate(codes.AppleInstallUrl, UriKind.Absolute, out var link)
                && string.Equals(link.GetLeftPart(UriPartial.Authority), AppleOrigin, StringComparison.Ordinal)
                    ? link.AbsoluteUri
                    : null
            );
        return new RevealedCode(
            lpa?.Text ?? codes.ActivationCode ?? codes.QrCode,
            lpa?.Text,
            lpa?.NeedsConfirmation == true,
            apple,
            lpa?.AndroidInstallLink
        );
    }
}
