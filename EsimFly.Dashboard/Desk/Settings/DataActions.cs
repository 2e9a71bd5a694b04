using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>How long bodies are kept, and backups.</summary>
internal sealed class DataActions(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    Backups backups,
    DataKeys dataKeys,
    Sealer sealer,
    IDbContextFactory<LogDbContext> contexts
)
{
    /// <summary>What is set now, and the backups that are there.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<(Retention Retention, IReadOnlyList<BackupFile> Backups, (int Number, long CreatedAtMs) Key)> ReadAsync(
        ClaimsPrincipal who,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return (
            await Retention.Setting.ReadAsync(context, cancellationToken),
            backups.List(),
            await dataKeys.CurrentAsync(cancellationToken)
        );
    }

    /// <summary>Whether backups are made here: a server's data are backed up with the server's own means.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<bool> CanBackUpAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return backups.CanMake;
    }

    /// <summary>Sets how long bodies are kept. What is older is replaced by its event within the hour, and cannot be restored.</summary>
    /// <returns>Why it cannot be used, in words; null where it is set.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<string?> SetRetentionAsync(ClaimsPrincipal who, Retention set, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        ArgumentNullException.ThrowIfNull(set);
        if (set.Problem is { } problem)
        {
            return problem;
        }

        await writer.WriteAsync(
            transaction =>
            {
                Retention.Setting.Write(transaction, set);
                audit.Append(
                    transaction,
                    new(
                        AuditActions.RetentionSet,
                        "periods",
                        $"bodies {Days(set.BodyDays)}, of unusable ones {Days(set.UnusableDays)}, codes {Days(set.CodeDays)}, "
                            + $"events {Days(set.EventDays)}, disabled accounts {Days(set.AccountDays)}, audit {Days(set.AuditDays)}"
                    )
                    {
                        Actor = actor,
                    }
                );
            },
            cancellationToken
        );
        return null;
    }

    private static string Days(int days) => days == 0 ? "permanently" : string.Create(CultureInfo.InvariantCulture, $"{days} days");

    /// <summary>Makes another data key, which seals from now on.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<int> RotateKeyAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        return await dataKeys.RotateAsync(
            sealer,
            writer,
            (transaction, number) =>
                audit.Append(
                    transaction,
                    new(AuditActions.DataKeyRotated, number.ToString(CultureInfo.InvariantCulture)) { Actor = actor }
                ),
            cancellationToken
        );
    }

    /// <summary>Makes a backup.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, and nothing is left of it.</exception>
    /// <exception cref="IOException">There is no room for it, or it could not be written.</exception>
    public async Task<BackupFile> BackUpAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        var made = await backups.MakeAsync(cancellationToken);
        await audit.WriteAsync(new(AuditActions.BackedUp, made.Name) { Actor = actor }, CancellationToken.None);
        return made;
    }
}
