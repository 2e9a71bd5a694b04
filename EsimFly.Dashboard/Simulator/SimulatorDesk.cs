using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Simulator;

/// <summary>
/// Plays eSIMfly towards this very application. It signs with the installation's own test secret, and that secret is what
/// makes a delivery a test: nothing can mark itself one, and nothing sent from here can be anything else.
/// </summary>
internal sealed class SimulatorDesk(
    AccessGuard guard, AuditLog audit, ISigningSecrets secrets, OwnAddress own, SimulatorClient client, IDbContextFactory<DashboardDbContext> contexts, TimeProvider time)
{
    private const int MostSubjects = 20;

    /// <summary>Sends one request to this application's own address.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="request">What to send.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    /// <exception cref="FormatException">The body has no such form to be signed.</exception>
    public async Task<SimulatedAnswer> SendAsync(ClaimsPrincipal who, SimulatedRequest request, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await audit.WriteAsync(new(AuditActions.Simulated, request.EventHeader, request.DeliveryId) { Actor = actor }, cancellationToken);
        return await PostAsync(request, cancellationToken);
    }

    /// <summary>Plays a scenario against this application's own address.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="scenario">What to play.</param>
    /// <param name="pause">How long to wait between two steps.</param>
    /// <param name="progress">Hears of each step as it is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether what should have happened did, point by point.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<IReadOnlyList<ScenarioCheck>> PlayAsync(ClaimsPrincipal who, Scenario scenario, TimeSpan pause, IProgress<ScenarioProgress> progress, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        ArgumentNullException.ThrowIfNull(scenario);
        await audit.WriteAsync(new(AuditActions.Simulated, scenario.Name, "scenario") { Actor = actor }, cancellationToken);
        var play = new ScenarioPlay(PostAsync, contexts, time, pause, progress);
        return await play.RunAsync(scenario, cancellationToken);
    }

    /// <summary>Where a simulated delivery has got to; null while nothing of it is stored.</summary>
    public async Task<SimulatedTrace?> TraceAsync(string deliveryId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Deliveries.AsNoTracking()
            .Where(row => row.IsTest && row.DeliveryId == deliveryId)
            .OrderByDescending(row => row.Seq)
            .Select(row => new SimulatedTrace(
                row.Seq, row.State, row.ProcessedAtMs - row.ReceivedAtMs, row.Error,
                context.Events.Where(said => said.DeliverySeq == row.Seq).Select(said => said.OrderId ?? said.OrderReference).FirstOrDefault(),
                context.EventEsims.Where(said => said.DeliverySeq == row.Seq).Min(said => said.Iccid)))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The latest test orders with an eSIM, to go on with.</summary>
    public async Task<IReadOnlyList<SimulatedSubject>> SubjectsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Orders.AsNoTracking()
            .Where(row => row.IsTest && row.OrderId != null)
            .OrderByDescending(row => row.SortAtMs).ThenByDescending(row => row.OrderKey)
            .Take(MostSubjects)
            .Select(row => new { row.OrderId, row.OrderReference, row.PackageCode, Iccid = context.Esims.Where(esim => esim.IsTest && esim.OrderKey == row.OrderKey).Min(esim => esim.Iccid) })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new SimulatedSubject(
                row.OrderId!, row.OrderReference ?? row.OrderId!, row.Iccid ?? SimulatedSubject.NewIccid(Random.Shared),
                SimulatedPackage.All.FirstOrDefault(package => string.Equals(package.Code, row.PackageCode, StringComparison.Ordinal)) ?? SimulatedPackage.All[0])),
        ];
    }

    private async Task<SimulatedAnswer> PostAsync(SimulatedRequest request, CancellationToken cancellationToken)
    {
        if (own.Webhook is not { } address || secrets.Current.FirstOrDefault(secret => secret.IsTest) is not { } secret)
        {
            return new SimulatedAnswer(null, TimeSpan.Zero, "The desk has not started yet.");
        }

        using var http = request.ToHttp(address, secret.Key);
        return await client.SendAsync(http, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>Where a simulated delivery has got to.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="State">Where its processing stands.</param>
/// <param name="ProcessedAfterMs">How long after its arrival it was processed, in milliseconds; null while it is not.</param>
/// <param name="Error">Why it is not processed.</param>
/// <param name="OrderName">The order that it is about.</param>
/// <param name="Iccid">The eSIM that it is about.</param>
internal sealed record SimulatedTrace(long Seq, DeliveryState State, long? ProcessedAfterMs, string? Error, string? OrderName, string? Iccid);
