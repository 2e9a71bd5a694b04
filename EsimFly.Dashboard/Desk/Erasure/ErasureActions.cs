using System.Globalization;
using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Erasure;

/// <summary>Erases what is known of one customer: an order with its eSIMs, or one eSIM.</summary>
internal sealed class ErasureActions(
    AccessGuard guard,
    AuditLog audit,
    Eraser eraser,
    RejectedRing ring,
    Backups backups,
    IDbContextFactory<ReadModelDbContext> desks
)
{
    /// <summary>What would be removed; null where there is nothing of that name.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="isTest">True for test data.</param>
    /// <param name="order">An order's id or reference; null for an eSIM.</param>
    /// <param name="iccid">An eSIM's ICCID; passed over where there is an order.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<ErasurePlan?> PlanAsync(
        ClaimsPrincipal who,
        bool isTest,
        string? order,
        string? iccid,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        if (await FindAsync(isTest, order, iccid, cancellationToken) is not { } subject)
        {
            return null;
        }

        return new ErasurePlan(
            subject.Iccids,
            [.. subject.OrderIds, .. subject.References],
            (await eraser.DeliveriesOfAsync(subject, cancellationToken)).Count,
            (await RefusedAsync(subject, cancellationToken)).Count,
            backups.List().Count
        );
    }

    /// <summary>Removes it from both stores, for good.</summary>
    /// <inheritdoc cref="PlanAsync"/>
    /// <returns>What was removed; null where there is nothing of that name.</returns>
    public async Task<ErasurePlan?> EraseAsync(
        ClaimsPrincipal who,
        bool isTest,
        string? order,
        string? iccid,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        if (
            await PlanAsync(who, isTest, order, iccid, cancellationToken) is not { } plan
            || await FindAsync(isTest, order, iccid, cancellationToken) is not { } subject
        )
        {
            return null;
        }

        // The names are what is to be forgotten: their last digits tell the administrator which it was.
        var entry = new AuditEntry(
            AuditActions.Erased,
            order is null ? $"eSIM {Identity.LastDigits(subject.Iccids[0])}" : $"order {Identity.LastDigits(order)}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{subject.Iccids.Count} eSIMs, {plan.Deliveries} deliveries, {plan.Refused} refused requests"
            )
        )
        {
            Actor = actor,
        };

        // Opening and folding its entries takes a while: the page that asks goes on meanwhile.
        await Task.Run(
            () => eraser.EraseAsync(subject, transaction => audit.Append(transaction, entry), cancellationToken),
            cancellationToken
        );
        await ring.RemoveAsync(await RefusedAsync(subject, cancellationToken), cancellationToken);
        return plan;
    }

    private async Task<ErasureSubject?> FindAsync(bool isTest, string? order, string? iccid, CancellationToken cancellationToken)
    {
        if (order is null)
        {
            return iccid is null ? null : await eraser.FindAsync(isTest, orderKey: null, IccidText.Key(iccid), cancellationToken);
        }

        await using var desk = await desks.CreateDbContextAsync(cancellationToken);
        var key = await desk
            .Orders.Where(row => row.IsTest == isTest && (row.OrderId == order || row.OrderReference == order))
            .Select(row => row.OrderKey)
            .FirstOrDefaultAsync(cancellationToken);
        return key is null ? null : await eraser.FindAsync(isTest, key, iccid: null, cancellationToken);
    }

    private async Task<IReadOnlyCollection<long>> RefusedAsync(ErasureSubject subject, CancellationToken cancellationToken) =>
        [
            .. (await ring.ReadVerifiableAsync(cancellationToken))
                .Where(request => Eraser.Mentions(request.Body, subject.Names))
                .Select(request => request.Id),
        ];
}
