using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// The projection's statements, in the SQL that SQLite and PostgreSQL share. The numbers are those of the entities' enums.
/// </summary>
internal static class ProjectionSql
{
    private const string EventColumns =
        """E."Type", E."OccurredAtMs", E."BodyHash", E."OrderId", E."OrderReference", E."OrderKey", E."Facts" """;

    public const string ReadPosition = """SELECT "Seq" FROM "Position" """;

    /// <summary>Moves the position from where it was; changes nothing where somebody else has moved it.</summary>
    public const string MovePosition = """UPDATE "Position" SET "Seq" = @p1, "Epoch" = @p2 WHERE "Id" = 1 AND "Seq" = @p0""";

    public static readonly RowInsert<DeliveryEntity> InsertDelivery = RowInsert<DeliveryEntity>
        .Into("Deliveries")
        .Number(static row => row.Seq)
        .Flag(static row => row.IsTest)
        .Bytes(static row => row.BodyHash)
        .Text(static row => row.DeliveryId)
        .Number(static row => (int)row.Contract)
        .Number(static row => (int)row.SignedForm)
        .Number(static row => row.SecretId)
        .Text(static row => row.EventName)
        .Number(static row => row.BodyBytes)
        .Number(static row => row.ReceivedAtMs)
        .Number(static row => (int)row.State)
        .Number(static row => row.Tries)
        .Number(static row => row.NextTryAtMs)
        .Number(static row => row.ProcessedAtMs)
        .Text(static row => row.Error)
        .Number(static row => (int)row.Flags)
        .Number(static row => row.Arrivals)
        .Number(static row => row.Counted);

    public const string FindDelivery = """SELECT "Seq", "DeliveryId" FROM "Deliveries" WHERE "IsTest" = @p0 AND "BodyHash" = @p1""";

    public const string FindDeliveryId = """SELECT "Seq" FROM "Deliveries" WHERE "IsTest" = @p0 AND "DeliveryId" = @p1 LIMIT 1""";

    public const string CountArrivals =
        """UPDATE "Deliveries" SET "Arrivals" = "Arrivals" + @p1, "Flags" = "Flags" | @p2 WHERE "Seq" = @p0""";

    public static readonly RowInsert<ArrivalEntity> InsertArrival = RowInsert<ArrivalEntity>
        .Into("Arrivals")
        .Number(static row => row.Id)
        .Number(static row => row.DeliverySeq)
        .Number(static row => row.ReceivedAtMs)
        .Number(static row => row.Status)
        .Number(static row => row.DurationUs)
        .Text(static row => row.Address)
        .Text(static row => row.DeliveryId);

    public const string NoteAnswer = """UPDATE "Arrivals" SET "Status" = @p1, "DurationUs" = @p2 WHERE "Id" = @p0""";

    /// <summary>Repeats that were counted and not logged.</summary>
    public const string CountRepeats =
        """UPDATE "Deliveries" SET "Arrivals" = "Arrivals" - "Counted" + @p1, "Counted" = @p1 WHERE "Seq" = @p0""";

    /// <summary>A delivery that failed before is folded or quarantined now.</summary>
    public const string EndRetry = """
        UPDATE "Deliveries"
        SET "State" = @p1, "Tries" = "Tries" + 1, "NextTryAtMs" = 0, "ProcessedAtMs" = @p2, "Error" = @p3, "Flags" = "Flags" | @p4,
            "EventName" = @p5
        WHERE "Seq" = @p0
        """;

    public const string MarkFailed = """
        UPDATE "Deliveries" SET "State" = @p1, "Tries" = "Tries" + 1, "NextTryAtMs" = @p2, "Error" = @p3 WHERE "Seq" = @p0
        """;

    public static readonly RowInsert<FailedTryEntity> InsertFailedTry = RowInsert<FailedTryEntity>
        .Into("FailedTries")
        .Number(static row => row.DeliverySeq)
        .Number(static row => row.AtMs)
        .Text(static row => row.Error)
        .Number(static row => row.NextTryAtMs);

    public static readonly string DueRetries = $"""
        SELECT "Seq", "Tries", "ReceivedAtMs" FROM "Deliveries"
            WHERE "State" = {DeliveryState.Failed:D} AND "State" <> {DeliveryState.Processed:D} AND "NextTryAtMs" <= @p0 ORDER BY "Seq"
            LIMIT @p1
        """;

    /// <summary>Only dead and quarantined ones can be put back.</summary>
    public static readonly string Requeue = $"""
        UPDATE "Deliveries" SET "State" = {DeliveryState.Failed:D}, "Tries" = 0, "NextTryAtMs" = 0, "ProcessedAtMs" = NULL
            WHERE "Seq" = @p0 AND "State" IN ({DeliveryState.Dead:D}, {DeliveryState.Quarantined:D})
        """;

    public const string FindState =
        """SELECT "State", "ReceivedAtMs", "ProcessedAtMs", "IsTest", "Error" FROM "Deliveries" WHERE "Seq" = @p0""";

