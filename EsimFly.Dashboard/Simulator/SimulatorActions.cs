using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk.Settings;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Simulator;

/// <summary>
/// Plays eSIMfly towards this very application. It signs with the installation's own test secret, and that secret is what
/// makes a delivery a test: nothing can mark itself one, and nothing sent from here can be anything else.
/// </summary>
internal sealed class SimulatorActions(
    AccessGuard guard,
    AuditLog audit,
    SigningSecrets secrets,
    OwnAddress own,
    SimulatorClient client,
    FaultRehearsal rehearsal,
    RetryRuns runs,
    IDbContextFactory<ReadModelDbContext> contexts,
    IDbContextFactory<LogDbContext> logs,
    WaitingDeliveries waiting,
    TimeProvider time
)
{
    private const int MostSubjects = 20;
    private const int LatestArrivals = 500;

    /// <summary>The address that an administrator set for eSIMfly to reach this desk; null where none is set.</summary>
    public async Task<Uri?> PublicWebhookAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await ReadPublicWebhookAsync(cancellationToken);
    }

    /// <summary>Sends one request.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="request">What to send.</param>
    /// <param name="target">Which of the two addresses to send it to.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    /// <exception cref="FormatException">The body has no such form to be signed.</exception>
    public async Task<SimulatedAnswer> SendAsync(
        ClaimsPrincipal who,
        SimulatedRequest request,
        SimulatorTarget target,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await audit.WriteAsync(new(AuditActions.Simulated, request.EventHeader, request.DeliveryId) { Actor = actor }, cancellationToken);
        return await PostAsync(request, target, SimulatorClient.LongestPatience, cancellationToken);
    }

    /// <summary>Begins to send a request as eSIMfly would, with its retries: see <see cref="RetryRuns"/>.</summary>
    /// <returns>False where too many are under way.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<bool> StartRetriesAsync(
        ClaimsPrincipal who,
        SimulatedRequest request,
        RetryPace pace,
        SimulatorTarget target,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await audit.WriteAsync(
            new(AuditActions.Simulated, request.EventHeader, $"{request.DeliveryId}, with retries") { Actor = actor },
            cancellationToken
        );
        return runs.TryStart(request, pace, (again, patience, stop) => PostAsync(again, target, patience, stop));
    }

    /// <summary>Ends what is sent with retries.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task StopRetriesAsync(ClaimsPrincipal who, RetryRun run, CancellationToken cancellationToken)
    {
        await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        ArgumentNullException.ThrowIfNull(run);
        run.Stop();
    }

    /// <summary>How the receiver fails for test deliveries now.</summary>
    public async Task<Rehearsal> RehearsalAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        return await rehearsal.ReadAsync(cancellationToken);
    }

    /// <summary>Makes the receiver fail for the next test deliveries, or lets it be.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task RehearseAsync(ClaimsPrincipal who, RehearsedFault fault, int requests, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var entry = new AuditEntry(
            AuditActions.FaultRehearsed,
            fault.ToString(),
            requests.ToString(System.Globalization.CultureInfo.InvariantCulture)
        )
        {
            Actor = actor,
        };
        await rehearsal.SetAsync(
            new() { Fault = fault, Remaining = requests },
            transaction => audit.Append(transaction, entry),
            cancellationToken
        );
    }

    /// <summary>Plays a scenario against this application's own address.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="scenario">What to play.</param>
    /// <param name="pause">How long to wait between two steps.</param>
    /// <param name="progress">Hears of each step as it is done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether what should have happened did, point by point.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task<IReadOnlyList<ScenarioCheck>> PlayAsync(
        ClaimsPrincipal who,
        Scenario scenario,
        TimeSpan pause,
        IProgress<ScenarioProgress> progress,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        ArgumentNullException.ThrowIfNull(scenario);
        await audit.WriteAsync(new(AuditActions.Simulated, scenario.Name, "scenario") { Actor = actor }, cancellationToken);
        var play = new ScenarioPlay(
            (request, patience, stop) => PostAsync(request, SimulatorTarget.Own, patience, stop),
            rehearsal,
            contexts,
            logs,
            waiting,
            time,
            pause,
            progress
        );
        return await play.RunAsync(scenario, cancellationToken);
    }

    /// <summary>Where a simulated delivery has got to; null while nothing of it is stored.</summary>
    public async Task<SimulatedTrace?> TraceAsync(ClaimsPrincipal who, string deliveryId, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var isTest = true;
        var waits = await waiting.ReadAsync(cancellationToken); // read before the desk, so that it cannot fall between the two

        // The same body sent again is an arrival of what is there already, which has its first id.
        var again = await context
            .Arrivals.AsNoTracking()
            .OrderByDescending(row => row.Id)
            .Take(LatestArrivals)
            .Where(row => row.DeliveryId == deliveryId)
            .MaxAsync(row => (long?)row.DeliverySeq, cancellationToken);
        var first = await context
            .Deliveries.AsNoTracking()
            .Where(row => row.IsTest == isTest && row.DeliveryId == deliveryId)
            .MaxAsync(row => (long?)row.Seq, cancellationToken);
        var latest = Math.Max(first ?? 0, again ?? 0);
        var found = await context
            .Deliveries.AsNoTracking()
            .Where(row => row.Seq == latest && row.IsTest)
            .Select(row => new SimulatedTrace(
                row.Seq,
                row.State,
                row.ProcessedAtMs - row.ReceivedAtMs,
                row.Error,
                context
                    .Events.Where(reported => reported.DeliverySeq == row.Seq)
                    .Select(reported => reported.OrderId ?? reported.OrderReference)
                    .FirstOrDefault(),
                context.EventEsims.Where(reported => reported.DeliverySeq == row.Seq).Min(reported => reported.Iccid)
            ))
            .FirstOrDefaultAsync(cancellationToken);
        return found
            ?? waits
                .Where(row => row.IsTest && string.Equals(row.DeliveryId, deliveryId, StringComparison.Ordinal))
                .Select(row => new SimulatedTrace(row.Seq, row.State, null, null, null, null))
                .FirstOrDefault();
    }

    /// <summary>The latest test orders with an eSIM, to go on with.</summary>
    public async Task<IReadOnlyList<SimulatedSubject>> SubjectsAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var orderless = await context
            .Esims.AsNoTracking()
            .Where(row => row.IsTest && row.OrderKey == null)
            .OrderByDescending(row => row.SortAtMs)
            .ThenByDescending(row => row.Iccid)
            .Take(MostSubjects)
            .Select(row => new { row.Iccid, row.PackageCode })
            .ToListAsync(cancellationToken);
        var rows = await context
            .Orders.AsNoTracking()
            .Where(row => row.IsTest && row.OrderId != null)
            .OrderByDescending(row => row.SortAtMs)
            .ThenByDescending(row => row.OrderKey)
            .Take(MostSubjects)
            .Select(row => new
            {
                row.OrderId,
                row.OrderReference,
                row.PackageCode,
                Iccid = context.Esims.Where(esim => esim.IsTest && esim.OrderKey == row.OrderKey).Min(esim => esim.Iccid),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new SimulatedSubject(
                row.OrderId!,
                row.OrderReference ?? row.OrderId!,
                row.Iccid ?? SimulatedSubject.NewIccid(Random.Shared),
                SimulatedPackage.Find(row.PackageCode)
            )),
            .. orderless.Select(row =>
                SimulatedSubject.New(Random.Shared) with
                {
                    Iccid = row.Iccid,
                    Package = SimulatedPackage.Find(row.PackageCode),
                    IsEsimAlone = true,
                }
            ),
        ];
    }

    private async Task<Uri?> ReadPublicWebhookAsync(CancellationToken cancellationToken) =>
        (await PublicAddress.Setting.ReadAsync(logs, cancellationToken)).Webhook;

    private async Task<SimulatedAnswer> PostAsync(
        SimulatedRequest request,
        SimulatorTarget target,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        // Nowhere else can a request go to: no address is ever taken from a page.
        var (webhook, missing) =
            target == SimulatorTarget.Public
                ? (await ReadPublicWebhookAsync(cancellationToken), "No public address is set.")
                : (own.Webhook, "The desk has not started yet.");
        if (webhook is not { } address || secrets.Current.FirstOrDefault(secret => secret.IsTest) is not { } secret)
        {
            return new SimulatedAnswer(null, TimeSpan.Zero, missing);
        }

        using var http = request.ToHttp(address, secret.Key);
        return await client.SendAsync(http, patience, cancellationToken);
    }
}

/// <summary>Where the Simulator sends to.</summary>
internal enum SimulatorTarget
{
    /// <summary>This application's own address.</summary>
    Own,

    /// <summary>The public address that an administrator set: through DNS, TLS and the proxy.</summary>
    Public,
}

/// <summary>Where a simulated delivery has got to.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="State">Where its processing stands.</param>
/// <param name="ProcessedAfterMs">How long after its arrival it was processed, in milliseconds; null while it is not.</param>
/// <param name="Error">Why it is not processed.</param>
/// <param name="OrderName">The order that it is about.</param>
/// <param name="Iccid">The eSIM that it is about.</param>
public sealed record SimulatedTrace(long Seq, DeliveryState State, long? ProcessedAfterMs, string? Error, string? OrderName, string? Iccid);
