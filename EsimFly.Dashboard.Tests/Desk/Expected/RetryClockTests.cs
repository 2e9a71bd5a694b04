using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Expected;
using EsimFly.Dashboard.Simulator;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Desk.Expected;

/// <summary>
/// The receiver's retry clock against the sender's own schedule, both by a clock that jumps: through outages from a second to
/// two hours, under both contracts, what is expected next is what comes next.
/// </summary>
public sealed class RetryClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private static long StartMs => Start.ToUnixTimeMilliseconds();

    public static TheoryData<string, int> Outages
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (var contract in new[] { Samples.Older, Samples.Newer })
            {
                foreach (var seconds in new[] { 1, 4, 6, 30, 36, 60, 150, 160, 600, 759, 770, 1800, 3600, 4340, 4400, 7200 })
                {
                    data.Add(contract, seconds);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Outage_WhatIsExpectedNext_IsWhatTheSenderDoesNext(string contract, int outageSeconds)
    {
        var version = contract is Samples.Older ? ContractVersion.V2025_11 : ContractVersion.V2026_04;
        var schedule = RetrySchedule.Of(version);
        var clock = new JumpingClock(Start);
        var seen = new List<Attempt>();
        var predicted = new List<(int? Number, long? AtMs)>();

        var attempts = await RetryingSender.SendAsync(
            new SimulatedRequest { Body = "{}", Contract = version },
            RetryPace.Real,
            (_, _, _) =>
            {
                var atMs = clock.NowMs;
                var status = clock.GetUtcNow() < Start.AddSeconds(outageSeconds) ? 503 : 200;
                if (predicted.Count > 0)
                {
                    Assert.Equal((seen.Count + 1, atMs), predicted[^1]);
                }

                clock.Move(TimeSpan.FromMilliseconds(40));
                seen.Add(new Attempt(atMs, status, 40_000));
                var story = RetryClock.Of(version, seen, clock.NowMs);
                Assert.Equal(seen.Count, story.Number);
                Assert.Equal(Enumerable.Range(1, seen.Count).Cast<int?>(), story.Attempts.Select(item => item.Number));
                predicted.Add((story.NextNumber, story.NextAtMs));
                return Task.FromResult(new SimulatedAnswer(status, TimeSpan.FromMilliseconds(40), null));
            },
            clock,
            new Progress<RetryAttempt>(),
            TestContext.Current.CancellationToken
        );

        var isLost = outageSeconds > schedule.Span.TotalSeconds + 1;
        Assert.Equal(!isLost, attempts[^1].IsDone);
        Assert.Equal(isLost ? schedule.Delays.Length : Expected(schedule, outageSeconds), attempts.Count);
        var end = RetryClock.Of(version, seen, clock.NowMs + 60_000);
        Assert.Equal(isLost ? RetryState.GivenUp : RetryState.Answered, end.State);
        Assert.Null(end.NextAtMs);

        static int Expected(RetrySchedule schedule, int seconds)
        {
            var (number, elapsed) = (0, TimeSpan.Zero);
            foreach (var delay in schedule.Delays)
            {
                number++;
                elapsed += delay;
                if (elapsed.TotalSeconds >= seconds)
                {
                    break;
                }
            }

            return number;
        }
    }

    [Fact]
    public void Attempt_ThatNeverReachedUs_IsCountedByTheGap()
    {
        // Attempts 2 and 3 were lost on the way: 35 s after the first, then 2 min.
        var story = RetryClock.Of(ContractVersion.V2025_11, [At(0), At(35), At(155)], Ms(160));

        Assert.Equal([1, 3, 4], story.Attempts.Select(item => item.Number));
        Assert.Equal((RetryState.Waiting, 5, Ms(755), Ms(4355)), (story.State, story.NextNumber, story.NextAtMs, story.LastAtMs));
    }

    [Fact]
    public void Attempt_ThatIsDueAndDoesNotCome_IsOverdue_AndTheNextIsNamed()
    {
        Attempt[] attempts = [At(0), At(5)];

        Assert.Equal(RetryState.Waiting, RetryClock.Of(ContractVersion.V2025_11, attempts, Ms(36)).State);
        var overdue = RetryClock.Of(ContractVersion.V2025_11, attempts, Ms(60));
        Assert.Equal((RetryState.Overdue, 3, 4, Ms(155)), (overdue.State, overdue.Missed, overdue.NextNumber, overdue.NextAtMs));
        var over = RetryClock.Of(ContractVersion.V2025_11, attempts, Ms(3 * 3600));
        Assert.Equal((RetryState.GivenUp, 3, null), (over.State, over.Missed, over.NextAtMs));
        Assert.Equal(Ms(4355), over.LastAtMs);
    }

    [Fact]
    public void Answer_AfterTheDeadline_IsNoSuccess()
    {
        Assert.Equal(RetryState.Waiting, RetryClock.Of(ContractVersion.V2025_11, [new(StartMs, 200, 5_100_000)], Ms(6)).State);
        Assert.Equal(RetryState.Answered, RetryClock.Of(ContractVersion.V2026_04, [new(StartMs, 200, 5_100_000)], Ms(6)).State);
        Assert.Equal(RetryState.Waiting, RetryClock.Of(ContractVersion.V2025_11, [new(StartMs, 204, 1_000)], Ms(1)).State);
        Assert.Equal(RetryState.Answered, RetryClock.Of(ContractVersion.V2026_04, [new(StartMs, 204, 1_000)], Ms(1)).State);
    }

    [Fact]
    public void Request_AfterSuccess_IsARepetition()
    {
        var story = RetryClock.Of(ContractVersion.V2026_04, [At(0, 503), At(10, 200), At(400, 200)], Ms(500));

        Assert.Equal([1, 2, null], story.Attempts.Select(item => item.Number));
        Assert.Equal((RetryState.Answered, 2), (story.State, story.Number));
    }

    [Theory]
    [InlineData(60, null, null)]
    [InlineData(700, null, null)]
    [InlineData(1800, null, 1800 - 760)]
    [InlineData(7200, 7200 - 4355, 7200 - 760)]
    public void Downtime_TellsWhatIsLost_ByEachSchedule(int seconds, int? lostOfOlder, int? lostOfNewer)
    {
        var down = new Downtime(StartMs, Ms(seconds));

        Assert.Equal(lostOfOlder is { } older ? Ms(older) : null, down.LostBeforeMs(ContractVersion.V2025_11));
        Assert.Equal(lostOfNewer is { } newer ? Ms(newer) : null, down.LostBeforeMs(ContractVersion.V2026_04));
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(60, 120)]
    [InlineData(700, 600)]
    [InlineData(1800, 3600)]
    [InlineData(9000, 3600)]
    public void Downtime_TellsUntilWhenTheRestComesLate(int seconds, int later) =>
        Assert.Equal(Ms(seconds + later), new Downtime(StartMs, Ms(seconds)).LateUntilMs(ContractVersion.V2025_11));

    [Fact]
    public void Outage_CountsWhatFailedSinceTheLastThatWasTaken_AndSaysWhenTheFirstIsLost()
    {
        RetryRow[] rows =
        [
            Row("a", null, "storage_failing", Ms(700), At(0, 401), At(5, 401)),
            Row("b", null, "storage_failing", Ms(700), At(600, 401)),
            Row("kept", 7, "storage_failing", Ms(700), At(300, 503)),
            Row("test", null, "rehearsed", Ms(700), At(650, 503)) with
            {
                IsTest = true,
            },
        ];

        var outage = Outage.Of(rows, lastTakenAtMs: StartMs - 1);

        Assert.Equal(new Outage(StartMs, 2, 3, "storage_failing", 0, IsCertain: true, Ms(4355)), outage);
        Assert.Equal((Ms(600), 1), (Outage.Of(rows, Ms(590))!.SinceMs, Outage.Of(rows, Ms(590))!.Deliveries));
        Assert.Null(Outage.Of(rows, Ms(601)));
    }

    [Fact]
    public void Outage_OfWhatNobodySigned_IsNoneForOneOrTwo_AndNeverHidesWhatWasSigned()
    {
        RetryRow[] noise =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(i => Row($"n{i}", null, "signature_mismatch", Ms(700), At(i, 401)) with { IsVerified = false }),
        ];
        var signed = Row("signed", null, "storage_failing", Ms(700), At(9));

        Assert.Null(Outage.Of(noise[..2], null));
        Assert.Equal((false, 3), (Outage.Of(noise, null)!.IsCertain, Outage.Of(noise, null)!.Requests));
        Assert.Equal((true, 1), (Outage.Of([.. noise, signed], null)!.IsCertain, Outage.Of([.. noise, signed], null)!.Requests));
        Assert.All(noise, row => Assert.False(row.IsAtRisk));
    }

    private static RetryRow Row(string id, long? seq, string reason, long nowMs, params Attempt[] attempts) =>
        new(
            id,
            ContractVersion.V2025_11,
            false,
            "order.created",
            seq,
            1,
            reason,
            null,
            null,
            RetryClock.Of(ContractVersion.V2025_11, attempts, nowMs),
            IsVerified: true
        );

    private static Attempt At(int seconds, int status = 503) => new(Ms(seconds), status, null);

    private static long Ms(int seconds) => StartMs + (seconds * 1000L);
}
