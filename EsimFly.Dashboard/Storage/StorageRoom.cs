using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EsimFly.Dashboard.Storage.Postgres;
using EsimFly.Dashboard.Storage.Sealing;
using EsimFly.Dashboard.Storage.Sqlite;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage;

/// <summary>Registers the storage and prepares it at start.</summary>
internal static class StorageRoom
{
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<StoragePaths>();
        services.AddSingleton<StorageSpace>();
        services.AddSingleton<StorageHealth>();
        services.AddSingleton<ReadModelHealth>();
        _ = IsPostgres(configuration) ? services.AddPostgres() : services.AddSqlite();
        services.AddSingleton<LogWriter>();
        services.AddSingleton<ReadModelWriter>();
        services.AddSingleton<ReadModelState>();
        services.AddSingleton<LogEntries>();
        services.AddSingleton<LogSignal>();
        services.AddSingleton<Answers>();
        services.AddSingleton<WaitingDeliveries>();
        services.AddSingleton<Backups>();
        services.AddDbContextFactory<LogDbContext>((provider, options) => provider.GetRequiredService<LogDatabase>().Configure(options));
        services.AddDbContextFactory<ReadModelDbContext>(
            (provider, options) => provider.GetRequiredService<ReadModelDatabase>().Configure(options)
        );

        services.AddKeys(configuration);
        services.AddSingleton<DataKeys>();
        services.AddSingleton(provider => provider.GetRequiredService<DataKeys>().Load());
        services.AddHostedService<StorageMeters>();
        services.AddSingleton<StorageHealthCheck>();
        services.AddHealthChecks().AddCheck<StorageHealthCheck>("storage", tags: ["ready"]);
        return services;
    }

    private static void AddKeys(this IServiceCollection services, IConfiguration configuration)
    {
        var protection = services.AddDataProtection().SetApplicationName("EsimFly.Dashboard");
        var set = configuration.GetSection(StorageOptions.Section);
        if (set[nameof(StorageOptions.KeyCertificate)] is { Length: > 0 } file)
        {
            protection
                .PersistKeysToDbContext<LogDbContext>()
                .ProtectKeysWithCertificate(ReadCertificate(file, set[nameof(StorageOptions.KeyCertificatePassword)]));
            return;
        }

        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new SyncedKeyFiles(
                new DirectoryInfo(provider.GetRequiredService<StoragePaths>().Keys),
                provider.GetRequiredService<ILoggerFactory>()
            )
        ));
    }

    private static X509Certificate2 ReadCertificate(string file, string? password)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(file, password);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StorageSetupException($"The certificate that Storage:KeyCertificate names cannot be read: {fault.Message}", fault);
        }
    }

    private static bool IsPostgres(IConfiguration configuration) =>
        Enum.TryParse<StorageProvider>(configuration[$"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}"], true, out var set)
        && set == StorageProvider.Postgres;
}
