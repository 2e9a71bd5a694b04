using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>The statements of the log.</summary>
internal static class LogSql
{
    /// <summary>Somebody who captured one signed delivery can send it forever: after so many repeats they are only counted.</summary>
    public const int MostRepeats = 200;

    public const string CountRepeats = """
        INSERT INTO "RepeatCounts" ("Seq", "Count", "LastAtMs") VALUES (@p0, @p1, @p2)
        ON CONFLICT ("Seq") DO UPDATE SET "Count" = "RepeatCounts"."Count" + excluded."Count", "LastAtMs" = excluded."LastAtMs"
        """;

    /// <summary>When a secret last matched; a rescue of older requests does not turn it back.</summary>
    public const string NoteSecret = """
        INSERT INTO "SecretMatches" ("SecretId", "LastMatchedAtMs") VALUES (@p0, @p1)
        ON CONFLICT ("SecretId") DO UPDATE SET "LastMatchedAtMs" = excluded."LastMatchedAtMs"
        WHERE excluded."LastMatchedAtMs" > "SecretMatches"."LastMatchedAtMs"
        """;

    /// <summary>Whether an entry is there with its body or its event.</summary>
    public static readonly string IsKept = $"""
        SELECT "Seq" FROM "Log" WHERE "Seq" = @p0 AND "Kind" <> {LogEntryKind.Removed:D}
        """;

    /// <summary>In the read model: whether a body is known, and how often it came.</summary>
    /// <summary>The addresses that the latest deliveries came from.</summary>
    public const string LatestSenders = """
        SELECT DISTINCT "Address" FROM "Log"
            WHERE "Seq" > (SELECT MAX("Seq") FROM "Log") - 1000 AND NOT "IsTest" AND "Address" IS NOT NULL
        """;

    public const string FindKnown = """SELECT "Seq", "Arrivals" FROM "Deliveries" WHERE "IsTest" = @p0 AND "BodyHash" = @p1""";
}
