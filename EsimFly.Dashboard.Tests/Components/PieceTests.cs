using CsCheck;
using EsimFly.Dashboard.Components.Charts;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk;
using EsimFly.Dashboard.Desk.Events;
using EsimFly.Dashboard.Desk.Health;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Tests.Support;

namespace EsimFly.Dashboard.Tests.Components;

/// <summary>The pure pieces that pages are made of.</summary>
public sealed class PieceTests
{
    [Fact]
    public void JsonTokens_TogetherAreTheText() =>
        Gen.String.Sample(text => string.Concat(JsonTokens.Of(text).Select(piece => piece.Text)).Equals(text, StringComparison.Ordinal));

    [Fact]
    public void JsonTokens_TellKeysFromValues()
    {
        var pieces = JsonTokens
            .Of("""{"a\"b": "c", "n": -1.5e+3, "t": true}""")
            .Where(piece => piece.Kind.Length > 0)
            .Select(piece => $"{piece.Kind} {piece.Text}");

        Assert.Equal("""key "a\"b"|string "c"|key "n"|number -1.5e+3|key "t"|word true""", string.Join('|', pieces));
    }

    [Fact]
    public void Mark_FindsATermWhateverItsCase_AndLosesNothing()
    {
        var parts = JsonTokens.Mark("an ICCID, iccid!", "Iccid").ToList();

        Assert.Equal("an |[ICCID]|, |[iccid]|!", string.Join('|', parts.Select(part => part.IsMatch ? $"[{part.Text}]" : part.Text)));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(17, 5)]
    [InlineData(720, 200)]
    [InlineData(41, 20)]
    [InlineData(1_000_000, 500_000)]
    public void ChartScale_StepsAreRound(double most, int step) => Assert.Equal(step, ChartScale.Step(most));

    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(59_999, "59 s")]
    [InlineData(323_000, "5 min 23 s")]
    [InlineData(7_500_000, "2 h 05 min")]
    [InlineData(180_000_000, "2 d 2 h")]
    [InlineData(1_728_000_000, "20 d")]
    public void Spans_InTheirTwoLargestUnits(long ms, string words) => Assert.Equal(words, Spans.Words(ms));

    [Fact]
    public void ProcessTimes_ByNearestRank()
    {
        var times = new ProcessTimes([(10, 50), (20, 45), (1000, 4), (-3, 1)]);

        Assert.Equal(54, times.AverageMs);
        Assert.Equal(10, times.At(50));
        Assert.Equal(20, times.At(95));
        Assert.Equal(1000, times.At(99));
        Assert.Null(new ProcessTimes([]).At(50));
    }

    [Fact]
    public async Task RollingRates_CountAgainOnlyWhatCanGrow()
    {
        var rates = new RollingRates(60_000, 5);
        var asked = new List<long>();
        await rates.UpdateAsync(Rows.NowMs, since => Count(since, (0, 1), (4, 2)));
        Assert.Equal("1 0 0 0 2", string.Join(' ', rates.Values));

        await rates.UpdateAsync(Rows.NowMs + 60_000, since => Count(since, (0, 3), (1, 4), (2, 5)));

        Assert.Equal("0 0 3 4 5", string.Join(' ', rates.Values));
        Assert.Equal(Rows.NowMs - (1 * 60_000), asked[1]);
        Assert.Equal(Rows.NowMs - (3 * 60_000), rates.StartOf(0));

        Task<IReadOnlyDictionary<long, int>> Count(long since, params (long Slot, int Count)[] counts)
        {
            asked.Add(since);
            return Task.FromResult<IReadOnlyDictionary<long, int>>(counts.ToDictionary(item => item.Slot, item => item.Count));
        }
    }

    [Fact]
    public void Evidence_HasIdsTimesEventsAndMaskedBodies()
    {
        var created = Rows.Event(EventType.OrderCreated, 30);
        var failed = Rows.Event(EventType.OrderFailed, 29);
        var sources = new Dictionary<long, Evidence.Source>
        {
            [created.DeliverySeq] = new(created.DeliverySeq, "11111111-aaaa", ContractVersion.V2025_11, 2, """{"event":"order.created"}"""),
        };

        var text = Evidence.Write(
            "order ORD-1",
            [("Order id", "ORD-1"), ("ICCIDs", null), ("Package", " ")],
            new Verdict(VerdictTone.Bad, "It failed.", "Ask.", failed),
            [failed, created],
            sources,
            Rows.NowMs
        );

        Assert.StartsWith("Evidence for order ORD-1\nWritten 2026-11-24 12:00:00Z. All times are UTC", text, StringComparison.Ordinal);
        Assert.Contains("Order id: ORD-1\nVerdict: It failed.\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "2026-11-24 11:30:00Z  order.created           delivery id 11111111-aaaa, received 2026-11-24 11:30:00Z, 2 "
                + "times\n2026-11-24 11:31:00Z  order.failed",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--- order.created, delivery id 11111111-aaaa, contract 2025-11\n{\n  \"event\": \"order.created\"\n}",
            text,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("ICCIDs", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Package", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Thresholds_ThatCannotBeUsed_SayWhy()
    {
        Assert.Null(new Thresholds().Problem);
        Assert.All(
            [
                new Thresholds { StuckMinutes = 0 },
                new Thresholds { StuckMinutes = 20, StuckBadlyMinutes = 10 },
                new Thresholds { RejectedBurst = 0 },
                new Thresholds { SilenceHours = -1 },
                new Thresholds { CriticalBalance = -1 },
            ],
            wrong => Assert.NotNull(wrong.Problem)
        );
    }
}
