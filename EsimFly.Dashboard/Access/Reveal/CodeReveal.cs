using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Reveal;

/// <summary>The one way to an activation code: asked for by a person, recorded, and only then opened.</summary>
internal sealed class CodeReveal(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    IDbContextFactory<ReadModelDbContext> contexts,
    LogEntries log,
    IOptions<AccessOptions> options,
    TimeProvider time
)
{
    /// <summary>The time over which an account's looks are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>So many of the latest looks of all accounts are counted through.</summary>
    public const int MostCounted = 5000;

    private static readonly string CountRecent = $"""
        SELECT COUNT(*) FROM (SELECT "AccountId", "AtMs" FROM "Audit" WHERE "Action" = @p0 ORDER BY "Id" DESC LIMIT {MostCounted}) AS recent
            WHERE "AccountId" = @p1 AND "AtMs" > @p2
        """;

    private static readonly string[] Looks = [AuditActions.CodeRevealed, AuditActions.BodyRevealed];

    private const string AppleOrigin = "https://esimsetup.apple.com";

    /// <summary>Opens the activation code of an eSIM.</summary>
    /// <returns>The code; none where none was received, or where the account has revealed as many as it may within an hour.</returns>
    /// <exception cref="AccessDeniedException">They may not see codes: it needs <see cref="AccountRole.Support"/>.</exception>
    /// <exception cref="StorageUnavailableException">
    /// The audit log could not be written, so the code stays closed.
    /// </exception>
    public async Task<RevealOutcome> RevealAsync(ClaimsPrincipal who, string iccid, bool isTest, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var from = await context
            .Esims.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.Iccid == iccid && row.CodesFrom != null)
            .SelectMany(row =>
                context
                    .EventEsims.Where(named => named.IsTest == isTest && named.Iccid == iccid && named.HasCodes)
                    .SelectMany(named => context.Events.Where(given => given.DeliverySeq == named.DeliverySeq))
                    .Where(given => given.BodyHash == row.CodesFrom)
                    .Select(given => (long?)given.DeliverySeq)
            )
            .FirstOrDefaultAsync(cancellationToken);
        if (from is not { } seq)
        {
            return default;
        }

        if (!await TryNoteAsync(actor, AuditActions.CodeRevealed, iccid, isTest ? "test eSIM" : null, cancellationToken))
        {
            return new(null, TooMany);
        }

        var entry = await log.FindAsync(seq, cancellationToken);
        return entry?.CodesOf(iccid) is { } codes ? new(Describe(codes), null) : default;
    }

    /// <summary>Opens the body of a delivery: what stands under keys that nobody knows, and the codes in it.</summary>
    /// <returns>The body; none where it is not kept or not JSON, or the account has revealed as much as it may within an hour.</returns>
    /// <exception cref="AccessDeniedException">They may not see codes: it needs <see cref="AccountRole.Support"/>.</exception>
    /// <exception cref="StorageUnavailableException">The audit log could not be written, so the body stays masked.</exception>
    public async Task<(string? Body, string? Problem)> RevealBodyAsync(ClaimsPrincipal who, long seq, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var entry = await log.FindAsync(seq, cancellationToken);
        if (entry?.OpenBody() is not { } body)
        {
            return (null, "The body is no longer kept, or is not JSON.");
        }

        var subject = seq.ToString(CultureInfo.InvariantCulture);
        return await TryNoteAsync(actor, AuditActions.BodyRevealed, subject, detail: null, cancellationToken)
            ? (body, null)
            : (null, TooMany);
    }

    private string TooMany =>
        $"You have revealed {options.Value.RevealsPerHour} codes within an hour, which is as many as one account may. "
        + "Wait, or ask an administrator.";

    // Counted and written down in one transaction, so that several clicks at once are not several more.
    private Task<bool> TryNoteAsync(Actor actor, string action, string subject, string? detail, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            transaction =>
            {
                var sinceMs = (time.GetUtcNow() - Window).ToUnixTimeMilliseconds();
                if (
                    Looks.Sum(look => transaction.Scalar<long>(CountRecent, look, actor.AccountId, sinceMs)) >= options.Value.RevealsPerHour
                )
                {
                    return false;
                }

                audit.Append(transaction, new(action, subject, detail) { Actor = actor });
                return true;
            },
            cancellationToken
        );

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
        )
        {
            Server = lpa?.Server,
            MatchingId = lpa?.MatchingId,
        };
    }
}
