using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Projection;

/// <summary>What a delivery changed, and the nightly check of the folds on the installation's own data.</summary>
public class DeliveryEffectsTests : IAsyncDisposable
{
    private readonly DashboardApp app = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Delivery_TellsWhichFieldWentFromWhatToWhat()
    {
        var created = await EffectsAsync("2025-11/order.created");
        var failed = await EffectsAsync("2025-11/order.failed");
        var completed = await EffectsAsync("2025-11/order.completed");

        var order = Assert.Single(created);
        Assert.True(order is { Kind: SubjectKind.Order, Name: "ORD-123456", IsNew: true });
        Assert.Contains(new FieldChange("Status", null, "Processing"), order.Fields);
        Assert.Contains(new FieldChange("Status", "Processing", "Failed"), Assert.Single(failed).Fields);
        Assert.Contains(new FieldChange("ErrorCode", null, "PROVIDER_ERROR"), Assert.Single(failed).Fields);
        Assert.Equal(2, completed.Count);
        Assert.Contains(new FieldChange("Status", "Failed", "Completed"), completed[0].Fields);
        Assert.Contains(new FieldChange("ErrorCode", "PROVIDER_ERROR", null), completed[0].Fields);
        Assert.Contains(new FieldChange("CodesFrom", null, "(sealed)"), completed[1].Fields);
        Assert.True(completed[1] is { Kind: SubjectKind.Esim, IsNew: true });
    }

    [Fact]
    public async Task Delivery_ThatCameAfterTheFact_ChangedNothing()
    {
        await EffectsAsync("2025-11/esim.expired");

        var late = Assert.Single(await EffectsAsync("2025-11/esim.activated"));

        Assert.DoesNotContain(late.Fields, change => change.Field is "PlanStatus"); // expired it was, and is
        Assert.Contains(late.Fields, change => change.Field is "ActivatedAtMs");
    }

    [Fact]
    public async Task SelfCheck_FoldsShuffledAndDoubled_AndFindsWhatIsPlanted()
    {
        await Scene.PlayAsync(app);

        var clean = await app.Get<SelfCheck>().RunAsync(Token);
        await app.Get<ReadModelWriter>().WriteAsync(transaction => transaction.Execute("""UPDATE "Esims" SET "PlanStatus" = 5"""), Token);
        var planted = await app.Get<SelfCheck>().RunAsync(Token);

        Assert.Empty(clean.Differing);
        Assert.InRange(clean.Subjects, 50, 400);
        Assert.True(clean.Events > clean.Subjects);
        Assert.NotEmpty(planted.Differing);
        await using var context = app.OpenContext();
        Assert.Equal(planted.Differing, (await SelfCheckResult.Setting.ReadAsync(context.Log, Token)).Differing);
    }

    [Fact]
    public async Task SelfCheck_ThatCannotBeMade_WaitsForTheNextNight()
    {
        await using var store = new TestStore();
        var noon = DateTimeOffset.Parse("2026-11-24T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        var (time, log) = (new FakeTimeProvider(noon), new HeardLog());
        var reader = new EntryReader(
            store.Entries,
            new ErasedNames(store.Sealer),
            Microsoft.Extensions.Options.Options.Create(new WholesaleOptions())
        );
        var notifier = new ChangeNotifier(time, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeNotifier>.Instance);
        using var check = new SelfCheck(
            store.ReadModelDatabase,
            store.LogDatabase,
            store.Log,
            reader,
            notifier,
            new SoleInstance(),
            time,
            log.Of<SelfCheck>()
        );
        await store.Log.WriteAsync(transaction => transaction.Execute("""ALTER TABLE "Settings" RENAME TO "Elsewhere" """), Token);
        await check.StartAsync(Token);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMinutes(1));
                return !log.Lines.IsEmpty;
            },
            "it says that it failed"
        );
        await store.Log.WriteAsync(transaction => transaction.Execute("""ALTER TABLE "Elsewhere" RENAME TO "Settings" """), Token);

        SelfCheckResult made = new();
        await Eventually.IsTrueAsync(
            async () =>
            {
                if (time.GetUtcNow() < noon.AddHours(16.5))
                {
                    time.Advance(TimeSpan.FromMinutes(10)); // and no further: on a busy machine the check takes many of these steps
                }

                await using var context = store.Logs.CreateDbContext();
                made = await SelfCheckResult.Setting.ReadAsync(context, Token);
                return made.AtMs > 0;
            },
            "it is made the next night"
        );

        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(made.AtMs) - noon, TimeSpan.FromHours(15), TimeSpan.FromHours(17));
        Assert.Single(log.Lines); // nor was it tried in between
        await check.StopAsync(Token);
    }

    private async Task<IReadOnlyList<DeliveryEffect>> EffectsAsync(string sample)
    {
        await app.DeliverAsync(Signing.Sample(sample));
        await app.SettleAsync();
        await using var context = app.OpenContext();
        return await app.Get<DeliveryEffects>().OfAsync(await context.Deliveries.MaxAsync(row => row.Seq, Token), Token);
    }
}
