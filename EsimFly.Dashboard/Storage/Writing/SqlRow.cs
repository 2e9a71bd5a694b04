namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>The row at which a query stands. Valid until it moves on.</summary>
internal abstract class SqlRow
{
    /// <summary>Whether a column is NULL.</summary>
    public abstract bool IsNull(int column);

    /// <summary>A column as a number; 0 where it is NULL.</summary>
    public abstract long GetInt64(int column);

    /// <summary>A column as a truth value; false where it is NULL.</summary>
    public abstract bool GetBoolean(int column);

    /// <summary>A column as text; empty where it is NULL.</summary>
    public abstract string GetString(int column);

    /// <summary>A column as bytes; empty where it is NULL.</summary>
    public abstract byte[] GetBytes(int column);

    /// <inheritdoc cref="GetInt64"/>
    public int GetInt32(int column) => (int)GetInt64(column);

    /// <summary>A column as text, or null.</summary>
    public string? FindString(int column) => IsNull(column) ? null : GetString(column);

    /// <summary>A column as a number, or null.</summary>
    public long? FindInt64(int column) => IsNull(column) ? null : GetInt64(column);
}
