using System.Data.Common;
using System.Security.Cryptography;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Upgrade;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>Registers the storage and prepares it at start.</summary>
internal static class StorageRoom
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<StoragePaths>();
        services.AddSingleton<StorageLock>();
        services.AddSingleton<StorageSpace>();
        services.AddSingleton<StorageHealth>();
        services.AddSingleton<DeskHealth>();
        services.AddSingleton<LogDatabase>();
        services.AddSingleton<DeskDatabase>();
        services.AddSingleton<LogWriter>();
        services.AddSingleton<DeskWriter>();
        services.AddSingleton<DeskState>();
        services.AddSingleton<LogEntries>();
        services.AddSingleton<LogSignal>();
        services.AddSingleton<Answers>();
        services.AddSingleton<WaitingDeliveries>();
        services.AddSingleton<LegacyTransfer>();
        services.AddHostedService<LogCheckpointer>();
        services.AddHostedService<DeskCheckpointer>();
        services.AddSingleton<Backups>();
        services.AddDbContextFactory<LogDbContext>((provider, options) => provider.GetRequiredService<LogDatabase>().Configure(options));
        services.AddDbContextFactory<DeskDbContext>((provider, options) => provider.GetRequiredService<DeskDatabase>().Configure(options));

        services.AddDataProtection().SetApplicationName("EsimFly.Dashboard");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new SyncedKeyFiles(
                new DirectoryInfo(provider.GetRequiredService<StoragePaths>().Keys),
                provider.GetRequiredService<ILoggerFactory>()
            )
        ));
        services.AddSingleton<DataKeys>();
        services.AddSingleton(provider => provider.GetRequiredService<DataKeys>().Load());
        services.AddHostedService<StorageMeters>();
        services.AddSingleton<StorageHealthCheck>();
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage", tags: ["ready"]);
        return services;
    }

    /// <summary>
    /// Takes the folder for this process, migrates the log store, loads the keys, and sees whether the desk can be used.
    /// </summary>
    /// <exception cref="StorageSetupException">The storage cannot be used; the message says what to do.</exception>
    public static void PrepareStorage(this IServiceProvider services) =>
        services.Prepare(static folder => folder.Take(), static all => all.BeginEpochAsync().GetAwaiter().GetResult());

    /// <summary>
    /// The same for a command that writes a row or two: while the desk runs, it works beside it, on the schema that is there.
    /// </summary>
    /// <exception cref="StorageSetupException">The storage cannot be used; the message says what to do.</exception>
    public static void PrepareStorageForCommand(this IServiceProvider services)
    {
        try
        {
            var paths = services.GetRequiredService<StoragePaths>();
            if (!File.Exists(paths.Log))
            {
                throw new StorageSetupException($"There is no desk in {paths.Root}. Name its folder with --Storage:Directory=….");
            }

            using var context = services.GetRequiredService<IDbContextFactory<LogDbContext>>().CreateDbContext();
            if (services.GetRequiredService<StorageLock>().TryTake())
            {
                services.Prepare(static _ => { }, static _ => { });
            }
            else if (context.Database.GetPendingMigrations().Any())
            {
                throw new StorageSetupException(
                    "The desk that runs here is of an earlier version than this command. Use the command of that version, or stop the desk."
                );
            }

            services.GetRequiredService<Sealer>(); // reads the keys
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException or DbException or CryptographicException)
        {
            throw new StorageSetupException(
                $"The data in Storage:Directory cannot be used: {fault.Message} Run the command as the user that the desk runs as.",
                fault
            );
        }
    }

    // Every start is a run of its own. A desk that cannot be used is replaced by an empty one, which the projection then works out.
    private static async Task BeginEpochAsync(this IServiceProvider services)
    {
        var (state, desk) = (services.GetRequiredService<DeskState>(), services.GetRequiredService<DeskDatabase>());
        var (before, isLegacy, head) = await services
            .GetRequiredService<LogWriter>()
            .WriteAsync(
                static transaction =>
                {
                    var known = LogEpochs.Setting.Read(transaction);
                    LogEpochs.Setting.Write(transaction, known.WithNew());
                    return (known, LegacyTransfer.Prepare(transaction), transaction.Scalar<long>("""SELECT MAX("Seq") FROM "Log" """));
                },
                CancellationToken.None
            )
            .ConfigureAwait(false);
        await using (
            var context = await services.GetRequiredService<IDbContextFactory<LogDbContext>>().CreateDbContextAsync().ConfigureAwait(false)
        )
        {
            state.Epoch = (await LogEpochs.Setting.ReadAsync(context, CancellationToken.None).ConfigureAwait(false)).Current;
        }

        var existed = desk.Exists;
        var mark = desk.Inspect();
        var reason =
            isLegacy ? "The store of an earlier version is brought over."
            : !existed ? "There is no desk yet."
            : mark is null ? "The desk is of another version, or damaged."
            : mark.Seq > head || !before.Names.Contains(mark.Epoch, StringComparer.Ordinal)
                ? "The log is not the one that the desk was worked out from."
            : null;
        if (reason is null)
        {
            // At once, not with the next delivery: the log remembers some hundred runs, and a desk may be started more often without one.
            desk.Follow(state.Epoch);
            state.Position = mark!.Seq;
            return;
        }

        if (mark is not null && (mark.Seq > head || !before.Names.Contains(mark.Epoch, StringComparer.Ordinal)) && !isLegacy)
        {
            await services.NoteRestoreAsync(mark.Seq - head).ConfigureAwait(false);
        }

        state.Building = isLegacy || head > 0 ? new DeskProgress(reason, 0, head) : null;
        desk.Replace(state.Epoch, isWhole: state.Building is null, keepsMeasurements: !isLegacy);
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
                            LastEntryAtMs = transaction.Scalar<long?>("""SELECT MAX("ReceivedAtMs") FROM "Log" """),
                            MissingEntries = Math.Max(1, missing),
                        }
                    ),
                CancellationToken.None
            );

    private static void Prepare(this IServiceProvider services, Action<StorageLock> take, Action<IServiceProvider> begin)
    {
        try
        {
            take(services.GetRequiredService<StorageLock>());
            var paths = services.GetRequiredService<StoragePaths>();
            var isNew = !File.Exists(paths.Log);
            if (isNew && Directory.EnumerateFiles(paths.Keys, "key-*.xml").Any())
            {
                throw new StorageSetupException(
                    $"{paths.Keys} has keys, but the database that belongs to them is not at {paths.Log}. Is its disk mounted, and is "
                        + "Storage:Directory the right folder? To begin with an empty database, move the folder of keys away."
                );
            }

            using (var context = services.GetRequiredService<IDbContextFactory<LogDbContext>>().CreateDbContext())
            {
                LogDatabase.Migrate(context);
            }

            if (isNew)
            {
                FolderSync.Flush(paths.Root); // before any key: keys without a database are taken for a lost one
                services.GetRequiredService<DeskState>().IsNewStore = true;
            }

            begin(services);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException or DbException or CryptographicException)
        {
            throw new StorageSetupException($"The data in Storage:Directory cannot be used: {fault.Message}", fault);
        }
    }
}
