using System.Text;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>
/// Takes an eSIM or an order out of both stores. In the log the body of each delivery about it is replaced by what may be kept of its
/// event; in the read model its rows go, and what else those deliveries are about is folded again. Names are remembered as keyed hashes
/// first, so that an erasure that is cut short goes on with the next start.
/// </summary>
internal sealed class Eraser(
    LogDatabase logDatabase,
    ReadModelDatabase readModelDatabase,
    LogWriter log,
    ReadModelWriter readModel,
    EntryReader reader,
    ErasedNames names,
    ErasedFile file,
    Sealer sealer,
    ReadModelState state,
    LogSignal signal,
    ChangeNotifier notifier,
    TimeProvider time
)
{
    private const int AtOnce = 100;

    private const int MostUnusable = 5000;

    private const string InsertName =
        """INSERT INTO "Erasures" ("Hash", "ErasedAtMs", "IsDone") VALUES (@p0, @p1, FALSE) ON CONFLICT ("Hash") DO NOTHING""";

    private const string AllNames = """SELECT "Hash", "IsDone" FROM "Erasures" """;

    private const string CountNames = """SELECT COUNT(*) FROM "Erasures" """;

    private const string Done = """UPDATE "Erasures" SET "IsDone" = TRUE WHERE NOT "IsDone" """;

    private const string EndAlerts = """DELETE FROM "Alerts" WHERE "Key" = @p0""";

    private static readonly TimeSpan FoldedWithin = TimeSpan.FromSeconds(30);

    /// <summary>At start: knows what was erased, from the database and the file beside it; each learns what the other has.</summary>
    /// <returns>Whether the stores have to be gone through: see <see cref="SweepAsync"/>.</returns>
    public async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        var beside = file.Read();
        var (known, isDue) = await log.WriteAsync(
            transaction =>
            {
                foreach (var (hash, atMs) in beside)
                {
                    transaction.Execute(InsertName, hash, atMs); // of a restored backup it may be news
                }

                var rows = transaction.Query(AllNames, static row => (Hash: row.GetBytes(0), IsDone: row.GetBoolean(1)));
                return (rows.ConvertAll(static row => row.Hash), rows.Exists(static row => !row.IsDone));
            },
            cancellationToken
        );
        var written = beside.Select(static line => Convert.ToHexString(line.Hash)).ToHashSet(StringComparer.Ordinal);
        if (known.FindAll(hash => !written.Contains(Convert.ToHexString(hash))) is { Count: > 0 } missing)
        {
            file.Append(missing, NowMs());
        }

        names.Add(known);
        return isDue;
    }

    /// <summary>Learns what other instances have erased.</summary>
    public async Task LearnAsync(CancellationToken cancellationToken)
    {
        if (await Task.Run(CountHashes, cancellationToken) != names.Count)
        {
            names.Add(await Task.Run(ReadHashes, cancellationToken));
        }
    }

    /// <summary>All that has the names of an order, or of one eSIM.</summary>
    /// <returns>Null where there is none.</returns>
    public async Task<ErasureSubject?> FindAsync(bool isTest, string? orderKey, string? iccid, CancellationToken cancellationToken)
    {
        using var snapshot = readModelDatabase.OpenSnapshot();
        var context = snapshot.Context;
        if (orderKey is null)
        {
            return await context.Esims.AnyAsync(row => row.IsTest == isTest && row.Iccid == iccid, cancellationToken)
                ? new(isTest, [iccid!], [], [], [])
                : null;
        }

        var events = await context
            .Events.Where(row => row.IsTest == isTest && row.OrderKey == orderKey)
            .Select(row => new { row.OrderId, row.OrderReference })
            .Distinct()
            .ToListAsync(cancellationToken);
        var iccids = await context
            .Esims.Where(row => row.IsTest == isTest && row.OrderKey == orderKey)
            .Select(row => row.Iccid)
            .ToListAsync(cancellationToken);
        var own = new List<string>();
        foreach (var reference in events.Select(row => row.OrderReference).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var keys = await context
                .Events.Where(row => row.IsTest == isTest && row.OrderReference == reference && row.OrderKey != orderKey)
                .AnyAsync(cancellationToken);
            if (!keys)
            {
                own.Add(reference);
            }
        }

        return events.Count == 0
            ? null
            : new(
                isTest,
                iccids,
                [orderKey],
                [.. events.Select(row => row.OrderId).OfType<string>().Distinct(StringComparer.Ordinal)],
                own
            );
    }

    /// <summary>The deliveries that are about it, those that could not be used and mention it included.</summary>
    public async Task<IReadOnlyList<long>> DeliveriesOfAsync(ErasureSubject subject, CancellationToken cancellationToken)
    {
        using var snapshot = readModelDatabase.OpenSnapshot();
        var context = snapshot.Context;
        var isTest = subject.IsTest;
        var about = await context
            .Events.Where(row => row.IsTest == isTest && subject.OrderKeys.Contains(row.OrderKey!))
            .Select(row => row.DeliverySeq)
            .Union(
                context.EventEsims.Where(row => row.IsTest == isTest && subject.Iccids.Contains(row.Iccid)).Select(row => row.DeliverySeq)
            )
            .ToListAsync(cancellationToken);
        var unusable = await context
            .Deliveries.Where(row => row.IsTest == isTest && row.State != DeliveryState.Processed)
            .OrderByDescending(row => row.Seq)
            .Select(row => row.Seq)
            .Take(MostUnusable)
            .ToListAsync(cancellationToken);
        using var tail = new LogTail(logDatabase);
        return [.. about.Concat(unusable.Where(seq => tail.Find(seq) is { } record && Mentions(reader.BodyOf(record), subject.Names)))];
    }

    /// <summary>Whether a body has one of the names in it, as a whole word: ORD-1 is not in ORD-12.</summary>
    public static bool Mentions(ReadOnlyMemory<byte> body, IEnumerable<string> names) =>
        names.Any(name => HasWord(body.Span, Encoding.UTF8.GetBytes(name)));

    private static bool HasWord(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name)
    {
        for (var from = 0; body[from..].IndexOf(name) is >= 0 and var found; from += found + 1)
        {
            var (start, end) = (from + found, from + found + name.Length);
            if ((start == 0 || !IsOfName(body[start - 1])) && (end == body.Length || !IsOfName(body[end])))
            {
                return true;
            }
        }

        return false;

        static bool IsOfName(byte letter) => char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'-' or (byte)'_';
    }

    /// <summary>Erases it.</summary>
    /// <param name="subject">What.</param>
    /// <param name="note">Notes it in the same transaction as the names.</param>
    /// <param name="cancellationToken">Ends it; it goes on with the next start.</param>
    public async Task EraseAsync(ErasureSubject subject, Action<WriteTransaction> note, CancellationToken cancellationToken)
    {
        List<byte[]> hashes =
        [
            .. subject.Iccids.Select(iccid => names.OfEsim(subject.IsTest, iccid)),
            .. subject.OrderIds.Select(id => names.OfOrderId(subject.IsTest, id)),
            .. subject.References.Select(reference => names.OfReference(subject.IsTest, reference)),
        ];
        await log.WriteAsync(
            transaction =>
            {
                hashes.ForEach(hash => transaction.Execute(InsertName, hash, NowMs()));
                note(transaction);
            },
            cancellationToken
        );
        file.Append(hashes, NowMs());
        names.Add(hashes);
        var isWhole = await UntilFoldedAsync(cancellationToken); // what was read before the names were known
        var before = int.MaxValue;
        while (await DeliveriesOfAsync(subject, cancellationToken) is { Count: > 0 } about)
        {
            if (about.Count >= before)
            {
                isWhole = false; // some cannot be replaced: the next start tries again
                break;
            }

            before = about.Count;
            foreach (var some in about.Chunk(AtOnce))
            {
                await ReplaceAsync(some, record => reader.Erase(record, isForced: true), isErased: true, cancellationToken);
            }
        }

        await EndAsync(subject, isWhole, cancellationToken);
    }

    /// <summary>Goes through the whole log for what was erased: after a restore, or where an erasure was cut short.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var isWhole = await UntilFoldedAsync(cancellationToken);
        using var tail = new LogTail(logDatabase);
        var (from, upTo) = (0L, state.Position);
        while (tail.Read(from, upTo, AtOnce) is { Count: > 0 } records)
        {
            await ReplaceAsync(
                [.. records.Select(record => record.Seq)],
                record => reader.Erase(record, isForced: false),
                isErased: true,
                cancellationToken
            );
            from = records[^1].Seq;
        }

        await EndAsync(subject: null, isWhole, cancellationToken);
    }

    /// <summary>Replaces entries in the log alone: they were folded without what was erased, as a late retry is.</summary>
    public Task CleanAsync(IEnumerable<LogRecord> records, CancellationToken cancellationToken) =>
        WriteAsync(Replacements(records, record => reader.Erase(record, isForced: false)), cancellationToken);

    /// <summary>Replaces deliveries in the log, and what they reported in the desk.</summary>
    /// <param name="seqs">Which.</param>
    /// <param name="replace">What stays of an entry; null where it stays as it is.</param>
    /// <param name="isErased">Whether the read model marks them as erased.</param>
    /// <param name="cancellationToken">Ends it between the two stores; the next start, or the next run, goes on.</param>
    /// <returns>How many entries were replaced.</returns>
    public async Task<int> ReplaceAsync(
        IReadOnlyCollection<long> seqs,
        Func<LogRecord, KeptEvent?> replace,
        bool isErased,
        CancellationToken cancellationToken
    )
    {
        List<(LogRecord Record, KeptEvent Kept)> replaced;
        do
        {
            using var tail = new LogTail(logDatabase);
            using var snapshot = readModelDatabase.OpenSnapshot();
            var repeats = snapshot.Context.Arrivals.Where(row => seqs.Contains(row.DeliverySeq)).Select(row => row.Id).ToList();
            replaced = Replacements(seqs.Union(repeats).Select(tail.Find).OfType<LogRecord>(), replace);
        } while (!await WriteAsync(replaced, cancellationToken)); // retention was at one of them, too

        if (replaced.Count == 0)
        {
            return 0;
        }

        var nowMs = NowMs();
        await readModel.WriteAsync(
            transaction =>
            {
                var projector = new Projector(transaction, new MeasuredNow(nowMs, new Dictionary<long, Answer>()));
                foreach (var (record, kept) in replaced)
                {
                    projector.Replace(record, kept.Event, isErased);
                }

                projector.Finish();
            },
            cancellationToken
        );
        return replaced.Count;
    }

    private static List<(LogRecord Record, KeptEvent Kept)> Replacements(
        IEnumerable<LogRecord> records,
        Func<LogRecord, KeptEvent?> replace
    ) =>
        [
            .. records
                .Select(record => (Record: record, Kept: replace(record)))
                .Where(static item => item.Kept is not null)
                .Select(static item => (item.Record, item.Kept!)),
        ];

    // Whether all of them were as they had been read.
    private Task<bool> WriteAsync(List<(LogRecord Record, KeptEvent Kept)> replaced, CancellationToken cancellationToken) =>
        log.WriteAsync(
            transaction =>
            {
                return LogRecord.Replace(
                    transaction,
                    replaced.ConvertAll(item => new LogReplacement(
                        item.Record,
                        LogEntryKind.Event,
                        sealer.Seal(item.Kept.Pack(), SealPurpose.LogEvent, item.Record.BodyHash)
                    ))
                );
            },
            cancellationToken
        );

    // What is not in the log's entries; of everything that was ever erased, where no subject is given.
    private async Task EndAsync(ErasureSubject? subject, bool isWhole, CancellationToken cancellationToken)
    {
        await log.WriteAsync(
            transaction =>
            {
                foreach (var name in subject?.Names ?? [])
                {
                    transaction.Execute(EndAlerts, name);
                }

                if (subject is not null)
                {
                    ErasedCases.Remove(transaction, subject);
                }
                else
                {
                    ErasedCases.Sweep(transaction, names);
                }

                if (isWhole)
                {
                    transaction.Execute(Done);
                }
            },
            cancellationToken
        );
        await log.EmptyJournalAsync(cancellationToken);
        await readModel.EmptyJournalAsync(cancellationToken);
        notifier.PublishEverything();
    }

    private async Task<bool> UntilFoldedAsync(CancellationToken cancellationToken)
    {
        var head = logDatabase.IsShared ? ReadHead() : signal.AppendedTo;
        var started = time.GetTimestamp();
        while (!IsFolded() && time.GetElapsedTime(started) < FoldedWithin)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }

        return IsFolded(); // else what was read before may be folded yet: the next start looks again

        bool IsFolded() =>
            state.Building is null && (readModelDatabase.IsShared ? readModelDatabase.Inspect()?.Seq ?? 0 : state.Position) >= head;
    }

    private long ReadHead()
    {
        using var tail = new LogTail(logDatabase);
        return tail.Head;
    }

    private long CountHashes()
    {
        using var statements = logDatabase.Open();
        return statements.Scalar<long>(CountNames);
    }

    private List<byte[]> ReadHashes()
    {
        using var statements = logDatabase.Open();
        return statements.Query(AllNames, static row => row.GetBytes(0));
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
