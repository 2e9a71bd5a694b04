using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>An entry of the log as it is read: see <see cref="LogEntryEntity"/>.</summary>
internal sealed record LogRecord
{
    /// <summary>The columns that <see cref="Read"/> takes, of the table <c>Log</c>.</summary>
    public const string Columns = """
        "Seq", "Kind", "IsTest", "ReceivedAtMs", "BodyHash", "Contract", "SignedForm", "SecretId", "Address", "Flags", "RejectedWith",
        "FirstSeq", "Sealed"
        """;

    /// <summary>Writes rows of <see cref="Columns"/>, their values in that order.</summary>
    public static readonly RowInsert Append = RowInsert.Into(
        "Log",
        "Seq",
        "Kind",
        "IsTest",
        "ReceivedAtMs",
        "BodyHash",
        "Contract",
        "SignedForm",
        "SecretId",
        "Address",
        "Flags",
        "RejectedWith",
        "FirstSeq",
        "Sealed"
    );

    private const string Remove = """DELETE FROM "Log" WHERE "Seq" = @p0 AND "Sealed" = @p1""";

    public required long Seq { get; init; }

    public required LogEntryKind Kind { get; init; }

    public required bool IsTest { get; init; }

    public required long ReceivedAtMs { get; init; }

    public required byte[] BodyHash { get; init; }

    public ContractVersion Contract { get; init; }

    public SignedForm SignedForm { get; init; }

    public int SecretId { get; init; }

    public string? Address { get; init; }

    public DeliveryFlags Flags { get; init; }

    public int? RejectedWith { get; init; }

    public long? FirstSeq { get; init; }

    public required byte[] Sealed { get; init; }

    /// <summary>
    /// Puts others in the places of entries. All are taken out first and then put back: where rows only become smaller, SQLite leaves
    /// their pages half empty.
    /// </summary>
    /// <returns>False where one is gone, or is another than when it was read: it stays as it is.</returns>
    public static bool Replace(WriteTransaction transaction, IReadOnlyCollection<LogReplacement> all)
    {
        var taken = all.Where(item => transaction.Execute(Remove, item.Record.Seq, item.Record.Sealed) == 1).ToList();
        transaction.Insert(Append, taken.ConvertAll(static item => (item.Record with { Kind = item.Kind, Sealed = item.Content }).ToRow()));
        return taken.Count == all.Count;
    }

    /// <summary>Its values, in the order of <see cref="Columns"/>.</summary>
    public object?[] ToRow() =>
        [
            Seq,
            (int)Kind,
            IsTest,
            ReceivedAtMs,
            BodyHash,
            (int)Contract,
            (int)SignedForm,
            SecretId,
            Address,
            (int)Flags,
            RejectedWith,
            FirstSeq,
            Sealed,
        ];

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static LogRecord Read(SqlRow row) =>
        new()
        {
            Seq = row.GetInt64(0),
            Kind = (LogEntryKind)row.GetInt32(1),
            IsTest = row.GetBoolean(2),
            ReceivedAtMs = row.GetInt64(3),
            BodyHash = row.GetBytes(4),
            Contract = (ContractVersion)row.GetInt32(5),
            SignedForm = (SignedForm)row.GetInt32(6),
            SecretId = row.GetInt32(7),
            Address = row.FindString(8),
            Flags = (DeliveryFlags)row.GetInt32(9),
            RejectedWith = (int?)row.FindInt64(10),
            FirstSeq = row.FindInt64(11),
            Sealed = row.GetBytes(12),
        };
}

/// <summary>What takes the place of a log entry.</summary>
/// <param name="Record">The entry as it was read.</param>
/// <param name="Kind">What it becomes.</param>
/// <param name="Content">Its content, sealed.</param>
internal readonly record struct LogReplacement(LogRecord Record, LogEntryKind Kind, byte[] Content);
