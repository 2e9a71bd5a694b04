using EsimFly.Dashboard.Storage.Writing;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>The row at which a statement stands.</summary>
internal sealed class SqliteRow(sqlite3_stmt statement) : SqlRow
{
    /// <inheritdoc/>
    public override bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public override long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    /// <inheritdoc/>
    public override bool GetBoolean(int column) => raw.sqlite3_column_int(statement, column) != 0;

    /// <inheritdoc/>
    public override string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    /// <inheritdoc/>
    public override byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();
}
