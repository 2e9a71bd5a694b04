using EsimFly.Dashboard.Desk.Esims;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Tests.Projection;

/// <summary>What senders write otherwise than the contract says, and what staff read of it, through the real projection.</summary>
public class ReadingTests
{
    private const string Iccid = "89852351124730258585";

    private static readonly DateTimeOffset Noon = new(2026, 2, 10, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("89852351124730258585F")]
    [InlineData("89852351124730258585f")]
    [InlineData(" 8985 2351 1247 3025 8585 ")]
    [InlineData("8985-2351-1247-3025-8585")]
    [InlineData("8985.2351.1247.3025.8585")]
    [InlineData("\u200E89852351124730258585\u200F")]
    [InlineData("\u202A89852351124730258585\u202C")]
    [InlineData("89\u00A0852351124730258585")]
    [InlineData("٨٩٨٥٢٣٥١١٢٤٧٣٠٢٥٨٥٨٥")]
    [InlineData("۸۹۸۵۲۳۵۱۱۲۴۷۳۰۲۵۸۵۸۵")]
    [InlineData("８９８５２３５１１２４７３０２５８５８５")]
    public async Task Iccid_InAnyForm_IsTheSameEsim_AndIsShownAsSent(string form)
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync(
            [
                Samples.At("2025-11/order.completed", Noon, data => data["esims"]!.AsArray()[0]!["iccid"] = form),
                Samples.At("2025-11/esim.activated", Noon.AddHours(1), data => data["iccid"] = Iccid),
            ],
            batchSize: 1
        );

