using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Projection;
using EsimFly.Dashboard.Projection.Erasing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The projection over both stores, fed with bodies directly.</summary>
internal sealed class ProjectionBench : IAsyncDisposable
{
    private const string Append = """
        INSERT INTO "Log" ("Seq", "Kind", "IsTest", "ReceivedAtMs", "BodyHash", "Contract", "SignedForm", "SecretId", "Flags", "Sealed")
        VALUES (@p0, @p1, @p2, @p7, @p3, @p4, @p5, 0, 0, @p6)
        """;

    private static readonly string[] Tables =
    [
        "Deliveries",
        "Arrivals",
        "FailedTries",
        "MinuteTallies",
        "Events",
        "EventEsims",
        "Orders",
        "Esims",
        "TopUps",
        "BalanceReadings",
    ];

    private readonly TestStore store = new();
    private long seq;

    public ProjectionBench()
    {
        Reader = new EntryReader(store.Entries, new ErasedNames(store.Sealer), Options.Create(new WholesaleOptions()));
        var bulk = new BulkProjection(store.LogDatabase, store.ReadModelDatabase, Reader, store.State, TimeProvider.System);
        Rebuild = new Rebuild(
            store.ReadModelDatabase,
            store.ReadModel,
            bulk,
            store.State,
            new ChangeNotifier(TimeProvider.System, NullLogger<ChangeNotifier>.Instance)
        );
    }

    public TestStore Store => store;

    public EntryReader Reader { get; }

    public Rebuild Rebuild { get; }

    /// <summary>Logs bodies and projects them in batches, as the worker would.</summary>
    public async Task ProjectAsync(IEnumerable<byte[]> bodies, int batchSize, bool isTest = false)
    {
        var records = bodies.Select(body => Record(body, isTest)).ToList();
        await store.Log.WriteAsync(
            transaction =>
                records.ForEach(record =>
                    transaction.Execute(
                        Append,
                        record.Seq,
                        (int)record.Kind,
                        record.IsTest,
                        record.BodyHash,
                        (int)record.Contract,
                        (int)record.SignedForm,
                        record.Sealed,
                        record.ReceivedAtMs
                    )
                ),
            TestContext.Current.CancellationToken
        );
        foreach (var batch in records.Chunk(batchSize))
        {
            await store.ReadModel.WriteAsync(
                transaction =>
                {
                    var projector = new Projector(transaction, new MeasuredNow(0, []));
                    Array.ForEach(batch, record => projector.Add(Reader.Read(record)));
                    projector.Finish();
                    Projector.Move(transaction, store.State.Position, batch[^1].Seq, TestStore.Epoch);
                },
                TestContext.Current.CancellationToken
            );
            store.State.Position = batch[^1].Seq;
        }
    }

    public async Task ClearAsync()
    {
        await store.Log.WriteAsync(transaction => transaction.Execute("""DELETE FROM "Log" """), TestContext.Current.CancellationToken);
        await store.ReadModel.WriteAsync(
            transaction =>
            {
                Array.ForEach(Tables, table => transaction.Execute($"DELETE FROM \"{table}\""));
                transaction.Execute("""UPDATE "Position" SET "Seq" = 0""");
            },
            TestContext.Current.CancellationToken
        );
        (seq, store.State.Position) = (0, 0);
    }

    /// <summary>All rows as text, without what must differ: sequence numbers.</summary>
    public Task<string> RowsAsync() => RowsAsync(store.ReadModels.CreateDbContext);

    /// <inheritdoc cref="RowsAsync()"/>
    public static async Task<string> RowsAsync(Func<ReadModelDbContext> open)
    {
        await using var context = open();
        var token = TestContext.Current.CancellationToken;
        var lines = new List<string>();
        lines.AddRange((await context.Orders.AsNoTracking().ToListAsync(token)).Select(order => "order " + Text(order)));
        lines.AddRange((await context.Esims.AsNoTracking().ToListAsync(token)).Select(esim => "esim " + Text(esim)));
        lines.AddRange((await context.TopUps.AsNoTracking().ToListAsync(token)).Select(topUp => "top-up " + Text(topUp)));
        lines.AddRange((await context.BalanceReadings.AsNoTracking().ToListAsync(token)).Select(reading => "balance " + Text(reading)));
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    public async ValueTask DisposeAsync()
    {
        Rebuild.Dispose();
        await store.DisposeAsync();
    }

    private LogRecord Record(byte[] body, bool isTest)
    {
        var hash = SHA256.HashData(body);
        var observed = Observed(body);
        return new LogRecord
        {
            Seq = ++seq,
            Kind = observed is null ? LogEntryKind.Delivery : LogEntryKind.Observation,
            IsTest = isTest,
            ReceivedAtMs = observed?.AskedMs ?? seq,
            BodyHash = hash,
            Contract = ContractVersion.V2025_11,
            SignedForm = SignedForm.RawBody,
            Sealed = store.Sealer.Seal(LogContent.Join(observed?.Headers ?? "{}"u8, body), SealPurpose.LogEntry, hash),
        };
    }

    // A body that says when it was asked for is an answer of eSIMfly's API, and no delivery.
    private static (long AskedMs, byte[] Headers)? Observed(byte[] body) =>
        body.AsSpan().IndexOf("\"asked_ms\""u8) >= 0 && JsonNode.Parse(body) is { } answer
            ? (
                answer["asked_ms"]!.GetValue<long>(),
                JsonSerializer.SerializeToUtf8Bytes(
                    new Dictionary<string, string>(StringComparer.Ordinal)
                    {
                        [ObservedSubject.Key] = answer["order_reference"] is null ? ObservedSubject.Esim : ObservedSubject.Order,
                    }
                )
            )
            : null;

    private static string Text<TRow>(TRow row) =>
        string.Join(
            "; ",
            typeof(TRow)
                .GetProperties()
                .Where(field => field.Name is not nameof(TopUpEntity.DeliverySeq))
                .Select(field => $"{field.Name}={Text(field.GetValue(row))}")
        );

    private static string? Text(object? value) =>
        value is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture);
}