    public static readonly RowInsert<MinuteTallyEntity> Tally = RowInsert<MinuteTallyEntity>
        .OrAdd("MinuteTallies", keyLength: 4)
        .Flag(static row => row.IsTest)
        .Number(static row => row.MinuteMs)
        .Number(static row => (int)row.State)
        .Number(static row => row.TookMs)
        .Number(static row => row.Count)
        .Number(static row => row.Repeats);

    public const string FindEvent = """SELECT "DeliverySeq" FROM "Events" WHERE "DeliverySeq" = @p0""";

    public static readonly RowInsert<EventEntity> InsertEvent = RowInsert<EventEntity>
        .Into("Events")
        .Number(static row => row.DeliverySeq)
        .Flag(static row => row.IsTest)
        .Bytes(static row => row.BodyHash)
        .Number(static row => (int)row.Type)
        .Number(static row => row.OccurredAtMs)
        .Number(static row => row.ReceivedAtMs)
        .Text(static row => row.OrderId)
        .Text(static row => row.OrderReference)
        .Text(static row => row.OrderKey)
        .Text(static row => row.Facts);

    public static readonly RowInsert<EventEsimEntity> InsertEventEsim = RowInsert<EventEsimEntity>
        .Unless("EventEsims", keyLength: 2)
        .Number(static row => row.DeliverySeq)
        .Text(static row => row.Iccid)
        .Flag(static row => row.IsTest)
        .Flag(static row => row.HasCodes);

    public static readonly RowInsert<TopUpEntity> InsertTopUp = RowInsert<TopUpEntity>
        .Into("TopUps")
        .Number(static row => row.DeliverySeq)
        .Flag(static row => row.IsTest)
        .Text(static row => row.Iccid)
        .Flag(static row => row.Succeeded)
        .Text(static row => row.PackageCode)
        .Text(static row => row.PackageName)
        .Amount(static row => row.Amount)
        .Number(static row => row.NewExpiryMs)
        .Text(static row => row.ErrorCode)
        .Text(static row => row.ErrorMessage)
        .Number(static row => row.OccurredAtMs)
        .Number(static row => row.SortAtMs)
        .Text(static row => row.Currency);

    public static readonly RowInsert<BalanceReadingEntity> InsertBalanceReading = RowInsert<BalanceReadingEntity>
        .Into("BalanceReadings")
        .Number(static row => row.DeliverySeq)
        .Flag(static row => row.IsTest)
        .Bytes(static row => row.BodyHash)
        .Amount(static row => row.Balance)
        .Amount(static row => row.Threshold)
        .Text(static row => row.Message)
        .Number(static row => row.OccurredAtMs)
        .Text(static row => row.Currency)
        .Flag(static row => row.IsObserved);

    /// <summary>The least and the greatest order id that bear a reference: equal where there is one, null where there is none.</summary>
    public const string OrderIdsOfReference = """
        SELECT
            (SELECT MIN("OrderId") FROM "Events" WHERE "IsTest" = @p0 AND "OrderReference" = @p1 AND "OrderId" IS NOT NULL),
            (SELECT MAX("OrderId") FROM "Events" WHERE "IsTest" = @p0 AND "OrderReference" = @p1 AND "OrderId" IS NOT NULL)
        """;

    /// <summary>The events that name an order by reference alone and belong to another key than they should.</summary>
    public const string MisplacedEvents = """
        SELECT "DeliverySeq", "OrderKey" FROM "Events"
        WHERE "IsTest" = @p0 AND "OrderReference" = @p1 AND "OrderId" IS NULL AND "OrderKey" <> @p2
        """;

    public const string OrderOfEvent = """SELECT "IsTest", "OrderKey" FROM "Events" WHERE "DeliverySeq" = @p0""";

    /// <summary>What a delivery reported, taken out.</summary>
    public static readonly string[] RemoveEvent =
    [
        """DELETE FROM "EventEsims" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "Events" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "TopUps" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "BalanceReadings" WHERE "DeliverySeq" = @p0""",
        """DELETE FROM "FailedTries" WHERE "DeliverySeq" = @p0""",
    ];

    /// <summary>Its flags become those of the request itself, and the given ones.</summary>
    public static readonly string MarkReplaced = $"""
        UPDATE "Deliveries" SET "State" = {DeliveryState.Processed:D}, "Error" = NULL, "NextTryAtMs" = 0,
            "Flags" = ("Flags" & {DeliveryFlags.IdReused
            | DeliveryFlags.Replayed
            | DeliveryFlags.HeaderDisagrees
            | DeliveryFlags.AddressNotListed
            | DeliveryFlags.Rescued:D}) | @p1
            WHERE "Seq" = @p0
        """;

    public const string EsimsOfEvent = """SELECT "Iccid" FROM "EventEsims" WHERE "DeliverySeq" = @p0""";

    public const string MoveEvent = """UPDATE "Events" SET "OrderKey" = @p1 WHERE "DeliverySeq" = @p0""";