        await using var context = bench.Store.ReadModels.CreateDbContext();
        var esim = await context.Esims.SingleAsync(Token);
        Assert.Equal((Iccid, form.Trim(), PlanStatus.Active), (esim.Iccid, esim.SentAs, esim.PlanStatus));
        Assert.Equal(Iccid, IccidSearch.Term(form));
        Assert.Equal("8585", IccidSearch.Term(form[^4..].TrimEnd('F', 'f', ' ', '\u200F', '\u202C') is { Length: 4 } last ? last : "8585"));
    }

    [Theory]
    [InlineData("ICCID: 8985 2351", "89852351")]
    [InlineData("iccid 8585F", "8585")]
    [InlineData("eSIM 8585", "8585")]
    [InlineData("ORD-8585", "ORD8585")]
    [InlineData("٨٥٨٥", "8585")]
    [InlineData("", null)]
    public void IccidTerm_OfWhatPeopleType_IsItsDigits(string typed, string? expected) => Assert.Equal(expected, IccidSearch.Term(typed));

    [Theory]
    [InlineData("PENDING_8123")]
    [InlineData("pending-1")]
    [InlineData("n/a")]
    public async Task Iccid_ThatIsAPlaceholder_IsNoEsim_UntilTheRealOneComes(string placeholder)
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync(
            [
                Samples.At("2025-11/order.created", Noon, data => (data["order_id"], data["order_reference"]) = ("ORD-1", "R-1")),
                Samples.At(
                    "2026-04/esim.status.changed",
                    Noon.AddMinutes(1),
                    data => (data["iccid"], data["order_reference"], data["new_status"]) = (placeholder, "R-1", "PENDING")
                ),
                Samples.At(
                    "2026-04/esim.provisioned",
                    Noon.AddMinutes(5),
                    data => (data["iccid"], data["order_reference"]) = (Iccid, "R-1")
                ),
            ],
            batchSize: 1
        );

        await using var context = bench.Store.ReadModels.CreateDbContext();
        Assert.Equal((Iccid, "id:ORD-1"), await context.Esims.SingleAsync(Token) is var esim ? (esim.Iccid, esim.OrderKey!) : default);
        Assert.Equal(OrderStatus.Completed, (await context.Orders.SingleAsync(Token)).Status);
        Assert.All(await context.Deliveries.ToListAsync(Token), row => Assert.Equal(DeliveryState.Processed, row.State));
        Assert.Equal(
            1,
            await context.Deliveries.CountAsync(row => (row.Flags & DeliveryFlags.PlaceholderIccid) != DeliveryFlags.None, Token)
        );
    }

    [Theory]
    [InlineData("in 30 days")]
    [InlineData("soon")]
    [InlineData("2026-13-45")]
    public async Task Expiry_ThatCannotBeRead_IsKeptBesideTheOldOne_AndFlagged(string text)
    {
        await using var bench = new ProjectionBench();
        await bench.ProjectAsync(
            [
                Samples.At("2025-11/esim.activated", Noon, data => (data["iccid"], data["expires_at"]) = (Iccid, "2026-02-17T12:00:00Z")),
                Samples.At("2025-11/topup.completed", Noon.AddDays(1), data => (data["iccid"], data["new_expiry"]) = (Iccid, text)),
            ],
            batchSize: 1
        );

        var esim = await EsimAsync(bench);
        Assert.Equal(
            (Noon.AddDays(7).ToUnixTimeMilliseconds(), text, EsimFlags.UnreadExpiry),
            (esim.ExpiresAtMs, esim.UnreadExpiry, esim.Flags & EsimFlags.UnreadExpiry)
        );

        await bench.ProjectAsync(
            [
                Samples.At(
                    "2025-11/topup.completed",
                    Noon.AddDays(2),
                    data => (data["iccid"], data["new_expiry"]) = (Iccid, "2026-03-01T00:00:00Z")
                ),
            ],
            batchSize: 1
        );
        Assert.Null((await EsimAsync(bench)).UnreadExpiry);
    }

    [Fact]
    public async Task Facts_FoldByTheTimeAtWhichTheyTookPlace()
    {
        // Used up at 13:50, topped up at 14:00; that it was used up is sent at 14:20.
        byte[][] bodies =
        [
            Samples.At("2025-11/esim.activated", Noon, data => (data["iccid"], data["activated_at"]) = (Iccid, Noon.ToString("O"))),
            Samples.At("2025-11/topup.completed", Noon.AddHours(2), data => data["iccid"] = Iccid),
            Samples.At(
                "2026-04/esim.status.changed",
                Noon.AddMinutes(140),
                data => (data["iccid"], data["new_status"], data["changed_at"]) = (Iccid, "DEPLETED", Noon.AddMinutes(110).ToString("O"))
            ),
        ];
        foreach (var order in new int[][] { [0, 1, 2], [2, 1, 0], [1, 2, 0] })
        {
            await using var bench = new ProjectionBench();
            await bench.ProjectAsync(order.Select(i => bodies[i]), batchSize: 1);

            Assert.Equal(PlanStatus.Active, (await EsimAsync(bench)).PlanStatus);
        }
    }

    [Fact]
    public async Task Fact_ThatTookPlaceAfterItWasReported_FoldsByItsTimestamp()
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync(
            [
                Samples.At(
                    "2026-04/esim.status.changed",
                    Noon,
                    data => (data["iccid"], data["new_status"], data["changed_at"]) = (Iccid, "DEPLETED", "2099-01-01T00:00:00Z")
                ),
                Samples.At("2025-11/topup.completed", Noon.AddHours(1), data => data["iccid"] = Iccid),
            ],
            batchSize: 2
        );

        Assert.Equal(PlanStatus.Active, (await EsimAsync(bench)).PlanStatus);
    }

    [Theory]
    [InlineData("topup_1234")]
    [InlineData("TOPUP-1234")]
    public async Task Reference_OfATopUp_IsNoOrder(string reference)
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync(
            [
                Samples.At(
                    "2025-11/order.completed",
                    Noon,
                    data =>
                    {
                        data["order_id"] = "ORD-1";
                        data["esims"]!.AsArray()[0]!["iccid"] = Iccid;
                    }
                ),
                Samples.At(
                    "2026-04/esim.status.changed",
                    Noon.AddHours(1),
                    data => (data["iccid"], data["order_reference"]) = (Iccid, reference)
                ),
            ],
            batchSize: 1
        );

        await using var context = bench.Store.ReadModels.CreateDbContext();
        Assert.Equal(["id:ORD-1"], await context.Orders.Select(row => row.OrderKey).ToListAsync(Token));
        Assert.False((await EsimAsync(bench)).Flags.HasFlag(EsimFlags.ClaimedTwice));
    }

    [Fact]
    public async Task Currency_OfAPayload_IsBelieved()
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync(
            [
                Samples.At("2025-11/order.created", Noon, data => data["currency"] = "eur"),
                Samples.At("2025-11/topup.completed", Noon, data => data["currency"] = "IQD"),
                Samples.At("2025-11/balance.low", Noon, data => data["currency"] = "euros"),
            ],
            batchSize: 1
        );

        await using var context = bench.Store.ReadModels.CreateDbContext();
        Assert.Equal("EUR", (await context.Orders.SingleAsync(Token)).Currency);
        Assert.Equal("IQD", (await context.TopUps.SingleAsync(Token)).Currency);
        Assert.Null((await context.BalanceReadings.SingleAsync(Token)).Currency);
    }

    [Fact]
    public async Task Expiry_BeforeItsActivation_IsFlagged()
    {
        await using var bench = new ProjectionBench();

        await bench.ProjectAsync(
            [
                Samples.At(
                    "2025-11/esim.activated",
                    Noon,
                    data => (data["iccid"], data["activated_at"], data["expires_at"]) = (Iccid, Noon.ToString("O"), "2026-02-01T00:00:00Z")
                ),
            ],
            batchSize: 1
        );

        Assert.True((await EsimAsync(bench)).Flags.HasFlag(EsimFlags.ExpiresBeforeActivation));
    }

    [Fact]
    public async Task Order_WithTwoReferences_IsFoundByEach()
    {
        await using var app = new DashboardApp();
        foreach (var (reference, minute) in new[] { ("FIRST-REF", 0), ("SECOND-REF", 1), ("THIRD-REF", 2) })
        {
            await app.DeliverAsync(
                Signing.Request(
                    Samples.At(
                        "2025-11/order.created",
                        Noon.AddMinutes(minute),
                        data => (data["order_id"], data["order_reference"]) = ("ORD-2", reference)
                    )
                )
            );
        }

        await app.SettleAsync();
        var who = await app.JoinAsync(AccountRole.Viewer);
        foreach (var typed in new[] { "FIRST-REF", "SECOND-REF", "third ref", "second" })
        {
            var hit = Assert.Single(
                (await app.Get<EsimFly.Dashboard.Desk.Search.SearchQueries>().FindAsync(who, typed, all: null, Token)).Single().Hits
            );
            Assert.Equal("/orders/ORD-2", hit.Href);
            var list = await app.Get<EsimFly.Dashboard.Desk.Orders.OrderQueries>().ListAsync(who, new(typed, null), null, 10, Token);
            Assert.Single(list.Rows);
        }

        var queries = app.Get<EsimFly.Dashboard.Desk.Orders.OrderQueries>();
        Assert.NotNull(await queries.FindAsync(who, "SECOND-REF", isTest: false, Token));
        Assert.Null(await queries.FindAsync(who, "SECOND", isTest: false, Token));
    }

    private static async Task<EsimEntity> EsimAsync(ProjectionBench bench)
    {
        await using var context = bench.Store.ReadModels.CreateDbContext();
        return await context.Esims.AsNoTracking().SingleAsync(Token);
    }
}
