using System.Data.Common;
using System.Security.Cryptography;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>Registers the storage and prepares it at start.</summary>
internal static class StorageRoom
{
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StoragePaths>();
        services.AddSingleton<StorageLock>();
        services.AddSingleton<StorageSpace>();
        services.AddSingleton<StorageHealth>();
        services.AddSingleton<SqliteStore>();
        services.AddSingleton<StorageWriter>();
        services.AddHostedService<Checkpointer>();
        services.AddSingleton<Backups>();
        services.AddSingleton<RetentionWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<RetentionWorker>());
        services.AddDbContextFactory<DashboardDbContext>((provider, options) => provider.GetRequiredService<SqliteStore>().Configure(options));

        services.AddDataProtection().SetApplicationName("EsimFly.Dashboard");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new FileSystemXmlRepository(
                new DirectoryInfo(provider.GetRequiredService<StoragePaths>().Keys), provider.GetRequiredService<ILoggerFactory>())));
        services.AddSingleton<DataKeys>();
        services.AddSingleton(provider => provider.GetRequiredService<DataKeys>().Load());
        services.AddSingleton<SigningSecretStore>();
        services.AddSingleton<ISigningSecrets>(provider => provider.GetRequiredService<SigningSecretStore>());

        services.AddSingleton<StorageHealthCheck>();
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage", tags: ["ready"]);
        return services;
    }

    /// <summary>Takes the folder for this process, migrates the database and loads the keys and secrets.</summary>
    /// <exception cref="StorageSetupException">The storage cannot be used; the message says what to do.</exception>
    public static void PrepareStorage(this IServiceProvider services) => services.Prepare(static folder => folder.Take());

    /// <summary>The same for a command that writes a row or two: while the desk runs, it works beside it, on the schema that is there.</summary>
    /// <exception cref="StorageSetupException">The storage cannot be used; the message says what to do.</exception>
    public static void PrepareStorageForCommand(this IServiceProvider services)
    {
        using var context = services.GetRequiredService<IDbContextFactory<DashboardDbContext>>().CreateDbContext();
        if (services.GetRequiredService<StorageLock>().TryTake())
        {
            services.Prepare(static _ => { });
        }
        else if (context.Database.GetPendingMigrations().Any())
        {
            throw new StorageSetupException("The desk that runs here is of an earlier version than this command. Use the command of that version, or stop the desk.");
        }
    }

    private static void Prepare(this IServiceProvider services, Action<StorageLock> take)
    {
        try
        {
            take(services.GetRequiredService<StorageLock>());
            using (var context = services.GetRequiredService<IDbContextFactory<DashboardDbContext>>().CreateDbContext())
            {
                SqliteStore.Migrate(context);
            }

            services.GetRequiredService<SigningSecretStore>().Load();
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException or DbException or CryptographicException)
        {
            throw new StorageSetupException($"The data in Storage:Directory cannot be used: {fault.Message}", fault);
        }
    }
}
