using System.Collections.Concurrent;
using System.Globalization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Simulator;

/// <summary>
/// One playing of a scenario: sends its requests, waits until what they say is folded, and looks whether the desk shows it.
/// </summary>
internal sealed class ScenarioPlay(
    Func<SimulatedRequest, TimeSpan, CancellationToken, Task<SimulatedAnswer>> post,
    FaultRehearsal rehearsal,
    IDbContextFactory<ReadModelDbContext> contexts,
    IDbContextFactory<LogDbContext> logs,
    WaitingDeliveries waiting,
    TimeProvider time,
    TimeSpan pause,
    IProgress<ScenarioProgress> progress
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly List<ScenarioCheck> checks = [];
    private readonly ConcurrentDictionary<string, bool> sent = new(StringComparer.Ordinal);
    private DateTimeOffset clock;
    private CancellationToken stop;

    /// <summary>What it is about.</summary>
    public SimulatedSubject Subject { get; } = SimulatedSubject.New(Random.Shared);

    /// <summary>The time within the story, which each event moves on by a minute.</summary>
    public DateTimeOffset Now => clock;

    /// <summary>Plays it from its beginning to its checks.</summary>
    public async Task<IReadOnlyList<ScenarioCheck>> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        stop = cancellationToken;
        clock = time.GetUtcNow() - TimeSpan.FromHours(1);
        await scenario.Tell(this);
        return checks;
    }

    /// <summary>A request that says an event of the story.</summary>
    public SimulatedRequest Event(EventType type, Action<System.Text.Json.Nodes.JsonObject>? change = null)
    {
        clock += TimeSpan.FromMinutes(1);
        return new()
        {
            Body = SimulatedEvents.Body(type, Subject, clock, change),
            Contract = SimulatedEvents.ContractOf(type),
            EventHeader = type.Name(),
        };
    }

    /// <summary>Waits for so long by the clock on the wall.</summary>
    public Task WaitAsync(TimeSpan span) => Task.Delay(span, time, stop);

    /// <summary>Moves the story's time on.</summary>
    public void Pass(TimeSpan span) => clock += span;

    /// <summary>Sends a request, then waits as long as the viewer wants between two steps.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="says">What it is called; null for its event.</param>
    /// <param name="isPaced">Whether to wait at all.</param>
    public async Task<SimulatedAnswer> SendAsync(SimulatedRequest request, string? says = null, bool isPaced = true)
    {
        var answer = await post(request, SimulatorClient.LongestPatience, stop);
        progress.Report(new ScenarioProgress(says ?? request.EventHeader ?? "a request", answer));
        if (answer.Status == StatusCodes.Status200OK)
        {
            sent[request.DeliveryId] = true; // steps may be sent at the same moment
        }

        if (isPaced)
        {
            await Task.Delay(pause, time, stop);
        }

        return answer;
    }

    /// <summary>
    /// Makes the receiver fail for so many requests, sends one as eSIMfly would, by a quick clock, and lets the receiver be again.
    /// </summary>
    public async Task<IReadOnlyList<RetryAttempt>> SendThroughFaultAsync(SimulatedRequest request, RehearsedFault fault, int requests)
    {
        await rehearsal.SetAsync(new() { Fault = fault, Remaining = requests }, static _ => { }, stop);
        try
        {
            await Task.Delay(FaultRehearsal.Freshness, time, stop); // the desk may be another process
            var attempts = await RetryingSender.SendAsync(request, RetryPace.Quick, post, time, new Steps(progress), stop);
            sent[request.DeliveryId] = true;
            return attempts;
        }
        finally
        {
            await rehearsal.SetAsync(new(), static _ => { }, CancellationToken.None);
        }
    }

    /// <summary>Notes whether the attempts were answered as they should be.</summary>
    public void AttemptsShouldBe(IReadOnlyList<RetryAttempt> attempts, params IReadOnlyList<int?> statuses)
    {
        var found = string.Join(", ", attempts.Select(attempt => Words(attempt.Answer.Status)));
        var holds = attempts.Select(attempt => attempt.Answer.Status).SequenceEqual(statuses);
        checks.Add(
            new ScenarioCheck($"its attempts are answered {string.Join(", ", statuses.Select(Words))}", holds, holds ? null : found)
        );

        static string Words(int? status) => status?.ToString(CultureInfo.InvariantCulture) ?? "not at all";
    }

    /// <summary>Notes whether an answer was as it should be.</summary>
    public void ShouldBe(int status, SimulatedAnswer answer, string what) =>
        checks.Add(
            new ScenarioCheck(
                $"{what} is answered {status.ToString(CultureInfo.InvariantCulture)}",
                answer.Status == status,
                answer.Status == status ? null : answer.Problem ?? answer.Status?.ToString(CultureInfo.InvariantCulture)
            )
        );

    /// <summary>Notes whether something holds of what is stored, as soon as all that was sent is processed.</summary>
    /// <param name="says">What should hold.</param>
    /// <param name="find">Finds it: null where it holds, else what was found.</param>
    public async Task ShouldAsync(string says, Func<ReadModelDbContext, Task<string?>> find)
    {
        await SettleAsync();
        await using var context = await contexts.CreateDbContextAsync(stop);
        var found = await find(context);
        checks.Add(new ScenarioCheck(says, found is null, found));
    }

    /// <summary>Notes whether something holds of the event log within some seconds: for what is written behind the answers.</summary>
    public async Task ShouldSoonAsync(string says, Func<LogDbContext, Task<string?>> find)
    {
        var started = time.GetTimestamp();
        string? found;
        do
        {
            await using var context = await logs.CreateDbContextAsync(stop);
            found = await find(context);
            if (found is not null)
            {
                await Task.Delay(LookEvery, time, stop);
            }
        } while (found is not null && time.GetElapsedTime(started) < Patience);
        checks.Add(new ScenarioCheck(says, found is null, found));
    }

    /// <summary>Notes whether the story's order stands as it should.</summary>
    public Task OrderShouldBeAsync(OrderStatus status, int? esims = null) =>
        ShouldAsync(
            esims is null
                ? $"the order is {status}".ToLowerInvariant()
                : $"the order is {status} with {esims} {(esims == 1 ? "esim" : "esims")}"
                    .ToLowerInvariant()
                    .Replace("esim", "eSIM", StringComparison.Ordinal),
            async context =>
                await context.Orders.AsNoTracking().FirstOrDefaultAsync(row => row.IsTest && row.OrderId == Subject.OrderId, stop)
                    is { } order
                    ? order.Status == status && (esims is null || order.EsimCount == esims)
                        ? null
                        : string.Create(CultureInfo.InvariantCulture, $"{order.Status} with {order.EsimCount}")
                    : "no order"
        );

    /// <summary>Notes whether something holds of the story's eSIM.</summary>
    public Task EsimShouldAsync(string says, Func<EsimEntity, bool> holds, Func<EsimEntity, string> found) =>
        ShouldAsync(
            says,
            async context =>
                await context.Esims.AsNoTracking().FirstOrDefaultAsync(row => row.IsTest && row.Iccid == Subject.Iccid, stop) is { } esim
                    ? holds(esim)
                        ? null
                        : found(esim)
                    : "no eSIM"
        );

    /// <summary>Notes whether a delivery stands as it should.</summary>
    public Task DeliveryShouldAsync(string says, SimulatedRequest request, Func<DeliveryEntity, bool> holds) =>
        ShouldAsync(
            says,
            async context =>
                await context
                    .Deliveries.AsNoTracking()
                    .Where(row => row.IsTest && row.DeliveryId == request.DeliveryId)
                    .OrderByDescending(row => row.Seq)
                    .FirstOrDefaultAsync(stop)
                    is { } delivery
                    ? holds(delivery)
                        ? null
                        : string.Create(CultureInfo.InvariantCulture, $"{delivery.State}, {delivery.Arrivals} arrivals, {delivery.Flags}")
                    : "nothing stored"
        );

    private sealed class Steps(IProgress<ScenarioProgress> progress) : IProgress<RetryAttempt>
    {
        public void Report(RetryAttempt value) =>
            progress.Report(new ScenarioProgress(string.Create(CultureInfo.InvariantCulture, $"attempt {value.Number}"), value.Answer));
    }

    // Whatever was answered 200 is stored, so its processing ends sooner or later.
    private async Task SettleAsync()
    {
        var started = time.GetTimestamp();
        while (!sent.IsEmpty && time.GetElapsedTime(started) < Patience && (await waiting.BacklogAsync(stop)).Count > 0)
        {
            await Task.Delay(LookEvery, time, stop);
        }
    }
}
