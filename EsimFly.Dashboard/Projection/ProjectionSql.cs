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

    public static readonly RowInsert InsertDelivery = RowInsert.Into(
        "Deliveries",
        "Seq",
        "IsTest",
        "BodyHash",
        "DeliveryId",
        "Contract",
        "SignedForm",
        "SecretId",
        "EventName",
        "BodyBytes",
        "ReceivedAtMs",
        "State",
        "Tries",
        "NextTryAtMs",
        "ProcessedAtMs",
        "Error",
        "Flags",
        "Arrivals",
        "Counted"
    );

    public const string FindDelivery = """SELECT "Seq", "DeliveryId" FROM "Deliveries" WHERE "IsTest" = @p0 AND "BodyHash" = @p1""";

    public const string FindDeliveryId = """SELECT "Seq" FROM "Deliveries" WHERE "IsTest" = @p0 AND "DeliveryId" = @p1 LIMIT 1""";

    public const string CountArrivals =
        """UPDATE "Deliveries" SET "Arrivals" = "Arrivals" + @p1, "Flags" = "Flags" | @p2 WHERE "Seq" = @p0""";

    public static readonly RowInsert InsertArrival = RowInsert.Into(
        "Arrivals",
        "Id",
        "DeliverySeq",
        "ReceivedAtMs",
        "Status",
        "DurationUs",
        "Address",
        "DeliveryId"
    );

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

    public static readonly RowInsert InsertFailedTry = RowInsert.Into("FailedTries", "DeliverySeq", "AtMs", "Error", "NextTryAtMs");

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

    public static readonly RowInsert Tally = RowInsert.OrAdd(
        "MinuteTallies",
        ["IsTest", "MinuteMs", "State", "TookMs"],
        "Count",
        "Repeats"
    );

    public const string FindEvent = """SELECT "DeliverySeq" FROM "Events" WHERE "DeliverySeq" = @p0""";

    public static readonly RowInsert InsertEvent = RowInsert.Into(
        "Events",
        "DeliverySeq",
        "IsTest",
        "BodyHash",
        "Type",
        "OccurredAtMs",
        "ReceivedAtMs",
        "OrderId",
        "OrderReference",
        "OrderKey",
        "Facts"
    );

    public static readonly RowInsert InsertEventEsim = RowInsert.Unless(
        "EventEsims",
        ["DeliverySeq", "Iccid"],
        "DeliverySeq",
        "IsTest",
        "Iccid",
        "HasCodes"
    );

    public static readonly RowInsert InsertTopUp = RowInsert.Into(
        "TopUps",
        "DeliverySeq",
        "IsTest",
        "Iccid",
        "Succeeded",
        "PackageCode",
        "PackageName",
        "Amount",
        "NewExpiryMs",
        "ErrorCode",
        "ErrorMessage",
        "OccurredAtMs",
        "Currency"
    );

    public static readonly RowInsert InsertBalanceReading = RowInsert.Into(
        "BalanceReadings",
        "DeliverySeq",
        "IsTest",
        "BodyHash",
        "Balance",
        "Threshold",
        "Message",
        "OccurredAtMs",
        "Currency",
        "IsObserved"
    );

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

    public static readonly RowInsert UpsertOrder = RowInsert.OrUpdate(
        "Orders",
        ["IsTest", "OrderKey"],
        "OrderId",
        "OrderReference",
        "OrderIdSearch",
        "OrderReferenceSearch",
        "OrderIdReversed",
        "OrderReferenceReversed",
        "Status",
        "PackageCode",
        "PackageName",
        "Quantity",
        "Amount",
        "Currency",
        "OtherReferences",
        "OtherReferencesSearch",
        "ErrorCode",
        "ErrorMessage",
        "CanRetry",
        "CreatedAtMs",
        "CompletedAtMs",
        "FailedAtMs",
        "SortAtMs",
        "LastEventAtMs",
        "ObservedAtMs",
        "EsimCount",
        "Flags",
        "FoldState"
    );

    public static readonly RowInsert UpsertEsim = RowInsert.OrUpdate(
        "Esims",
        ["IsTest", "Iccid"],
        "IccidReversed",
        "OrderKey",
        "PlanStatus",
        "PlanStatusRaw",
        "ProfileStatus",
        "ProfileStatusRaw",
        "PackageCode",
        "PackageName",
        "EsimId",
        "Eid",
        "Imsi",
        "EidReversed",
        "ImsiReversed",
        "ProvisionedAtMs",
        "InstalledAtMs",
        "ActivatedAtMs",
        "ExpiresAtMs",
        "UnreadExpiry",
        "SentAs",
        "ExpiredAtMs",
        "DataUsedGb",
        "DataTotalGb",
        "UsageAsOfMs",
        "SortAtMs",
        "LastEventAtMs",
        "ObservedAtMs",
        "Flags",
        "CodesFrom",
        "FoldState"
    );
}