    /// <summary>
    /// What <see cref="SubjectFolder.ReadOrderEvent"/> reads of an event E; a statement may add columns from <see cref="FirstOwnColumn"/>
    /// on.
    /// </summary>
    public const string OrderEventColumns = $"""
        {EventColumns}, (SELECT MIN(X."Iccid") FROM "EventEsims" X WHERE X."DeliverySeq" = E."DeliverySeq")
        """;

    /// <summary>What <see cref="SubjectFolder.ReadEsimEvent"/> reads of an event E that speaks of an eSIM X, likewise.</summary>
    public const string EsimEventColumns = $"""
        {EventColumns}, X."HasCodes"
        """;

    /// <summary>The first column after those.</summary>
    public const int FirstOwnColumn = 8;

    public const string EventsOfOrder = $"""
        SELECT {OrderEventColumns}
        FROM "Events" E
        WHERE E."IsTest" = @p0 AND E."OrderKey" = @p1
        """;

    public const string EventsOfEsim = $"""
        SELECT {EsimEventColumns}
        FROM "EventEsims" X JOIN "Events" E ON E."DeliverySeq" = X."DeliverySeq"
        WHERE X."IsTest" = @p0 AND X."Iccid" = @p1
        """;

    public const string OrderFoldState = """SELECT "FoldState" FROM "Orders" WHERE "IsTest" = @p0 AND "OrderKey" = @p1""";

    public const string EsimFoldState = """SELECT "FoldState" FROM "Esims" WHERE "IsTest" = @p0 AND "Iccid" = @p1""";

    public const string DeleteOrder = """DELETE FROM "Orders" WHERE "IsTest" = @p0 AND "OrderKey" = @p1""";

    public const string DeleteEsim = """DELETE FROM "Esims" WHERE "IsTest" = @p0 AND "Iccid" = @p1""";

    public static readonly RowInsert<OrderEntity> UpsertOrder = RowInsert<OrderEntity>
        .OrUpdate("Orders", keyLength: 2)
        .Flag(static row => row.IsTest)
        .Text(static row => row.OrderKey)
        .Text(static row => row.OrderId)
        .Text(static row => row.OrderReference)
        .Text(static row => row.OrderIdSearch)
        .Text(static row => row.OrderReferenceSearch)
        .Text(static row => row.OrderIdReversed)
        .Text(static row => row.OrderReferenceReversed)
        .Number(static row => (int)row.Status)
        .Text(static row => row.PackageCode)
        .Text(static row => row.PackageName)
        .Number(static row => row.Quantity)
        .Amount(static row => row.Amount)
        .Text(static row => row.Currency)
        .Text(static row => row.OtherReferences)
        .Text(static row => row.OtherReferencesSearch)
        .Text(static row => row.ErrorCode)
        .Text(static row => row.ErrorMessage)
        .Flag(static row => row.CanRetry)
        .Number(static row => row.CreatedAtMs)
        .Number(static row => row.CompletedAtMs)
        .Number(static row => row.FailedAtMs)
        .Number(static row => row.SortAtMs)
        .Number(static row => row.LastEventAtMs)
        .Number(static row => row.ObservedAtMs)
        .Number(static row => row.EsimCount)
        .Number(static row => (int)row.Flags)
        .Text(static row => row.FoldState);

    public static readonly RowInsert<EsimEntity> UpsertEsim = RowInsert<EsimEntity>
        .OrUpdate("Esims", keyLength: 2)
        .Flag(static row => row.IsTest)
        .Text(static row => row.Iccid)
        .Text(static row => row.IccidReversed)
        .Text(static row => row.OrderKey)
        .Number(static row => (int)row.PlanStatus)
        .Text(static row => row.PlanStatusRaw)
        .Number(static row => (int)row.ProfileStatus)
        .Text(static row => row.ProfileStatusRaw)
        .Text(static row => row.PackageCode)
        .Text(static row => row.PackageName)
        .Text(static row => row.EsimId)
        .Text(static row => row.Eid)
        .Text(static row => row.Imsi)
        .Text(static row => row.EidReversed)
        .Text(static row => row.ImsiReversed)
        .Number(static row => row.ProvisionedAtMs)
        .Number(static row => row.InstalledAtMs)
        .Number(static row => row.ActivatedAtMs)
        .Number(static row => row.ExpiresAtMs)
        .Text(static row => row.UnreadExpiry)
        .Text(static row => row.SentAs)
        .Number(static row => row.ExpiredAtMs)
        .Amount(static row => row.DataUsedGb)
        .Amount(static row => row.DataTotalGb)
        .Number(static row => row.UsageAsOfMs)
        .Number(static row => row.SortAtMs)
        .Number(static row => row.LastEventAtMs)
        .Number(static row => row.ObservedAtMs)
        .Number(static row => (int)row.Flags)
        .Bytes(static row => row.CodesFrom)
        .Text(static row => row.FoldState);
}
