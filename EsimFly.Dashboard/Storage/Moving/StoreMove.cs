using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>
/// Copies the event log of an installation into another database, and compares the two. The source is read in one unchanging view and
/// stays as it is. A move that was interrupted is gone on with: each table is copied in the order of its key, and so begins again after
/// the greatest key that the target has.
/// </summary>
/// <param name="from">The source.</param>
/// <param name="to">The target.</param>
/// <param name="progress">Hears how far it is, on the thread that copies.</param>
internal sealed class StoreMove(MoveEnd from, MoveEnd to, IProgress<MoveProgress> progress)
{
    // EF Core's own, and what a target may have rows in before anything is copied.
    private static readonly string[] NotLookedAt = ["__EFMigrationsHistory", "__EFMigrationsLock", MovedTable.Settings];

    private const string ReadMigrations = """SELECT "MigrationId" FROM "__EFMigrationsHistory" """;

    private const string LastEntry = """SELECT "Seq", "BodyHash" FROM "Log" ORDER BY "Seq" DESC LIMIT 1""";

    private const string HasEntry = """SELECT COUNT(*) FROM "Log" WHERE "Seq" = @p0 AND "BodyHash" = @p1""";

    private const string CountKeys = """SELECT COUNT(*) FROM "DataProtectionKeys" """;

    /// <summary>How many rows are copied in one transaction.</summary>
    public int AtOnce { get; init; } = 4000;

    /// <summary>Moves.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; run again, it goes on.</exception>
    /// <exception cref="StorageSetupException">One of the two cannot be used.</exception>
    public async Task<MoveResult> RunAsync(CancellationToken stop)
    {
        if ((from.Take() ?? to.Take() ?? ProblemOfPlace()) is { } taken)
        {
            return MoveResult.Refused(taken);
        }

        using var source = from.Log.OpenSnapshot();
        if (await ProblemOfSourceAsync(source) is { } problem)
        {
            return MoveResult.Refused(problem);
        }

        var epochs = await LogEpochs.Setting.ReadAsync(source.Context, stop);
        var mark = new MoveMark { From = from.Log.Place, Epoch = epochs.Current };
        if (await ProblemOfTargetAsync(source, mark) is { } full)
        {
            return MoveResult.Refused(full);
        }

        to.Prepare();
        using var target = new WriteTransaction(to.Log.OpenForWriting());
        Write(target, transaction => MoveMark.Setting.Write(transaction, mark));
        await Task.Run(() => CopyAll(source, target, stop), CancellationToken.None);
        var tables = await CompareAsync(source, stop);
        if (from.FindUser() is { } user)
        {
            return MoveResult.Refused(user); // it came while this was under way, and may have written
        }

        if (tables.All(static table => table.IsSame))
        {
            Write(target, transaction => MoveMark.Setting.Write(transaction, mark with { IsDone = true }));
        }

        target.Maintain(to.Log.EmptyJournal);
        return new MoveResult { Tables = tables };
    }

    private static void Write(WriteTransaction target, Action<WriteTransaction> work) =>
        target.Run(transaction =>
        {
            work(transaction);
            return true;
        });

    private string? ProblemOfPlace() =>
        !from.Log.Exists ? $"There is no store to move in {from.Log.Place}."
        : to.ReadModel is { } readModel && !to.Log.Exists ? $"There is a read model already: {readModel}. {to.HowToEmpty}"
        : null;

    private async Task<string?> ProblemOfSourceAsync(ReadSnapshot<LogDbContext> source)
    {
        if (from.Log.IsBehind)
        {
            return $"{from.Log.Place} has the schema of an earlier version. Start the desk once, so that it is brought up to date.";
        }

        var known = from.KnownMigrations;
        if (source.Query(ReadMigrations, static row => row.GetString(0)).Exists(name => !known.Contains(name)))
        {
            return $"{from.Log.Place} was written by a later version of this program. Use the command of that version.";
        }

        if (to is SqliteEnd && source.Scalar<long>(CountKeys) > 0)
        {
            return "The keys of this installation are in the database (Storage:KeyCertificate), where files cannot have them.";
        }

        return await MoveMark.Setting.ReadAsync(source.Context, CancellationToken.None) is { IsThere: true, IsDone: false } mark
            ? $"{from.Log.Place} is itself the target of a move from {mark.From} that is not done."
            : null;
    }

