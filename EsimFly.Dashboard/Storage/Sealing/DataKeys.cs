using System.Security.Cryptography;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage.Sealing;

/// <summary>
/// The data keys: kept in the database, wrapped by Data Protection, whose own keys lie in <see cref="StoragePaths.Keys"/>.
/// So a database or a backup without that folder gives nothing away.
/// </summary>
internal sealed class DataKeys(
    IDbContextFactory<LogDbContext> contexts,
    IDataProtectionProvider protection,
    StoragePaths paths,
    TimeProvider time
)
{
    private const int KeyBytes = 32;

    private const string Insert = """INSERT INTO "DataKeys" ("WrappedKey", "CreatedAtMs") VALUES (@p0, @p1)""";
    private const string Last = """SELECT MAX("Id") FROM "DataKeys" """;

    private readonly IDataProtector protector = protection.CreateProtector("EsimFly.Dashboard.DataKey.v1");

    /// <summary>Unwraps all data keys; makes the first where there is none. Called once, before anything is sealed.</summary>
    /// <exception cref="StorageSetupException">
    /// A data key cannot be unwrapped: the keys' folder is not the one that belongs to this database.
    /// </exception>
    public Sealer Load()
    {
        using var context = contexts.CreateDbContext();
        var rows = context.DataKeys.AsNoTracking().OrderBy(row => row.Id).ToList();
        if (rows.Count == 0)
        {
            DropBrokenKeyFiles();
            var first = new DataKeyEntity
            {
                WrappedKey = protector.Protect(RandomNumberGenerator.GetBytes(KeyBytes)),
                CreatedAtMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
            context.DataKeys.Add(first);
            context.SaveChanges();
            rows.Add(first);
        }

        try
        {
            return new Sealer(rows.ToDictionary(row => row.Id, row => protector.Unprotect(row.WrappedKey))) { Find = Find };
        }
        catch (CryptographicException fault)
        {
            throw new StorageSetupException(
                "The database's data key cannot be unwrapped with the keys in Storage:Directory/keys. "
                    + "Restore the keys folder that belongs to this database; where several instances use it, they share that folder, or "
                    + "have the same Storage:KeyCertificate.",
                fault
            );
        }
    }

    private byte[]? Find(int number)
    {
        using var context = contexts.CreateDbContext();
        return context.DataKeys.AsNoTracking().FirstOrDefault(row => row.Id == number) is { } row
            ? protector.Unprotect(row.WrappedKey)
            : null;
    }

    /// <summary>The key that seals now, and when it was made.</summary>
    public async Task<(int Number, long CreatedAtMs)> CurrentAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var last = await context
            .DataKeys.AsNoTracking()
            .OrderByDescending(row => row.Id)
            .Select(row => new { row.Id, row.CreatedAtMs })
            .FirstAsync(cancellationToken);
        return (last.Id, last.CreatedAtMs);
    }

    /// <summary>Makes another key, which seals from now on. What was sealed before stays readable with its own.</summary>
    /// <param name="sealer">Seals with it.</param>
    /// <param name="writer">Writes it, wrapped.</param>
    /// <param name="note">Notes it in the same transaction.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Its number.</returns>
    public async Task<int> RotateAsync(
        Sealer sealer,
        LogWriter writer,
        Action<WriteTransaction, int> note,
        CancellationToken cancellationToken
    )
    {
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        var wrapped = protector.Protect(key);
        var number = await writer.WriteAsync(
            transaction =>
            {
                transaction.Execute(Insert, wrapped, time.GetUtcNow().ToUnixTimeMilliseconds());
                var number = (int)transaction.Scalar<long>(Last);
                note(transaction, number);
                return number;
            },
            cancellationToken
        );
        sealer.Add(number, key); // after the commit: nothing is sealed with a key that could be lost
        return number;
    }

    // A power cut at the very first start can leave a key file without its content. Nothing was sealed with it yet, and it would keep
    // Data Protection from reading any other.
    private void DropBrokenKeyFiles()
    {
        foreach (var path in Directory.EnumerateFiles(paths.Keys, "key-*.xml"))
        {
            try
            {
                _ = System.Xml.Linq.XDocument.Load(path);
            }
            catch (System.Xml.XmlException)
            {
                File.Delete(path);
            }
        }
    }
}
