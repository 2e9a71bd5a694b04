using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The projection over a real database, fed with bodies directly.</summary>
internal sealed class ProjectionBench : IAsyncDisposable
{
    private static readonly string[] Tables = ["Deliveries", "Arrivals", "Events", "EventEsims", "Orders", "Esims", "TopUps", "BalanceReadings"];

    private readonly TestStore store = new();
    private readonly DeliveryReader reader;
    private long seq;

    public ProjectionBench()
    {
        reader = new DeliveryReader(store.Sealer, Options.Create(new AccountOptions()));
        Rebuild = new Rebuild(store.Store, store.Writer, new ChangeNotifier(TimeProvider.System, NullLogger<ChangeNotifier>.Instance));
    }

    public TestStore Store => store;

    public Rebuild Rebuild { get; }

    /// <summary>Projects bodies in batches, as the worker would.</summary>
    public async Task ProjectAsync(IEnumerable<byte[]> bodies, int batchSize, bool isTest = false)
    {
        foreach (var batch in bodies.Chunk(batchSize))
        {
            var prepared = batch.Select(body => reader.Read(new ClaimedDelivery(
                ++seq, isTest, System.Security.Cryptography.SHA256.HashData(body), ContractVersion.V2025_11, SignedForm.RawBody,
                store.Sealer.Seal(body, SealPurpose.Body), CodeMask.MaskBody(body), ReceivedAtMs: seq, Tries: 0))).ToList();
            await store.Writer.WriteAsync(transaction => Projector.Project(transaction, prepared, nowMs: 0), TestContext.Current.CancellationToken);
        }
    }

    public Task ClearAsync() => store.Writer.WriteAsync(
        transaction =>
        {
            foreach (var table in Tables)
            {
                transaction.Execute($"DELETE FROM \"{table}\"");
            }
        },
        TestContext.Current.CancellationToken);

    /// <summary>All rows as text, without what must differ: sequence numbers and the randomness of seals.</summary>
    public Task<string> RowsAsync() => RowsAsync(store.Contexts.CreateDbContext, store.Sealer);

    /// <inheritdoc cref="RowsAsync()"/>
    public static async Task<string> RowsAsync(Func<DashboardDbContext> open, Sealer sealer)
    {
        await using var context = open();
        var token = TestContext.Current.CancellationToken;
        var lines = new List<string>();
        foreach (var order in await context.Orders.AsNoTracking().ToListAsync(token))
        {
            lines.Add("order " + Text(order));
        }

        foreach (var esim in await context.Esims.AsNoTracking().ToListAsync(token))
        {
            lines.Add("esim " + Text(esim) + (esim.SealedCodes is { } codes ? Convert.ToHexString(sealer.Open(codes, SealPurpose.Codes)) : ""));
        }

        foreach (var topUp in await context.TopUps.AsNoTracking().ToListAsync(token))
        {
            lines.Add("top-up " + Text(topUp));
        }

        foreach (var reading in await context.BalanceReadings.AsNoTracking().ToListAsync(token))
        {
            lines.Add("balance " + Text(reading));
        }

        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync() => await store.DisposeAsync();

    private static string Text<TRow>(TRow row) => string.Join(
        "; ",
        typeof(TRow).GetProperties()
            .Where(field => field.Name is not (nameof(TopUpEntity.DeliverySeq) or nameof(EsimEntity.SealedCodes)))
            .Select(field => $"{field.Name}={(field.GetValue(row) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(field.GetValue(row), System.Globalization.CultureInfo.InvariantCulture))}"));
}