    // Nothing in the target is looked at as if it had come from the source unless its mark says so.
    private async Task<string?> ProblemOfTargetAsync(Statements source, MoveMark expected)
    {
        if (!to.Log.Exists)
        {
            return null;
        }

        using var target = to.Log.OpenSnapshot();
        var tables = to.Tables(target);
        var found = tables.Contains(MovedTable.Settings, StringComparer.Ordinal)
            ? await MoveMark.Setting.ReadAsync(target.Context, CancellationToken.None)
            : new MoveMark();
        if (!found.IsThere)
        {
            return tables.Except(NotLookedAt, StringComparer.Ordinal).FirstOrDefault(table => HasRows(target, table)) is { } full
                    ? $"{to.Log.Place} holds a store already: there are rows in {full} that did not come from {from.Log.Place}, "
                        + $"or are of an earlier state of it. {to.HowToEmpty}"
                : to.ReadModel is { } readModel ? $"There is a read model already: {readModel}. {to.HowToEmpty}"
                : null;
        }

        if (!string.Equals(found.Epoch, expected.Epoch, StringComparison.Ordinal))
        {
            return $"{to.Log.Place} was begun to be moved to from {found.From}, which is another store or has changed since: a desk has "
                + $"run on it. {to.HowToEmpty}";
        }

        if (to.Log.IsBehind)
        {
            return $"{to.Log.Place} has the schema of an earlier version. {to.HowToEmpty}";
        }

        var entry = target.Query(LastEntry, static row => (Seq: row.GetInt64(0), Hash: row.GetBytes(1)));
        var epochs = await LogEpochs.Setting.ReadAsync(target.Context, CancellationToken.None);
        return
            (entry is [var last] && source.Scalar<long>(HasEntry, last.Seq, last.Hash) == 0)
            || (found.IsDone && !string.Equals(epochs.Current, expected.Epoch, StringComparison.Ordinal))
            ? $"{to.Log.Place} was moved to before, and a desk has run on it since: it is not changed."
            : null;
    }

    private static bool HasRows(Statements store, string table) => store.Scalar<long>($"SELECT COUNT(*) FROM \"{table}\"") > 0;

    private void CopyAll(Statements source, WriteTransaction target, CancellationToken stop)
    {
        foreach (var table in MovedTable.All)
        {
            Copy(table, source, target, stop);
        }

        Write(
            target,
            transaction =>
            {
                foreach (var table in MovedTable.All.Where(static table => table.NumberedBy is not null))
                {
                    var greatest = table.LastKey(source) is [long id] ? id : 0;
                    var last = Math.Max(greatest, from.LastNumber(source, table));
                    if (last > 0)
                    {
                        to.NumberAfter(transaction, table, last);
                    }
                }
            }
        );
    }

    private void Copy(MovedTable table, Statements source, WriteTransaction target, CancellationToken stop)
    {
        var total = table.Count(source);
        var after = table.IsReplaced ? null : table.LastKey(target);
        var done = after is null ? 0 : table.Count(target);
        while (true)
        {
            progress.Report(new(table.Name, done, total));
            stop.ThrowIfCancellationRequested();
            var rows = table.ReadAfter(source, after, AtOnce);
            if (rows.Count == 0)
            {
                return;
            }

            Write(target, transaction => transaction.Insert(table.Insert, rows));
            after = table.KeyOf(rows[^1]);
            done += rows.Count;
        }
    }

    private async Task<IReadOnlyList<TableCheck>> CompareAsync(Statements source, CancellationToken stop)
    {
        using var target = to.Log.OpenSnapshot();
        var checks = new List<TableCheck>();
        foreach (var table in MovedTable.All)
        {
            var sides = await Task.WhenAll(
                Task.Run(() => Digest(table, source, stop), CancellationToken.None),
                Task.Run(() => Digest(table, target, stop), CancellationToken.None)
            );
            checks.Add(new(table.Name, sides[0], sides[1]));
        }

        return checks;
    }

    private TableDigest Digest(MovedTable table, Statements store, CancellationToken stop)
    {
        using var digest = new RowDigest();
        object?[]? after = null;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var rows = table.ReadAfter(store, after, AtOnce);
            if (rows.Count == 0)
            {
                return digest.Result;
            }

            rows.ForEach(row => digest.Add(table.Columns, row));
            after = table.KeyOf(rows[^1]);
        }
    }
}

/// <summary>How far a move is.</summary>
/// <param name="Table">The table that is copied.</param>
/// <param name="Done">How many of its rows are in the target.</param>
/// <param name="Total">How many there are.</param>
internal readonly record struct MoveProgress(string Table, long Done, long Total);

/// <summary>The digests of a table on both sides.</summary>
/// <param name="Table">The table.</param>
/// <param name="Source">In the source.</param>
/// <param name="Target">In the target.</param>
internal sealed record TableCheck(string Table, TableDigest Source, TableDigest Target)
{
    /// <summary>Whether both have the same rows.</summary>
    public bool IsSame => Source == Target;
}

/// <summary>What a move came to.</summary>
internal sealed record MoveResult
{
    /// <summary>Why it was not made, as a sentence; null where it was.</summary>
    public string? Refusal { get; private init; }

    /// <summary>The tables as they are on both sides.</summary>
    public IReadOnlyList<TableCheck> Tables { get; init; } = [];

    /// <summary>The tables that differ.</summary>
    public IEnumerable<string> Different => Tables.Where(static table => !table.IsSame).Select(static table => table.Table);

    /// <summary>It was not made.</summary>
    public static MoveResult Refused(string why) => new() { Refusal = why };
}
