using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Desk.Alerts;

/// <summary>Keeps the alerts in step with the present state. An alert is raised once, follows what it is about, and ends with it.</summary>
internal static class AlertBook
{
    // The index of open alerts refuses a second one, should two processes find the same at once.
    private const string Raise = """
        INSERT INTO "Alerts" ("Kind", "Key", "Level", "Stamp", "Facts", "RaisedAtMs") VALUES (@p0, @p1, @p2, @p3, @p4, @p5)
            ON CONFLICT DO NOTHING
        """;

    private const string Follow = """UPDATE "Alerts" SET "Level" = @p1, "Facts" = @p2 WHERE "Id" = @p0""";

    private const string FollowNews = """
        UPDATE "Alerts" SET "Level" = @p1, "Facts" = @p2, "Stamp" = @p3, "AcknowledgedAtMs" = NULL, "AcknowledgedBy" = NULL WHERE "Id" = @p0
        """;

    private const string End = """UPDATE "Alerts" SET "EndedAtMs" = @p1 WHERE "Id" = @p0""";

    /// <summary>What has to be written so that the alerts match the present state.</summary>
    /// <param name="open">The alerts that are not over.</param>
    /// <param name="present">The present conditions.</param>
    public static AlertChanges Compare(IReadOnlyList<AlertEntity> open, IReadOnlyList<Condition> present)
    {
        var known = open.ToDictionary(alert => (alert.Kind, alert.Key));
        var raised = new List<Condition>();
        var followed = new List<(AlertEntity Alert, Condition Now)>();
        foreach (var condition in present.DistinctBy(item => (item.Kind, item.Key)))
        {
            if (!known.Remove((condition.Kind, condition.Key), out var alert))
            {
                raised.Add(condition);
            }
            else if (
                alert.Level != condition.Level
                || alert.Stamp < condition.Stamp
                || !string.Equals(alert.Facts, condition.Facts.ToJson(), StringComparison.Ordinal)
            )
            {
                followed.Add((alert, condition));
            }
        }

        // Where there are more than are looked at, one that is not among them may still be so.
        var crowded = present
            .CountBy(item => item.Kind)
            .Where(kind => kind.Value >= AlertRules.MaxEach)
            .Select(kind => kind.Key)
            .ToHashSet();
        return new AlertChanges(raised, followed, [.. known.Values.Where(alert => !crowded.Contains(alert.Kind))]);
    }

    /// <summary>Writes them.</summary>
    public static void Write(WriteTransaction transaction, AlertChanges changes, long nowMs)
    {
        foreach (var condition in changes.Raised)
        {
            transaction.Execute(
                Raise,
                (int)condition.Kind,
                condition.Key,
                (int)condition.Level,
                condition.Stamp,
                condition.Facts.ToJson(),
                nowMs
            );
        }

        foreach (var (alert, now) in changes.Followed)
        {
            if (now.Stamp > alert.Stamp)
            {
                transaction.Execute(FollowNews, alert.Id, (int)now.Level, now.Facts.ToJson(), now.Stamp);
            }
            else
            {
                transaction.Execute(Follow, alert.Id, (int)now.Level, now.Facts.ToJson());
            }
        }

        foreach (var alert in changes.Ended)
        {
            transaction.Execute(End, alert.Id, nowMs);
        }
    }
}

/// <summary>What changed about the alerts.</summary>
/// <param name="Raised">Conditions without an alert yet.</param>
/// <param name="Followed">Alerts whose facts have changed.</param>
/// <param name="Ended">Alerts of what is no longer so.</param>
internal sealed record AlertChanges(
    IReadOnlyList<Condition> Raised,
    IReadOnlyList<(AlertEntity Alert, Condition Now)> Followed,
    IReadOnlyList<AlertEntity> Ended
)
{
    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Raised.Count + Followed.Count + Ended.Count == 0;
}
