using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Access.Audit;

/// <summary>Writes the audit log. What is in it can be read and exported; nothing changes it, and the database sees to that.</summary>
internal sealed class AuditLog(LogWriter writer, CallerAddress caller, TimeProvider time)
{
    private const string Insert = """
        INSERT INTO "Audit" ("AtMs", "AccountId", "Actor", "Action", "Subject", "Detail", "Address")
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
        """;

    /// <summary>Writes an entry, which is on disk when the task completes.</summary>
    /// <exception cref="StorageUnavailableException">It could not be written: what it speaks of must not be done.</exception>
    public Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken) =>
        writer.WriteAsync(transaction => Append(transaction, entry), cancellationToken);

    /// <summary>Writes an entry together with what it speaks of.</summary>
    public void Append(WriteTransaction transaction, AuditEntry entry)
    {
        var row = ToRow(entry);
        transaction.Execute(Insert, row.AtMs, row.AccountId, row.Actor, row.Action, row.Subject, row.Detail, row.Address);
    }

    /// <summary>The entry as a row, to be saved together with what it speaks of.</summary>
    public AuditEntity ToRow(AuditEntry entry) =>
        new()
        {
            AtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            AccountId = entry.Actor?.AccountId,
            Actor = entry.Actor?.Email ?? entry.ActorName,
            Action = entry.Action,
            Subject = entry.Subject,
            Detail = entry.Detail,
            Address = entry.Address ?? caller.Current?.ToString(),
        };
}
