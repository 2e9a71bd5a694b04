using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>The row at which a reader stands.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : SqlRow
{
    /// <inheritdoc/>
    public override bool IsNull(int column) => reader.IsDBNull(column);

    /// <inheritdoc/>
    public override long GetInt64(int column)
    {
        if (reader.IsDBNull(column))
        {
            return 0;
        }

        var type = reader.GetFieldType(column);
        return type == typeof(long) ? reader.GetInt64(column)
            : type == typeof(int) ? reader.GetInt32(column)
            : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override bool GetBoolean(int column) =>
        !reader.IsDBNull(column) && (reader.GetFieldType(column) == typeof(bool) ? reader.GetBoolean(column) : GetInt64(column) != 0);

    /// <inheritdoc/>
    public override string GetString(int column) =>
        reader.IsDBNull(column) ? ""
        : reader.GetFieldType(column) == typeof(string) ? reader.GetString(column)
        : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? "";

    /// <inheritdoc/>
    public override byte[] GetBytes(int column) => reader.IsDBNull(column) ? [] : reader.GetFieldValue<byte[]>(column);
}

/// <summary>A reader that is under way.</summary>
internal sealed class PostgresCursor(NpgsqlDataReader reader) : SqlCursor
{
    private readonly PostgresRow row = new(reader);

    /// <inheritdoc/>
    public override SqlRow Row => row;

    /// <inheritdoc/>
    public override bool Step() => reader.Read();

    /// <inheritdoc/>
    public override void End() => reader.Dispose();
}
