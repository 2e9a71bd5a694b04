using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EsimFly.Dashboard.Storage.Moving;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>Prepares the stores, when the read model starts or a command is run.</summary>
internal static class StorageStart
{
    private const string LastSeq = """SELECT MAX("Seq") FROM "Log" """;

    private const string LastAtMs = """SELECT MAX("ReceivedAtMs") FROM "Log" """;

    /// <summary>
    /// Takes the stores for this process, migrates the event log, loads the keys, and sees whether the read model can be used. Where
    /// several instances use them, others that start wait until <see cref="EndPreparation"/>.
    /// </summary>
    /// <exception cref="StorageSetupException">The storage cannot be used; the message says what to do.</exception>
    /// <exception cref="StorageAwayException">The database did not answer for a minute.</exception>
    public static async Task PrepareStorageAsync(this IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILogger<StorageOptions>>();
        using var stop = new CancellationTokenSource();
        using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop); // the host does not run yet
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await ExplainAsync(
            async () =>
            {
                await services.GetRequiredService<LogDatabase>().WaitUntilThereAsync(logger, stop.Token);
                services.GetRequiredService<StorageLock>().Take();
                services.PrepareLog();
                await services.BeginEpochAsync();
                services.GetRequiredService<Sealer>(); // reads the keys, and makes the first
            },
            ""
        );

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>All that one instance has to make for all of them is made: another may start.</summary>
    public static void EndPreparation(this IServiceProvider services) => services.GetRequiredService<StorageLock>().Prepared();

    /// <summary>
    /// The same for a command that writes a row or two: while the desk runs, it works beside it, on the schema that is there.
    /// </summary>
    /// <exception cref="StorageSetupException">The storage cannot be used; the message says what to do.</exception>
    public static void PrepareStorageForCommand(this IServiceProvider services) =>
        Explain(
            () =>
            {
                var log = services.GetRequiredService<LogDatabase>();
                if (!log.Exists)
                {
                    throw new StorageSetupException($"There is no desk in {log.Place}. Name its folder with --Storage:Directory=….");
                }

                if (!log.IsShared && services.GetRequiredService<StorageLock>().TryTake())
                {
                    services.PrepareLog();
                }
                else if (log.IsBehind)
                {
                    throw new StorageSetupException(
                        "The desk that runs here is of an earlier version than this command. Use the command of that version, or stop "
                            + "the desk."
                    );
                }

                services.GetRequiredService<Sealer>(); // reads the keys
            },
            " Run the command as the user that the desk runs as."
        );

    private static void Explain(Action work, string advice) =>
        ExplainAsync(
                () =>
                {
                    work();
                    return Task.CompletedTask;
                },
                advice
            )
            .GetAwaiter()
            .GetResult();

    /// <summary>Does a part of the start. What the storage is to blame for is thrown as a sentence.</summary>
    /// <exception cref="StorageSetupException">The storage cannot be used.</exception>
    /// <exception cref="StorageAwayException">The database does not answer.</exception>
    public static async Task ExplainAsync(Func<Task> work, string advice = "")
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (Postgres.PostgresServer.IsAway(fault))
        {
            throw new StorageAwayException($"The database went away during the start: {fault.GetBaseException().Message}", fault);
        }
        catch (Exception fault)
            when (fault
                    is UnauthorizedAccessException
                        or IOException
                        or DbException
                        or CryptographicException
                        or StorageUnavailableException
            )
        {
            throw new StorageSetupException(
                $"The data that Storage names cannot be used: {fault.GetBaseException().Message}{advice}",
                fault
            );
        }
    }

    private static void PrepareLog(this IServiceProvider services)
    {
        var log = services.GetRequiredService<LogDatabase>();
        var paths = services.GetRequiredService<StoragePaths>();
        var isNew = !log.Exists;
        if (isNew && Directory.EnumerateFiles(paths.Keys, "key-*.xml").Any())
        {
            throw new StorageSetupException(
                $"{paths.Keys} has keys, but the database that belongs to them is not at {log.Place}. Is its disk mounted, and is "
                    + "Storage:Directory the right folder? To begin with an empty database, move the folder of keys away."
                    + (log.IsShared ? " To take the data of the files in this folder along, use the command move --to Postgres." : "")
            );
        }

        if (log.IsEmptied && Directory.EnumerateFiles(paths.Keys, "key-*.xml").Any())
        {
            throw new StorageSetupException(
                $"{log.Place} is empty (0 bytes): what was in it is gone. Restore a backup, or delete the file to begin with an empty "
                    + "database."
            );
        }

        log.Migrate();
        if (isNew)
        {
            FolderSync.Flush(paths.Root); // before any key: keys without a database are taken for a lost one
            services.GetRequiredService<ReadModelState>().IsNewStore = true;
        }
    }

    // Every start is a run of its own. A read model that cannot be used is replaced by an empty one, which the projection then fills.
    private static async Task BeginEpochAsync(this IServiceProvider services)
    {
        var (state, readModel) = (services.GetRequiredService<ReadModelState>(), services.GetRequiredService<ReadModelDatabase>());

        // The position before the log's end: what another instance appends and projects between the two makes only the end greater.
        var existed = readModel.Exists;
        var mark = readModel.Inspect();
        var (before, head) = await services
            .GetRequiredService<LogWriter>()
            .WriteAsync(
                transaction =>
                {
                    MoveMark.RefuseUnfinished(transaction);
                    var known = LogEpochs.Setting.Read(transaction);
                    LogEpochs.Setting.Write(transaction, known.WithNew());
                    return (known, transaction.Scalar<long>(LastSeq));
                },
                CancellationToken.None
            );
        await using (var context = await services.GetRequiredService<IDbContextFactory<LogDbContext>>().CreateDbContextAsync())
        {
            state.Epoch = (await LogEpochs.Setting.ReadAsync(context, CancellationToken.None)).Current;
        }

        if (existed && mark is null && readModel.IsShared)
        {
            // Another instance rebuilds it, or is about to.
            state.Building = new ReadModelProgress("The read model is being rebuilt.", 0, head);
            return;
        }

        var reason =
            !existed ? "There is no read model yet."
            : mark is null ? "The read model is of another version, or damaged."
            : mark.Seq > head || !before.Names.Contains(mark.Epoch, StringComparer.Ordinal)
                ? "The log is not the one that the read model was built from."
            : null;
        if (reason is null)
        {
            // At once, not with the next delivery: the log remembers some hundred runs, and a read model may be started more often without
            // one.
            readModel.Follow(state.Epoch);
            state.Position = mark!.Seq;
            return;
        }

        if (readModel.HasProjector)
        {
            state.Position = mark?.Seq ?? 0; // what a running projector moves is its to rebuild
            return;
        }

        if (mark is not null && (mark.Seq > head || !before.Names.Contains(mark.Epoch, StringComparer.Ordinal)))
        {
            await services.NoteRestoreAsync(mark.Seq - head);
        }

        state.Building = head > 0 ? new ReadModelProgress(reason, 0, head) : null;
        readModel.Replace(state.Epoch, isWhole: state.Building is null, keepsMeasurements: true);
    }

    private static Task NoteRestoreAsync(this IServiceProvider services, long missing) =>
        services
            .GetRequiredService<LogWriter>()
            .WriteAsync(
                transaction =>
                    LogRestore.Setting.Write(
                        transaction,
                        new()
                        {
                            NoticedAtMs = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds(),
                            LastEntryAtMs = transaction.Scalar<long?>(LastAtMs),
                            MissingEntries = Math.Max(1, missing),
                        }
                    ),
                CancellationToken.None
            );
}
