using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Storage;

/// <summary>Something that is set on a page: kept in the database as JSON, read each time, so that every process sees it.</summary>
/// <param name="name">What it is kept under.</param>
/// <param name="json">Its JSON form.</param>
internal sealed class StoredSetting<TValue>(string name, JsonTypeInfo<TValue> json)
    where TValue : class, new()
{
    private const string Select = """SELECT "Value" FROM "Settings" WHERE "Name" = @p0""";

    private const string Upsert =
        """INSERT INTO "Settings" ("Name", "Value") VALUES (@p0, @p1) ON CONFLICT ("Name") DO UPDATE SET "Value" = excluded."Value" """;

    /// <summary>What is set now; the defaults where nothing is.</summary>
    public async Task<TValue> ReadAsync(LogDbContext context, CancellationToken cancellationToken) =>
        await context.Settings.AsNoTracking().Where(row => row.Name == name).Select(row => row.Value).FirstOrDefaultAsync(cancellationToken)
            is { } value
            ? JsonSerializer.Deserialize(value, json) ?? new TValue()
            : new TValue();

    /// <inheritdoc cref="ReadAsync(LogDbContext, CancellationToken)"/>
    public async Task<TValue> ReadAsync(IDbContextFactory<LogDbContext> contexts, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await ReadAsync(context, cancellationToken);
    }

    /// <summary>What is set, as a write transaction sees it; the defaults where nothing is.</summary>
    public TValue Read(WriteTransaction transaction) =>
        transaction.Scalar<string>(Select, name) is { } value ? JsonSerializer.Deserialize(value, json) ?? new TValue() : new TValue();

    /// <summary>Sets it.</summary>
    public void Write(WriteTransaction transaction, TValue value) =>
        transaction.Execute(Upsert, name, JsonSerializer.Serialize(value, json));
}
