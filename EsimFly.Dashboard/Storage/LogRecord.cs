using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>An entry of the log as it is read: see <see cref="LogEntryEntity"/>.</summary>
internal sealed record LogRecord
{
    /// <summary>Adds entries.</summary>
    public static readonly RowInsert<LogRecord> Append = RowInsert<LogRecord>
        .Into("Log")
        .Number(static row => row.Seq)
        .Number(static row => (int)row.Kind)
        .Flag(static row => row.IsTest)
        .Number(static row => row.ReceivedAtMs)
        .Bytes(static row => row.BodyHash)
        .Number(static row => (int)row.Contract)
        .Number(static row => (int)row.SignedForm)
        .Number(static row => row.SecretId)
        .Text(static row => row.Address)
        .Number(static row => (int)row.Flags)
        .Number(static row => row.RejectedWith)
        .Number(static row => row.FirstSeq)
        .Bytes(static row => row.Sealed);

    /// <summary>The columns that <see cref="Read"/> takes, of the table <c>Log</c>.</summary>
    public static readonly string Columns = string.Join(", ", Enum.GetNames<At>().Select(static name => $"\"{name}\""));

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
        transaction.Insert(Append, taken.ConvertAll(static item => item.Record with { Kind = item.Kind, Sealed = item.Content }));
        return taken.Count == all.Count;
    }

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public static LogRecord Read(SqlRow row) =>
        new()
        {
            Seq = row.GetInt64((int)At.Seq),
            Kind = (LogEntryKind)row.GetInt32((int)At.Kind),
            IsTest = row.GetBoolean((int)At.IsTest),
            ReceivedAtMs = row.GetInt64((int)At.ReceivedAtMs),
            BodyHash = row.GetBytes((int)At.BodyHash),
            Contract = (ContractVersion)row.GetInt32((int)At.Contract),
            SignedForm = (SignedForm)row.GetInt32((int)At.SignedForm),
            SecretId = row.GetInt32((int)At.SecretId),
            Address = row.FindString((int)At.Address),
            Flags = (DeliveryFlags)row.GetInt32((int)At.Flags),
            RejectedWith = (int?)row.FindInt64((int)At.RejectedWith),
            FirstSeq = row.FindInt64((int)At.FirstSeq),
            Sealed = row.GetBytes((int)At.Sealed),
        };

    // The columns, in the order in which they are read.
    private enum At
    {
        Seq,
        Kind,
        IsTest,
        ReceivedAtMs,
        BodyHash,
        Contract,
        SignedForm,
        SecretId,
        Address,
        Flags,
        RejectedWith,
        FirstSeq,
        Sealed,
    }
}

/// <summary>What takes the place of a log entry.</summary>
/// <param name="Record">The entry as it was read.</param>
/// <param name="Kind">What it becomes.</param>
/// <param name="Content">Its content, sealed.</param>
internal readonly record struct LogReplacement(LogRecord Record, LogEntryKind Kind, byte[] Content);
