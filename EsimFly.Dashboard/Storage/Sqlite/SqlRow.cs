using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>The row at which a statement stands. Valid until the statement moves on.</summary>
internal readonly struct SqlRow(sqlite3_stmt statement)
{
    /// <summary>Whether a column is NULL.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    /// <summary>A column as a number; 0 where it is NULL.</summary>
    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    /// <inheritdoc cref="GetInt64"/>
    public int GetInt32(int column) => raw.sqlite3_column_int(statement, column);

    /// <summary>A column as a truth value; false where it is NULL.</summary>
    public bool GetBoolean(int column) => raw.sqlite3_column_int(statement, column) != 0;

    /// <summary>A column as text; empty where it is NULL.</summary>
    public string GetString(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    /// <summary>A column as bytes; empty where it is NULL.</summary>
    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    /// <summary>A column as text, or null.</summary>
    public string? FindString(int column) => IsNull(column) ? null : GetString(column);

    /// <summary>A column as a number, or null.</summary>
    public long? FindInt64(int column) => IsNull(column) ? null : GetInt64(column);
}
