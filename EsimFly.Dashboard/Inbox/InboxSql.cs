namespace EsimFly.Dashboard.Inbox;

/// <summary>The statements of the inbox's hot path, in the SQL that SQLite and PostgreSQL share. The numbers are those of the entities' enums.</summary>
internal static class InboxSql
{
    /// <summary>Flag 1: another delivery of the same world bore this id before. Changes nothing where the body is known.</summary>
    public const string InsertDelivery = """
        INSERT INTO "Deliveries" (
            "IsTest", "BodyHash", "DeliveryId", "Contract", "SignedForm", "SecretId", "EventName", "SealedBody",
            "SafeBody", "Headers", "BodyBytes", "ReceivedAtMs", "Flags", "State", "Tries", "NextTryAtMs", "Arrivals")
        VALUES (
            @p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11,
            @p12 | CASE WHEN EXISTS (SELECT 1 FROM "Deliveries" WHERE "DeliveryId" = @p2 AND "IsTest" = @p0) THEN 1 ELSE 0 END,
            0, 0, 0, 1)
        ON CONFLICT ("IsTest", "BodyHash") DO NOTHING
        """;

    // Not RETURNING: SQLite makes and drops a temporary table for it each time, which costs more than this look-up.
    public const string SeqOfBody = """SELECT "Seq" FROM "Deliveries" WHERE "IsTest" = @p0 AND "BodyHash" = @p1""";

    /// <summary>Flag 2: the same signed bytes under another id.</summary>
    public const string CountArrival = """
        UPDATE "Deliveries"
        SET "Arrivals" = "Arrivals" + 1, "Flags" = "Flags" | CASE WHEN "DeliveryId" IS DISTINCT FROM @p2 THEN 2 ELSE 0 END
        WHERE "IsTest" = @p0 AND "BodyHash" = @p1
        """;

    /// <summary>Whoever captured one signed delivery can send it for ever: after so many arrivals they are only counted.</summary>
    public const int MaxArrivalRows = 200;

    /// <summary>Changes nothing where the delivery has had its share.</summary>
    public const string InsertArrival = """
        INSERT INTO "Arrivals" ("DeliverySeq", "ReceivedAtMs", "Status", "Address", "DeliveryId")
        SELECT @p0, @p1, @p2, @p3, @p4 WHERE (SELECT "Arrivals" FROM "Deliveries" WHERE "Seq" = @p0) <= @p5
        """;

    public const string LastArrival = """SELECT MAX("Id") FROM "Arrivals" WHERE "DeliverySeq" = @p0""";

    public const string NoteAnswer = """UPDATE "Arrivals" SET "Status" = @p1, "DurationUs" = @p2 WHERE "Id" = @p0""";

    /// <summary>When a secret last matched; a rescue of older requests does not turn it back.</summary>
    public const string NoteSecret = """
        INSERT INTO "SecretMatches" ("SecretId", "LastMatchedAtMs") VALUES (@p0, @p1)
        ON CONFLICT ("SecretId") DO UPDATE SET "LastMatchedAtMs" = excluded."LastMatchedAtMs" WHERE excluded."LastMatchedAtMs" > "SecretMatches"."LastMatchedAtMs"
        """;

    public const string MarkProcessed = """
        UPDATE "Deliveries"
        SET "State" = 1, "Tries" = "Tries" + 1, "ProcessedAtMs" = @p1, "Flags" = "Flags" | @p2, "Error" = NULL
        WHERE "Seq" = @p0
        """;

    public const string MarkQuarantined = """
        UPDATE "Deliveries"
        SET "State" = 4, "Tries" = "Tries" + 1, "ProcessedAtMs" = @p1, "Flags" = "Flags" | @p2, "Error" = @p3
        WHERE "Seq" = @p0
        """;

    public const string MarkFailed = """
        UPDATE "Deliveries"
        SET "State" = @p1, "Tries" = "Tries" + 1, "NextTryAtMs" = @p2, "Error" = @p3
        WHERE "Seq" = @p0
        """;

    public const string InsertFailedTry = """INSERT INTO "FailedTries" ("DeliverySeq", "AtMs", "Error", "NextTryAtMs") VALUES (@p0, @p1, @p2, @p3)""";

    /// <summary>Only dead and quarantined ones can be put back.</summary>
    public const string Requeue = """
        UPDATE "Deliveries" SET "State" = 0, "Tries" = 0, "NextTryAtMs" = 0, "Error" = NULL, "ProcessedAtMs" = NULL
        WHERE "Seq" = @p0 AND "State" IN (3, 4)
        RETURNING "IsTest"
        """;
}
