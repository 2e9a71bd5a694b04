using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Sqlite.Upgrade;

/// <summary>
/// Brings a store of the schema before the log over: its deliveries and arrivals become log entries, in the background, while new
/// deliveries are received. It goes on where it was interrupted, and drops the old tables when all is in the log. Deliveries keep their
/// numbers.
/// </summary>
internal sealed partial class LegacyTransfer(
    SqliteLogDatabase database,
    LogWriter writer,
    StoragePaths paths,
    StorageSpace space,
    Sealer sealer,
    TimeProvider time,
    ILogger<LegacyTransfer> logger
) : IEarlierStore
{
    /// <summary>How many old rows go into the log in one transaction.</summary>
    public int AtOnce { get; init; } = 1000;

    /// <summary>The table that is there until everything was brought over.</summary>
    public const string Table = "Deliveries";

    private const string HasLegacy = $"SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = '{Table}'";

    private const string LogSize = """SELECT EXISTS (SELECT 1 FROM "Log")""";

    // Where a log entry stands in for numbers that are not used.
    private const string Reserve = """
        INSERT OR IGNORE INTO "Log" ("Seq", "Kind", "IsTest", "ReceivedAtMs", "BodyHash", "Contract", "SignedForm", "SecretId", "Flags",
            "Sealed")
        VALUES (@p0, 4, 0, 0, x'', 0, 0, 0, 0, x'')
        """;

    private const string Insert = """
        INSERT OR REPLACE INTO "Log" (
            "Seq", "Kind", "IsTest", "ReceivedAtMs", "BodyHash", "Contract", "SignedForm", "SecretId", "Address", "Flags", "RejectedWith",
            "FirstSeq", "Sealed")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12)
        """;

    private const string InsertCount = """INSERT OR REPLACE INTO "RepeatCounts" ("Seq", "Count", "LastAtMs") VALUES (@p0, @p1, @p2)""";

    private static readonly string[] OldTables =
    [
        "Deliveries",
        "Arrivals",
        "FailedTries",
        "Events",
        "EventEsims",
        "Orders",
        "Esims",
        "TopUps",
        "BalanceReadings",
    ];

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public bool Prepare(WriteTransaction transaction)
    {
        if (transaction.Scalar<long>(HasLegacy) == 0 || DropNeverUsed(transaction))
        {
            return false;
        }

        if (LegacyMark.Setting.Read(transaction) is { Reserved: 0 })
        {
            var mark = new LegacyMark
            {
                LastDelivery = transaction.Scalar<long>("""SELECT MAX("Seq") FROM "Deliveries" """),
                LastArrival = transaction.Scalar<long>("""SELECT MAX("Id") FROM "Arrivals" """),
            };
            mark = mark with { Reserved = mark.LastDelivery + mark.LastArrival + 1 };
            transaction.Execute(Reserve, mark.Reserved);
            LegacyMark.Setting.Write(transaction, mark);
        }

        return true;
    }

    /// <summary>Drops the old tables of a new installation: the earlier migrations have made them, and nothing was ever in them.</summary>
    /// <returns>Whether that was so.</returns>
    public static bool DropNeverUsed(WriteTransaction transaction)
    {
        var isNew =
            transaction.Scalar<long>(HasLegacy) > 0
            && transaction.Scalar<long>("""SELECT EXISTS (SELECT 1 FROM "Deliveries")""") == 0
            && transaction.Scalar<long>(LogSize) == 0;
        if (isNew)
        {
            Array.ForEach(OldTables, table => transaction.Execute($"DROP TABLE \"{table}\""));
        }

        return isNew;
    }

    /// <inheritdoc/>
    public async Task RunAsync(Action<(long Done, long Total)> progress, CancellationToken cancellationToken)
    {
        using var legacy = new LegacyRows(database.File.Open(), sealer);
        if (legacy.Scalar<long>(HasLegacy) == 0)
        {
            return;
        }

        var mark = legacy.Mark;
        var total = mark.LastDelivery + mark.LastArrival;
        using (var measurements = new LegacyMeasurements(SqliteDeskDatabase.PreviousFile(paths.Root), mark.LastDelivery))
        {
            while (!mark.IsDone)
            {
                await HaveRoomAsync(cancellationToken).ConfigureAwait(false);
                mark =
                    mark.DeliveriesUpTo < mark.LastDelivery
                        ? await TransferDeliveriesAsync(legacy, measurements, mark, cancellationToken).ConfigureAwait(false)
                        : await TransferRepeatsAsync(legacy, measurements, mark, cancellationToken).ConfigureAwait(false);
                progress((mark.DeliveriesUpTo + mark.ArrivalsUpTo, total));
            }

            measurements.AddTries(legacy.FailedTries());
        }

        await DropOldTablesAsync(cancellationToken).ConfigureAwait(false);
        Log.Done(logger, mark.LastDelivery);
    }

    private async Task<LegacyMark> TransferDeliveriesAsync(
        LegacyRows legacy,
        LegacyMeasurements measurements,
        LegacyMark mark,
        CancellationToken cancellationToken
    )
    {
        var rows = legacy.Deliveries(mark.DeliveriesUpTo, AtOnce);
        measurements.Add(rows);
        var next = mark with { DeliveriesUpTo = rows.Count < AtOnce ? mark.LastDelivery : rows[^1].Seq };
        await writer
            .WriteAsync(
                transaction =>
                {
                    foreach (var row in rows)
                    {
                        transaction.Execute(
                            Insert,
                            row.Seq,
                            (int)row.Kind,
                            row.IsTest,
                            row.ReceivedAtMs,
                            row.BodyHash,
                            row.Contract,
                            row.SignedForm,
                            row.SecretId,
                            row.Address,
                            (int)(row.Flags & (DeliveryFlags.AddressNotListed | DeliveryFlags.Rescued)),
                            row.RejectedWith,
                            null,
                            row.Content
                        );
                        if (row.Counted > 0)
                        {
                            transaction.Execute(InsertCount, row.Seq, row.Counted, row.ReceivedAtMs);
                        }
                    }

                    LegacyMark.Setting.Write(transaction, next);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return next;
    }

    private async Task<LegacyMark> TransferRepeatsAsync(
        LegacyRows legacy,
        LegacyMeasurements measurements,
        LegacyMark mark,
        CancellationToken cancellationToken
    )
    {
        var rows = legacy.Repeats(mark.ArrivalsUpTo, AtOnce);
        measurements.Add(rows);
        var next = mark with { ArrivalsUpTo = rows.Count < AtOnce ? mark.LastArrival : rows[^1].Id };
        await writer
            .WriteAsync(
                transaction =>
                {
                    foreach (var row in rows)
                    {
                        transaction.Execute(
                            Insert,
                            mark.LastDelivery + row.Id,
                            (int)LogEntryKind.Repeat,
                            row.IsTest,
                            row.ReceivedAtMs,
                            row.BodyHash,
                            row.Contract,
                            row.SignedForm,
                            row.SecretId,
                            row.Address,
                            0,
                            row.Status == StatusCodes.Status200OK ? null : row.Status,
                            row.DeliverySeq,
                            row.Content
                        );
                    }

                    LegacyMark.Setting.Write(transaction, next);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return next;
    }

    // A few rows at a time: receiving waits for none of them for long.
    private async Task DropOldTablesAsync(CancellationToken cancellationToken)
    {
        foreach (var table in OldTables.Reverse()) // the deliveries last: they say that there is something to bring over
        {
            var delete = $"DELETE FROM \"{table}\" WHERE rowid IN (SELECT rowid FROM \"{table}\" LIMIT 5000)";
            while (
                await writer
                    .WriteAsync(
                        transaction =>
                            transaction.Scalar<long>("SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = @p0", table) == 0
                                ? 0
                                : transaction.Execute(delete),
                        cancellationToken
                    )
                    .ConfigureAwait(false) > 0
            )
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            await writer
                .WriteAsync(transaction => transaction.Execute($"DROP TABLE IF EXISTS \"{table}\""), cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private async Task HaveRoomAsync(CancellationToken cancellationToken)
    {
        while (!space.HasRoom)
        {
            Log.NoRoom(logger);
            await Task.Delay(AskAgainAfter, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The store of the earlier version was brought over, up to delivery {Seq}.")]
        public static partial void Done(ILogger logger, long seq);

        [LoggerMessage(2, LogLevel.Warning, "Bringing over the store of the earlier version waits for room on the disk.")]
        public static partial void NoRoom(ILogger logger);
    }
}

/// <summary>How far the transfer has got.</summary>
internal sealed record LegacyMark
{
    /// <summary>Where it is kept.</summary>
    public static StoredSetting<LegacyMark> Setting { get; } = new("log.transfer", LegacyMarkJson.Default.LegacyMark);

    /// <summary>The last of the old deliveries.</summary>
    public long LastDelivery { get; init; }

    /// <summary>The last of the old arrivals.</summary>
    public long LastArrival { get; init; }

    /// <summary>Numbers up to this one are those of the old rows; 0 while nothing is reserved.</summary>
    public long Reserved { get; init; }

    /// <summary>Deliveries up to this number are in the log.</summary>
    public long DeliveriesUpTo { get; init; }

    /// <summary>Arrivals up to this number are in the log.</summary>
    public long ArrivalsUpTo { get; init; }

    /// <summary>Whether all are.</summary>
    [JsonIgnore]
    public bool IsDone => DeliveriesUpTo >= LastDelivery && ArrivalsUpTo >= LastArrival;
}

/// <summary>The JSON form of <see cref="LegacyMark"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LegacyMark))]
internal sealed partial class LegacyMarkJson : JsonSerializerContext;

/// <summary>Reads the old tables, as log entries.</summary>
internal sealed class LegacyRows(SqliteSession session, Sealer sealer) : Statements(session)
{
    private const string DeliveriesAfter = """
        SELECT D."Seq", D."IsTest", D."ReceivedAtMs", D."BodyHash", D."Contract", D."SignedForm", D."SecretId", D."Flags", D."DeliveryId",
            D."EventName",
            D."SealedBody", D."Headers", D."BodyBytes", D."State", D."Tries", D."NextTryAtMs", D."ProcessedAtMs", D."Error", D."Arrivals",
            A."Id", A."Address", A."Status", A."DurationUs", (SELECT COUNT(*) FROM "Arrivals" C WHERE C."DeliverySeq" = D."Seq")
        FROM "Deliveries" D LEFT JOIN "Arrivals" A ON A."Id" = (SELECT MIN(F."Id") FROM "Arrivals" F WHERE F."DeliverySeq" = D."Seq")
        WHERE D."Seq" > @p0 ORDER BY D."Seq" LIMIT @p1
        """;

    private const string RepeatsAfter = """
        SELECT A."Id", A."DeliverySeq", A."ReceivedAtMs", A."Status", A."DurationUs", A."Address", A."DeliveryId",
            D."IsTest", D."BodyHash", D."Contract", D."SignedForm", D."SecretId"
        FROM "Arrivals" A JOIN "Deliveries" D ON D."Seq" = A."DeliverySeq"
        WHERE A."Id" > @p0 AND A."Id" <> (SELECT MIN(F."Id") FROM "Arrivals" F WHERE F."DeliverySeq" = A."DeliverySeq")
        ORDER BY A."Id" LIMIT @p1
        """;

    private const string EventOf =
        """SELECT "Type", "OccurredAtMs", "OrderId", "OrderReference", "Facts" FROM "Events" WHERE "DeliverySeq" = @p0""";

    private const string EsimsOf = """SELECT "Iccid", "SealedCodes" FROM "EventEsims" WHERE "DeliverySeq" = @p0 ORDER BY rowid""";

    private const string Tries = """SELECT "DeliverySeq", "AtMs", "Error", "NextTryAtMs" FROM "FailedTries" ORDER BY "Id" """;

    private const string MarkText = """SELECT "Value" FROM "Settings" WHERE "Name" = 'log.transfer' """;

    /// <summary>How far the transfer has got.</summary>
    public LegacyMark Mark => JsonSerializer.Deserialize(Scalar<string>(MarkText) ?? "{}", LegacyMarkJson.Default.LegacyMark)!;

    /// <summary>The deliveries after a number, so many at most.</summary>
    public List<LegacyDelivery> Deliveries(long after, int most) => Query(DeliveriesAfter, ReadDelivery, after, most);

    /// <summary>The arrivals after a number that repeated a delivery, so many at most.</summary>
    public List<LegacyRepeat> Repeats(long after, int most) => Query(RepeatsAfter, ReadRepeat, after, most);

    /// <summary>The tries that failed.</summary>
    public List<CarriedTry> FailedTries() =>
        Query(Tries, static row => new CarriedTry(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.FindInt64(3)));

    private LegacyDelivery ReadDelivery(SqlRow row)
    {
        var (seq, hash, flags, sealedBody) = (row.GetInt64(0), row.GetBytes(3), (DeliveryFlags)row.GetInt32(7), row.GetBytes(10));
        var (status, arrivals) = ((int?)row.FindInt64(21), row.GetInt64(18));
        var kept = sealedBody.Length > 0;
        return new LegacyDelivery
        {
            Seq = seq,
            Kind = kept ? LogEntryKind.Delivery : LogEntryKind.Event,
            IsTest = row.GetBoolean(1),
            ReceivedAtMs = row.GetInt64(2),
            BodyHash = hash,
            Contract = row.GetInt32(4),
            SignedForm = row.GetInt32(5),
            SecretId = row.GetInt32(6),
            Flags = flags,
            Address = row.FindString(20),
            RejectedWith = flags.HasFlag(DeliveryFlags.Rescued) ? status : null,
            Counted = Math.Max(0, arrivals - row.GetInt64(23)),
            Answer = new(status ?? StatusCodes.Status200OK, row.FindInt64(22)),
            Fared = new(row.FindInt64(16), row.GetInt32(13), row.GetInt32(14), row.GetInt64(15), row.FindString(17)),
            Content = kept
                ? sealer.Seal(
                    LogContent.Join(Encoding.UTF8.GetBytes(row.GetString(11)), sealer.Open(sealedBody, SealPurpose.Body)),
                    SealPurpose.LogEntry,
                    hash
                )
                : sealer.Seal(KeptEventOf(seq, row, flags).Pack(), SealPurpose.LogEvent, hash),
        };
    }

    private KeptEvent KeptEventOf(long seq, SqlRow delivery, DeliveryFlags flags)
    {
        var esims = Query(
            EsimsOf,
            row => new ParsedEsim(
                row.GetString(0),
                row.IsNull(1) ? null : EsimCodes.FromJson(sealer.Open(row.GetBytes(1), SealPurpose.Codes))
            ),
            seq
        );
        var parsed = Query(
            EventOf,
            row => new ParsedEvent
            {
                Type = (EventType)row.GetInt32(0),
                OccurredAtMs = row.FindInt64(1),
                OrderId = row.FindString(2),
                OrderReference = row.FindString(3),
                Facts = EventFacts.FromJson(row.GetString(4)),
                Flags = flags & (DeliveryFlags.NoTimestamp | DeliveryFlags.OddIccid),
                Esims = esims,
            },
            seq
        );
        return new KeptEvent
        {
            DeliveryId = delivery.FindString(8),
            EventName = delivery.FindString(9),
            BodyBytes = delivery.GetInt32(12),
            Flags = flags & DeliveryFlags.HeaderDisagrees,
            Event = parsed.FirstOrDefault(),
            Reason = parsed.Count == 0 ? "Its body is no longer kept." : null,
        };
    }

    private LegacyRepeat ReadRepeat(SqlRow row)
    {
        var (contract, hash) = (row.GetInt32(9), row.GetBytes(8));
        var headers = HeaderJson.Write(WebhookHeaders.DeliveryId((ContractVersion)contract), row.FindString(6));
        return new LegacyRepeat
        {
            Id = row.GetInt64(0),
            DeliverySeq = row.GetInt64(1),
            ReceivedAtMs = row.GetInt64(2),
            Status = row.GetInt32(3),
            DurationUs = row.FindInt64(4),
            Address = row.FindString(5),
            IsTest = row.GetBoolean(7),
            BodyHash = hash,
            Contract = contract,
            SignedForm = row.GetInt32(10),
            SecretId = row.GetInt32(11),
            Content = sealer.Seal(LogContent.Join(headers, []), SealPurpose.LogEntry, hash),
        };
    }
}

/// <summary>An old delivery with its first arrival.</summary>
internal sealed record LegacyDelivery
{
    public required long Seq { get; init; }

    public required LogEntryKind Kind { get; init; }

    public required bool IsTest { get; init; }

    public required long ReceivedAtMs { get; init; }

    public required byte[] BodyHash { get; init; }

    public required int Contract { get; init; }

    public required int SignedForm { get; init; }

    public required int SecretId { get; init; }

    public required DeliveryFlags Flags { get; init; }

    public required string? Address { get; init; }

    public required int? RejectedWith { get; init; }

    /// <summary>Arrivals that were counted and have no row.</summary>
    public required long Counted { get; init; }

    public required CarriedAnswer Answer { get; init; }

    public required CarriedDelivery Fared { get; init; }

    /// <summary>What the log entry holds, sealed.</summary>
    public required byte[] Content { get; init; }
}

/// <summary>An old arrival of a delivery that was known.</summary>
internal sealed record LegacyRepeat
{
    public required long Id { get; init; }

    public required long DeliverySeq { get; init; }

    public required long ReceivedAtMs { get; init; }

    public required int Status { get; init; }

    public required long? DurationUs { get; init; }

    public required string? Address { get; init; }

    public required bool IsTest { get; init; }

    public required byte[] BodyHash { get; init; }

    public required int Contract { get; init; }

    public required int SignedForm { get; init; }

    public required int SecretId { get; init; }

    /// <summary>What the log entry holds, sealed.</summary>
    public required byte[] Content { get; init; }
}
