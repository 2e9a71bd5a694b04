using System.Buffers;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage;

/// <summary>Reads the log: entries one by one for people, and what lies beyond the read model's position.</summary>
internal sealed class LogEntries(LogDatabase database, Sealer sealer)
{
    private static readonly string One = $"""SELECT {LogRecord.Columns} FROM "Log" WHERE "Seq" = @p0""";

    private static readonly string Latest = $"""SELECT {LogRecord.Columns} FROM "Log" WHERE "Seq" > @p0 ORDER BY "Seq" DESC LIMIT @p1""";

    private const string Oldest = """SELECT "ReceivedAtMs" FROM "Log" WHERE "Seq" > @p0 ORDER BY "Seq" LIMIT 1""";

    private const string CountAfter = """SELECT COUNT(*) FROM (SELECT 1 FROM "Log" WHERE "Seq" > @p0 LIMIT @p1) AS waiting""";

    private const string Head = """SELECT MAX("Seq") FROM "Log" """;

    /// <summary>The number of the last entry; 0 for none.</summary>
    public Task<long> HeadAsync(CancellationToken cancellationToken) => ReadAsync(static log => log.Scalar<long>(Head), cancellationToken);

    /// <summary>One entry; null where there is none of that number.</summary>
    public async Task<OpenedEntry?> FindAsync(long seq, CancellationToken cancellationToken) =>
        await ReadAsync(log => log.Query(One, LogRecord.Read, seq), cancellationToken) is [var record] ? OpenOrDamaged(record) : null;

    /// <summary>Several entries, by number; those that are gone are left out.</summary>
    public Task<Dictionary<long, OpenedEntry>> FindAsync(IReadOnlyCollection<long> seqs, CancellationToken cancellationToken) =>
        ReadAsync(
            log =>
                seqs.SelectMany(seq => log.Query(One, LogRecord.Read, seq)).Select(OpenOrDamaged).ToDictionary(entry => entry.Record.Seq),
            cancellationToken
        );

    /// <summary>
    /// The bodies of several deliveries with every code masked, by number; those that are not kept or not JSON are left out.
    /// </summary>
    /// <param name="seqs">The deliveries.</param>
    /// <param name="isForViewer">Whether identities of device and subscriber are shortened.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Dictionary<long, string>> SafeBodiesAsync(
        IReadOnlyCollection<long> seqs,
        bool isForViewer,
        CancellationToken cancellationToken
    ) =>
        (await FindAsync(seqs, cancellationToken))
            .Values.Select(entry => (entry.Record.Seq, Body: entry.SafeBody(isForViewer)))
            .Where(entry => entry.Body is not null)
            .ToDictionary(entry => entry.Seq, entry => entry.Body!);

    /// <summary>The latest entries beyond a position, latest first.</summary>
    public Task<List<OpenedEntry>> LatestAfterAsync(long position, int most, CancellationToken cancellationToken) =>
        ReadAsync(log => log.Query(Latest, LogRecord.Read, position, most).ConvertAll(OpenOrDamaged), cancellationToken);

    /// <summary>
    /// How many entries lie beyond a position, at most <paramref name="most"/>, and when the oldest of them came (Unix milliseconds).
    /// </summary>
    public Task<(int Count, long? OldestAtMs)> WaitingAsync(long position, int most, CancellationToken cancellationToken) =>
        ReadAsync(
            log =>
                (
                    (int)log.Scalar<long>(CountAfter, position, most),
                    log.Query(Oldest, static row => (long?)row.GetInt64(0), position).FirstOrDefault()
                ),
            cancellationToken
        );

    /// <summary>Opens the seal of an entry.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">It was changed, or its key is not here.</exception>
    public OpenedEntry Open(LogRecord record) =>
        record.Kind switch
        {
            LogEntryKind.Event => new(
                record,
                default,
                KeptEvent.Unpack(sealer.Open(record.Sealed, SealPurpose.LogEvent, record.BodyHash)).WithKeys()
            ),
            LogEntryKind.Removed => new(record, default, Kept: null),
            _ => new(record, new LogContent(sealer.Open(record.Sealed, SealPurpose.LogEntry, record.BodyHash)), Kept: null),
        };

    // People see that there is an entry, and that it cannot be opened.
    private OpenedEntry OpenOrDamaged(LogRecord record)
    {
        try
        {
            return Open(record);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return new(record, default, Kept: null) { IsUnreadable = true };
        }
    }

    private Task<T> ReadAsync<T>(Func<Statements, T> read, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                using var statements = database.Open();
                return read(statements);
            },
            cancellationToken
        );
}

