using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>
/// Puts what eSIMfly's API answered into the log, each order, eSIM and balance as an entry of its own, from which it is folded like an
/// event. What says nothing new is not logged.
/// </summary>
internal sealed class Observations(DeliveryLog log, ErasedNames erased, IDbContextFactory<ReadModelDbContext> desks, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Logs what is new of an answer.</summary>
    /// <param name="subject">What the parts are about: see <see cref="ObservedSubject"/>.</param>
    /// <param name="asked">The request, such as <c>GET /orders</c>.</param>
    /// <param name="parts">The parts of the answer, each about one subject, JSON in UTF-8.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What was new; null where it could not be kept, so that it is to be asked again.</returns>
    public async Task<KeptAnswer?> KeepAsync(
        string subject,
        string asked,
        IReadOnlyList<ReadOnlyMemory<byte>> parts,
        CancellationToken cancellationToken
    )
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        var headers = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string>(StringComparer.Ordinal) { [ObservedSubject.Key] = subject, [ObservedSubject.AskedKey] = asked }
        );
        var appends = new List<Task<AppendResult>>();
        var (read, different) = (0, new List<StateDifference>());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        await using (var context = await desks.CreateDbContextAsync(cancellationToken))
        {
            foreach (var part in parts)
            {
                if (
                    ObservationReader.Read(subject, part, nowMs) is not { } observed
                    || !ReferenceEquals(erased.Strip(observed, isTest: false), observed) // it was erased here
                )
                {
                    continue;
                }

                read++;
                if (await CompareAsync(context, observed, cancellationToken) is { } difference)
                {
                    different.Add(difference);
                }

                if (await IsNewsAsync(context, observed, cancellationToken))
                {
                    appends.Add(log.AppendAsync(Entry(part, headers, nowMs), deadline.Token).AsTask());
                }
            }
        }

        var results = await Task.WhenAll(appends);
        return Array.TrueForAll(results, static result => result.Outcome is AppendOutcome.Stored or AppendOutcome.Duplicate)
            ? new(read, results.Length, different)
            : null;
    }

    // What the desk has of it before this answer is applied.
    private static async Task<StateDifference?> CompareAsync(
        ReadModelDbContext context,
        ParsedEvent observed,
        CancellationToken cancellationToken
    )
    {
        var isTest = false;
        if (observed is { Type: EventType.OrderObserved, OrderReference: { } reference })
        {
            var status = await context
                .Events.Where(row => row.IsTest == isTest && row.OrderReference == reference)
                .SelectMany(row => context.Orders.Where(order => order.IsTest == isTest && order.OrderKey == row.OrderKey))
                .Select(order => (OrderStatus?)order.Status)
                .FirstOrDefaultAsync(cancellationToken);
            var there = StatusMeaning.Order(observed.Facts.Status);
            return status is null || (there is not null && there != status)
                ? new(ObservedSubject.Order, reference, status?.ToString(), there?.ToString() ?? observed.Facts.Status ?? "")
                : null;
        }

        if (observed.Type != EventType.EsimObserved)
        {
            return null;
        }

        var iccid = observed.Esims[0].Iccid;
        var plan = await context
            .Esims.Where(row => row.IsTest == isTest && row.Iccid == iccid)
            .Select(row => (PlanStatus?)row.PlanStatus)
            .FirstOrDefaultAsync(cancellationToken);
        var planThere = StatusMeaning.Plan(observed.Facts.Status);
        return plan is null || (planThere is not null && planThere != plan)
            ? new(ObservedSubject.Esim, iccid, plan?.ToString(), planThere?.ToString() ?? observed.Facts.Status ?? "")
            : null;
    }

    // The time of asking is part of the hash: a state that comes back is news again.
    private static NewDelivery Entry(ReadOnlyMemory<byte> part, byte[] headers, long nowMs) =>
        new()
        {
            Kind = LogEntryKind.Observation,
            IsTest = false,
            BodyHash = SHA256.HashData([.. Encoding.UTF8.GetBytes(FormattableString.Invariant($"{nowMs} ")), .. headers, .. part.Span]),
            Contract = ContractVersion.V2026_04,
            SignedForm = SignedForm.RawBody,
            SecretId = 0,
            Body = part,
            Headers = headers,
            ReceivedAtMs = nowMs,
            Address = null,
        };

    private static async Task<bool> IsNewsAsync(ReadModelDbContext context, ParsedEvent observed, CancellationToken cancellationToken)
    {
        var isTest = false;
        if (observed.Type == EventType.BalanceObserved)
        {
            var reading = await context
                .BalanceReadings.AsNoTracking()
                .Where(row => row.IsTest == isTest && row.Balance != null)
                .OrderByDescending(row => row.OccurredAtMs)
                .FirstOrDefaultAsync(cancellationToken);
            return reading is not { IsObserved: true } || reading.Balance != observed.Facts.Balance;
        }

        var ofType = context.Events.AsNoTracking().Where(row => row.IsTest == isTest && row.Type == observed.Type);
        var iccid = observed.Esims.Count > 0 ? observed.Esims[0].Iccid : "";
        var events =
            observed.Type == EventType.OrderObserved
                ? ofType.Where(row => row.OrderReference == observed.OrderReference)
                : context
                    .EventEsims.Where(row => row.IsTest == isTest && row.Iccid == iccid)
                    .SelectMany(row => ofType.Where(named => named.DeliverySeq == row.DeliverySeq));
        var last = await events.OrderByDescending(row => row.DeliverySeq).Select(row => row.Facts).FirstOrDefaultAsync(cancellationToken);
        return !string.Equals(last, observed.Facts.ToJson(), StringComparison.Ordinal);
    }
}

/// <summary>What was new in an answer.</summary>
/// <param name="Read">How many orders, eSIMs or balances it was about.</param>
/// <param name="News">Of how many it had something new.</param>
/// <param name="Different">Those of which the desk had another state, or none.</param>
internal sealed record KeptAnswer(int Read, int News, IReadOnlyList<StateDifference> Different)
{
    /// <summary>Both together.</summary>
    public KeptAnswer And(KeptAnswer other) => new(Read + other.Read, News + other.News, [.. Different, .. other.Different]);
}

/// <summary>A state that differs between the desk and eSIMfly.</summary>
/// <param name="Subject">What it is: see <see cref="ObservedSubject"/>.</param>
/// <param name="Name">The order's reference, or the ICCID.</param>
/// <param name="Here">The state that the desk had, by the events that came; null where it had never heard of it.</param>
/// <param name="There">The state that eSIMfly's API answered.</param>
public sealed record StateDifference(string Subject, string Name, string? Here, string There);
