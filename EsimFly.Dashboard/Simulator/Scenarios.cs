using System.Globalization;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Simulator;

/// <summary>The scenarios that there are.</summary>
internal static class Scenarios
{
    private const int Many = 10;
    private const int BurstEachSecond = 20;
    private const int BurstSeconds = 3;

    /// <summary>So many deliveries a second at most.</summary>
    public const int MostEachSecond = 200;

    /// <summary>For so many seconds at most.</summary>
    public const int MostSeconds = 30;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new(
            "happy-path",
            "An order's whole life",
            "Placed, completed, installed, activated, running low, expired: each page follows, step by step.",
            HappyPathAsync
        ),
        new(
            "retried-order",
            "A failed order that is tried again",
            "The failure shows, then the order completes, and the error is gone.",
            RetriedOrderAsync
        ),
        new("failed-top-up", "A top-up that fails", "The eSIM works on, and the failure is in the top-ups' queue.", FailedTopUpAsync),
        new("top-up", "A top-up that moves the end", "The eSIM's end moves to the top-up's date.", TopUpAsync),
        new("falling-balance", "The balance falls", "Three readings are kept, none of them among the real ones.", FallingBalanceAsync),
        new("ten-esims", "An order of ten eSIMs", "The order completes with ten eSIMs.", TenEsimsAsync),
        new("duplicates", "The same delivery ten times at once", "One delivery with ten arrivals, applied once.", DuplicatesAsync),
        new("reversed", "An order in reverse", "Arriving last first, it ends as if sent in order.", ReversedAsync),
        new("replay", "A captured delivery under a new id", "Applied once, and flagged as replayed.", ReplayAsync),
        new("tampered", "A body changed on the way", "Answered 401, and nothing stored.", TamperedAsync),
        new("unsigned", "No signature", "Answered 401, and nothing stored.", UnsignedAsync),
        new("not-json", "Signed, but not JSON", "Answered 200, kept, and quarantined.", NotJsonAsync),
        new("unknown-event", "An event that no contract knows", "Answered 200, kept, and quarantined.", UnknownEventAsync),
        new(
            "disagreeing-header",
            "A header that disagrees with the body",
            "The body decides; the delivery is flagged.",
            DisagreeingHeaderAsync
        ),
        new(
            "failing-desk",
            "The desk answers 503 twice",
            "eSIMfly's third attempt is taken; the log has all three.",
            FailingReadModelAsync
        ),
        new("slow-desk", "The desk answers too late", "eSIMfly sends it again; it is a duplicate, applied once.", SlowReadModelAsync),
        new("dropped", "The desk drops the connection", "eSIMfly's second attempt is taken.", DroppedAsync),
        Burst(BurstEachSecond, BurstSeconds),
    ];

    /// <summary>A burst of so many deliveries a second, for so many seconds; both bounded.</summary>
    public static Scenario Burst(int eachSecond, int seconds)
    {
        (eachSecond, seconds) = (Math.Clamp(eachSecond, 1, MostEachSecond), Math.Clamp(seconds, 1, MostSeconds));
        return new(
            "burst",
            string.Create(
                CultureInfo.InvariantCulture,
                $"A burst: {eachSecond} a second, for {seconds} {(seconds == 1 ? "second" : "seconds")}"
            ),
            "All are answered 200 and processed.",
            play => BurstAsync(play, eachSecond, seconds)
        );
    }

    /// <summary>The scenario of that name; null where there is none.</summary>
    public static Scenario? Find(string name) =>
        All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.OrdinalIgnoreCase));

    private static async Task HappyPathAsync(ScenarioPlay play)
    {
        await play.SendAsync(play.Event(EventType.OrderCreated));
        await play.OrderShouldBeAsync(OrderStatus.Processing);
        await play.SendAsync(play.Event(EventType.OrderCompleted));
        await play.OrderShouldBeAsync(OrderStatus.Completed, esims: 1);
        await play.SendAsync(play.Event(EventType.EsimInstalled));
        await play.SendAsync(play.Event(EventType.EsimProfileUpdated));
        await play.SendAsync(play.Event(EventType.EsimActivated));
        await play.EsimShouldAsync(
            "the eSIM is active and switched on",
            esim => esim is { PlanStatus: PlanStatus.Active, ProfileStatus: ProfileStatus.Enabled },
            Describe
        );
        foreach (var megabytes in new[] { 500, 200, 100, 50 })
        {
            await play.SendAsync(
                play.Event(
                    EventType.EsimUsageThreshold,
                    data =>
                        (data["threshold_remaining_mb"], data["remaining_gb"], data["used_gb"]) = (
                            megabytes,
                            megabytes / 1000m,
                            play.Subject.Package.DataGb - (megabytes / 1000m)
                        )
                ),
                $"esim.usage.threshold, {megabytes} MB left"
            );
        }

        await play.EsimShouldAsync(
            "0.05 GB of its data are left",
            esim => esim.DataTotalGb - esim.DataUsedGb == 0.05m,
            esim => string.Create(CultureInfo.InvariantCulture, $"{esim.DataTotalGb - esim.DataUsedGb} GB")
        );
        play.Pass(TimeSpan.FromDays(play.Subject.Package.Days));
        await play.SendAsync(play.Event(EventType.EsimExpired));
        await play.EsimShouldAsync("the eSIM is expired", esim => esim.PlanStatus == PlanStatus.Expired, Describe);
    }

    private static async Task RetriedOrderAsync(ScenarioPlay play)
    {
        await play.SendAsync(play.Event(EventType.OrderCreated));
        await play.SendAsync(play.Event(EventType.OrderFailed));
        await play.OrderShouldBeAsync(OrderStatus.Failed);
        await play.SendAsync(play.Event(EventType.OrderCompleted));
        await play.OrderShouldBeAsync(OrderStatus.Completed, esims: 1);
    }

    private static async Task FailedTopUpAsync(ScenarioPlay play)
    {
        await BecomeActiveAsync(play);
        var failed = play.Event(
            EventType.TopUpFailed,
            data => (data["error_code"], data["error_message"]) = ("INSUFFICIENT_BALANCE", "Insufficient balance")
        );
        await play.SendAsync(failed);
        await play.EsimShouldAsync("the eSIM is still active", esim => esim.PlanStatus == PlanStatus.Active, Describe);
        await play.ShouldAsync(
            "the failed top-up is kept",
            async context =>
                await CountAsync(context.TopUps.Where(row => row.IsTest && row.Iccid == play.Subject.Iccid && !row.Succeeded)) is 1
                    ? null
                    : "none or several"
        );
    }

    private static async Task TopUpAsync(ScenarioPlay play)
    {
        await BecomeActiveAsync(play);
        var request = play.Event(EventType.TopUpCompleted);
        var end = (play.Now + TimeSpan.FromDays(play.Subject.Package.Days * 2)).ToUnixTimeMilliseconds();
        await play.SendAsync(request);
        await play.EsimShouldAsync(
            "the end has moved",
            esim => esim.ExpiresAtMs == end,
            esim => esim.ExpiresAtMs?.ToString(CultureInfo.InvariantCulture) ?? "no end"
        );
    }

    private static async Task FallingBalanceAsync(ScenarioPlay play)
    {
        var requests = new List<SimulatedRequest>();
        foreach (var balance in new[] { 18.20m, 11.75m, 3.40m })
        {
            var request = play.Event(EventType.BalanceLow, data => data["current_balance"] = balance);
            requests.Add(request);
            play.ShouldBe(
                StatusCodes.Status200OK,
                await play.SendAsync(request, string.Create(CultureInfo.InvariantCulture, $"balance.low, {balance}")),
                string.Create(CultureInfo.InvariantCulture, $"balance.low with {balance}")
            );
        }

        var ids = requests.ConvertAll(request => request.DeliveryId);
        await play.ShouldAsync(
            "three readings of test data are kept",
            async context =>
                await CountAsync(
                    context.BalanceReadings.Where(row =>
                        row.IsTest
                        && context.Deliveries.Any(delivery => delivery.Seq == row.DeliverySeq && ids.Contains(delivery.DeliveryId!))
                    )
                )
                    is 3
                    ? null
                    : "not three"
        );
    }

    private static async Task TenEsimsAsync(ScenarioPlay play)
    {
        await play.SendAsync(play.Event(EventType.OrderCreated, data => data["quantity"] = Many));
        await play.SendAsync(
            play.Event(
                EventType.OrderCompleted,
                data =>
                {
                    var esims = data["esims"]!.AsArray();
                    while (esims.Count < Many)
                    {
                        esims.Add((JsonNode)SimulatedEvents.Esim(SimulatedSubject.NewIccid(Random.Shared)));
                    }
                }
            )
        );
        await play.OrderShouldBeAsync(OrderStatus.Completed, esims: Many);
    }

    private static async Task DuplicatesAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated);
        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => play.SendAsync(request)));
        play.ShouldBe(
            StatusCodes.Status200OK,
            Array.Find(answers, answer => answer.Status != StatusCodes.Status200OK) ?? answers[0],
            "each of them"
        );
        await play.DeliveryShouldAsync("one delivery with ten arrivals", request, delivery => delivery.Arrivals == Many);
    }

    private static async Task ReversedAsync(ScenarioPlay play)
    {
        SimulatedRequest[] story =
        [
            play.Event(EventType.OrderCreated),
            play.Event(EventType.OrderFailed),
            play.Event(EventType.OrderCompleted),
            play.Event(EventType.EsimActivated),
        ];
        foreach (var request in story.Reverse())
        {
            await play.SendAsync(request);
        }

        await play.OrderShouldBeAsync(OrderStatus.Completed, esims: 1);
        await play.EsimShouldAsync("the eSIM is active", esim => esim.PlanStatus == PlanStatus.Active, Describe);
    }

    private static async Task ReplayAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated);
        await play.SendAsync(request);
        play.ShouldBe(
            StatusCodes.Status200OK,
            await play.SendAsync(request with { DeliveryId = Guid.NewGuid().ToString() }, "the same again, under another id"),
            "the replay"
        );
        await play.DeliveryShouldAsync(
            "one delivery, flagged as replayed",
            request,
            delivery => delivery is { Arrivals: 2 } && delivery.Flags.HasFlag(DeliveryFlags.Replayed)
        );
    }

    private static async Task TamperedAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated);
        var answer = await play.SendAsync(
            request with
            {
                TamperedBody = request.Body.Replace("\"quantity\": 1", "\"quantity\": 9", StringComparison.Ordinal),
            },
            "order.created, changed after it was signed"
        );
        await ShouldBeRefusedAsync(play, request, answer);
    }

    private static async Task UnsignedAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated);
        await ShouldBeRefusedAsync(
            play,
            request,
            await play.SendAsync(request with { IsSigned = false }, "order.created without a signature")
        );
    }

    private static async Task NotJsonAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated) with { Body = $"order {play.Subject.OrderId} was created" };
        await ShouldBeQuarantinedAsync(play, request, "a body that is not JSON");
    }

    private static async Task UnknownEventAsync(ScenarioPlay play)
    {
        var known = play.Event(EventType.EsimActivated);
        var request = known with
        {
            Body = known.Body.Replace("esim.activated", "esim.teleported", StringComparison.Ordinal),
            EventHeader = "esim.teleported",
        };
        await ShouldBeQuarantinedAsync(play, request, "an event that no contract knows");
    }

    private static async Task DisagreeingHeaderAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated) with { EventHeader = EventType.OrderFailed.Name() };
        await play.SendAsync(request, "order.created, called order.failed by its header");
        await play.OrderShouldBeAsync(OrderStatus.Processing);
        await play.DeliveryShouldAsync(
            "the delivery is flagged",
            request,
            delivery => delivery.Flags.HasFlag(DeliveryFlags.HeaderDisagrees)
        );
    }

    private static async Task FailingReadModelAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated);
        play.AttemptsShouldBe(await play.SendThroughFaultAsync(request, RehearsedFault.Answer503, 2), 503, 503, 200);
        await play.OrderShouldBeAsync(OrderStatus.Processing);
        await ShouldBeRefusedTimesAsync(play, request, 2);
    }

    private static async Task SlowReadModelAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.OrderCreated);
        play.AttemptsShouldBe(await play.SendThroughFaultAsync(request, RehearsedFault.AnswerLate, 1), null, 200);
        await play.DeliveryShouldAsync(
            "one delivery with two arrivals, applied once",
            request,
            delivery => delivery is { Arrivals: 2, State: DeliveryState.Processed }
        );
    }

    private static async Task DroppedAsync(ScenarioPlay play)
    {
        var request = play.Event(EventType.EsimInstalled);
        play.AttemptsShouldBe(await play.SendThroughFaultAsync(request, RehearsedFault.DropConnection, 1), null, 200);
        await play.DeliveryShouldAsync("one delivery with one arrival", request, delivery => delivery.Arrivals == 1);
        await ShouldBeRefusedTimesAsync(play, request, 1);
    }

    // The log of refused requests is written behind the answers.
    private static Task ShouldBeRefusedTimesAsync(ScenarioPlay play, SimulatedRequest request, int times) =>
        play.ShouldSoonAsync(
            string.Create(CultureInfo.InvariantCulture, $"the log has {times} refused {(times == 1 ? "attempt" : "attempts")} before it"),
            async context =>
                await CountAsync(context.Rejected.Where(row => row.DeliveryId == request.DeliveryId && row.IsTest)) is var count
                && count == times
                    ? null
                    : count.ToString(CultureInfo.InvariantCulture)
        );

    private static async Task BurstAsync(ScenarioPlay play, int eachSecond, int seconds)
    {
        var requests = new List<SimulatedRequest>();
        for (var second = 0; second < seconds; second++)
        {
            var wave = Enumerable.Range(0, eachSecond).Select(_ => play.Event(EventType.EsimUsageThreshold)).ToList();
            requests.AddRange(wave);
            var aSecond = play.WaitAsync(TimeSpan.FromSeconds(1));
            var answers = await Task.WhenAll(wave.Select(request => play.SendAsync(request, isPaced: false)));
            await aSecond;
            play.ShouldBe(
                StatusCodes.Status200OK,
                Array.Find(answers, answer => answer.Status != StatusCodes.Status200OK) ?? answers[0],
                $"each of second {second + 1}"
            );
        }

        var ids = requests.ConvertAll(request => request.DeliveryId);
        await play.ShouldAsync(
            "all of them are processed",
            async context =>
                await CountAsync(
                    context.Deliveries.Where(row => row.IsTest && ids.Contains(row.DeliveryId!) && row.State == DeliveryState.Processed)
                )
                    is var count
                && count == requests.Count
                    ? null
                    : string.Create(CultureInfo.InvariantCulture, $"{count} of {requests.Count}")
        );
    }

    private static async Task BecomeActiveAsync(ScenarioPlay play)
    {
        foreach (var type in new[] { EventType.OrderCreated, EventType.OrderCompleted, EventType.EsimActivated })
        {
            await play.SendAsync(play.Event(type));
        }
    }

    private static async Task ShouldBeRefusedAsync(ScenarioPlay play, SimulatedRequest request, SimulatedAnswer answer)
    {
        play.ShouldBe(StatusCodes.Status401Unauthorized, answer, "it");
        await play.ShouldAsync(
            "nothing of it is stored",
            async context =>
                await CountAsync(context.Deliveries.Where(row => row.DeliveryId == request.DeliveryId)) is 0 ? null : "a delivery"
        );
    }

    private static async Task ShouldBeQuarantinedAsync(ScenarioPlay play, SimulatedRequest request, string what)
    {
        play.ShouldBe(StatusCodes.Status200OK, await play.SendAsync(request, what), "it");
        await play.DeliveryShouldAsync("it is kept and quarantined", request, delivery => delivery.State == DeliveryState.Quarantined);
    }

    private static string Describe(EsimEntity esim) => $"plan {esim.PlanStatus}, profile {esim.ProfileStatus}";

    private static Task<int> CountAsync<TRow>(IQueryable<TRow> rows) =>
        Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.CountAsync(rows);
}