/// <summary>An entry of the log, its seal opened.</summary>
/// <param name="Record">The entry.</param>
/// <param name="Content">Headers and body; empty where the entry has none.</param>
/// <param name="Kept">The event that stands in place of the body; null where the body is kept.</param>
internal sealed record OpenedEntry(LogRecord Record, LogContent Content, KeptEvent? Kept)
{
    /// <summary>Whether its seal could not be opened: it was changed, or its key is gone.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Whether there is a body.</summary>
    public bool HasBody => Record.Kind == LogEntryKind.Delivery && !IsUnreadable;

    /// <summary>Whether it was answered by eSIMfly's API, and is no delivery.</summary>
    public bool IsObservation => Record.Kind == LogEntryKind.Observation || Kept?.IsObservation == true;

    /// <summary>The id that its headers gave.</summary>
    public string? DeliveryId =>
        Kept is not null ? Kept.DeliveryId
        : Record.Kind == LogEntryKind.Removed || IsUnreadable ? null
        : DeliveryIds.Limit(HeaderJson.Find(Content.Headers.Span, WebhookHeaders.DeliveryId(Record.Contract)));

    /// <summary>
    /// The JSON that was signed, without a byte order mark (RFC 8259, 8.1); null where there is no body, or it has no such form.
    /// </summary>
    public ReadOnlyMemory<byte>? Payload()
    {
        if (IsUnreadable)
        {
            return null;
        }

        if (Record.Kind == LogEntryKind.Observation)
        {
            return Content.Body;
        }

        if (!HasBody)
        {
            return null;
        }

        if (Record.SignedForm == SignedForm.RawBody)
        {
            return SignedBytes.WithoutByteOrderMark(Content.Body);
        }

        var signed = new ArrayBufferWriter<byte>(Math.Max(Content.Body.Length, 16));
        return SignedBytes.TryWrite(Record.SignedForm, Content.Body.Span, signed) ? signed.WrittenMemory : null;
    }

    /// <summary>The signed bytes with every code masked; null where they are not kept or not JSON.</summary>
    /// <param name="isForViewer">Whether identities of device and subscriber are shortened.</param>
    public string? SafeBody(bool isForViewer = false) =>
        Payload() is not { } signed ? null
        : isForViewer ? CodeMask.MaskBodyForViewers(signed.Span)
        : CodeMask.MaskBody(signed.Span);

    /// <summary>The signed bytes as they are; null where they are not kept or not JSON. To be shown only once that is recorded.</summary>
    public string? OpenBody() =>
        Payload() is { } signed && ScannedBody.Of(signed.Span).IsJson ? Encoding.UTF8.GetString(signed.Span) : null;

    /// <summary>The activation codes that the delivery gave for an eSIM; null where it gave none, or they are no longer kept.</summary>
    public EsimCodes? CodesOf(string iccid) =>
        Kept is not null ? Kept.Event?.Esims.FirstOrDefault(esim => string.Equals(esim.Iccid, iccid, StringComparison.Ordinal))?.Codes
        : IsUnreadable ? null
        : Record.Kind == LogEntryKind.Observation ? EsimCodes.OfObserved(Content.Body)
        : Payload() is { } signed ? EsimCodes.Find(signed.Span, iccid)
        : null;

    /// <summary>The headers as a JSON object with every code masked; an empty object where they are not kept.</summary>
    public string SafeHeaders() =>
        !IsUnreadable && (HasBody || Record.Kind == LogEntryKind.Repeat) ? HeaderJson.Mask(Content.Headers.Span) : "{}";

    /// <inheritdoc/>
    public override string ToString() => nameof(OpenedEntry); // a record would print its members
}
