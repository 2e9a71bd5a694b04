namespace EsimFly.Dashboard.Projection;

/// <summary>The worker's statements, in the SQL that SQLite and PostgreSQL share.</summary>
internal static class ProjectionSql
{
    private const string EventColumns = """E."Type", E."OccurredAtMs", E."BodyHash", E."OrderId", E."OrderReference", E."OrderKey", E."Facts" """;

    public const string InsertEvent = """
        INSERT INTO "Events" ("DeliverySeq", "IsTest", "BodyHash", "Type", "OccurredAtMs", "ReceivedAtMs", "OrderId", "OrderReference", "OrderKey", "Facts")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9)
        ON CONFLICT ("DeliverySeq") DO NOTHING
        """;

    public const string InsertEventEsim = """
        INSERT INTO "EventEsims" ("DeliverySeq", "IsTest", "Iccid", "SealedCodes") VALUES (@p0, @p1, @p2, @p3)
        ON CONFLICT ("DeliverySeq", "Iccid") DO NOTHING
        """;

    public const string InsertTopUp = """
        INSERT INTO "TopUps" (
            "DeliverySeq", "IsTest", "Iccid", "Succeeded", "PackageCode", "PackageName", "Amount", "NewExpiryMs", "ErrorCode", "ErrorMessage", "OccurredAtMs")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)
        ON CONFLICT ("DeliverySeq") DO NOTHING
        """;

    public const string InsertBalanceReading = """
        INSERT INTO "BalanceReadings" ("DeliverySeq", "IsTest", "BodyHash", "Balance", "Threshold", "Message", "OccurredAtMs")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
        ON CONFLICT ("DeliverySeq") DO NOTHING
        """;

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

    public const string EsimsOfEvent = """SELECT "Iccid" FROM "EventEsims" WHERE "DeliverySeq" = @p0""";

    public const string MoveEvent = """UPDATE "Events" SET "OrderKey" = @p1 WHERE "DeliverySeq" = @p0""";

    /// <summary>What <see cref="SubjectFolder.ReadOrderEvent"/> reads of an event E; a statement may add columns from <see cref="FirstOwnColumn"/> on.</summary>
    public const string OrderEventColumns = $"""
        {EventColumns}, (SELECT MIN(X."Iccid") FROM "EventEsims" X WHERE X."DeliverySeq" = E."DeliverySeq")
        """;

    /// <summary>What <see cref="SubjectFolder.ReadEsimEvent"/> reads of an event E that speaks of an eSIM X, likewise.</summary>
    public const string EsimEventColumns = $"""
        {EventColumns}, X."SealedCodes"
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

    public const string UpsertOrder = """
        INSERT INTO "Orders" (
            "IsTest", "OrderKey", "OrderId", "OrderReference", "OrderIdSearch", "OrderReferenceSearch", "Status", "PackageCode", "PackageName",
            "Quantity", "Amount", "ErrorCode", "ErrorMessage", "CanRetry", "CreatedAtMs", "CompletedAtMs", "FailedAtMs", "SortAtMs",
            "LastEventAtMs", "EsimCount", "Flags", "FoldState")
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21)
        ON CONFLICT ("IsTest", "OrderKey") DO UPDATE SET
            "OrderId" = excluded."OrderId", "OrderReference" = excluded."OrderReference", "OrderIdSearch" = excluded."OrderIdSearch",
            "OrderReferenceSearch" = excluded."OrderReferenceSearch", "Status" = excluded."Status", "PackageCode" = excluded."PackageCode",
            "PackageName" = excluded."PackageName", "Quantity" = excluded."Quantity", "Amount" = excluded."Amount",
            "ErrorCode" = excluded."ErrorCode", "ErrorMessage" = excluded."ErrorMessage", "CanRetry" = excluded."CanRetry",
            "CreatedAtMs" = excluded."CreatedAtMs", "CompletedAtMs" = excluded."CompletedAtMs", "FailedAtMs" = excluded."FailedAtMs",
            "SortAtMs" = excluded."SortAtMs", "LastEventAtMs" = excluded."LastEventAtMs", "EsimCount" = excluded."EsimCount",
            "Flags" = excluded."Flags", "FoldState" = excluded."FoldState"
        """;

    /// <summary>Codes that are not given anew stay as they are.</summary>
    public const string UpsertEsim = """
        INSERT INTO "Esims" (
            "IsTest", "Iccid", "IccidReversed", "OrderKey", "PlanStatus", "PlanStatusRaw", "ProfileStatus", "ProfileStatusRaw", "PackageCode",
            "PackageName", "EsimId", "Eid", "Imsi", "ProvisionedAtMs", "InstalledAtMs", "ActivatedAtMs", "ExpiresAtMs", "ExpiredAtMs",
            "DataUsedGb", "DataTotalGb", "UsageAsOfMs", "SortAtMs", "LastEventAtMs", "Flags", "SealedCodes", "FoldState")
        VALUES (
            @p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21, @p22,
            @p23, @p24, @p25)
        ON CONFLICT ("IsTest", "Iccid") DO UPDATE SET
            "OrderKey" = excluded."OrderKey", "PlanStatus" = excluded."PlanStatus", "PlanStatusRaw" = excluded."PlanStatusRaw",
            "ProfileStatus" = excluded."ProfileStatus", "ProfileStatusRaw" = excluded."ProfileStatusRaw", "PackageCode" = excluded."PackageCode",
            "PackageName" = excluded."PackageName", "EsimId" = excluded."EsimId", "Eid" = excluded."Eid", "Imsi" = excluded."Imsi",
            "ProvisionedAtMs" = excluded."ProvisionedAtMs", "InstalledAtMs" = excluded."InstalledAtMs", "ActivatedAtMs" = excluded."ActivatedAtMs",
            "ExpiresAtMs" = excluded."ExpiresAtMs", "ExpiredAtMs" = excluded."ExpiredAtMs", "DataUsedGb" = excluded."DataUsedGb",
            "DataTotalGb" = excluded."DataTotalGb", "UsageAsOfMs" = excluded."UsageAsOfMs", "SortAtMs" = excluded."SortAtMs",
            "LastEventAtMs" = excluded."LastEventAtMs", "Flags" = excluded."Flags",
            "SealedCodes" = COALESCE(excluded."SealedCodes", "Esims"."SealedCodes"), "FoldState" = excluded."FoldState"
        """;
}
