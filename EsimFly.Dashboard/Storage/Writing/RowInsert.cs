namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>Inserts rows into a table: each column is named once.</summary>
internal sealed class RowInsert
{
    private RowInsert(string table, string[] columns, string conflict)
    {
        (Table, Columns, Conflict) = (table, columns, conflict);
        One =
            $"INSERT INTO \"{table}\" ({Names(columns)}) VALUES "
            + $"({string.Join(", ", columns.Select(static (_, index) => $"@p{index}"))}){conflict}";
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The columns, in the order of the values.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What follows the values: what is done where the key is there already.</summary>
    public string Conflict { get; }

    /// <summary>The statement for one row, with a parameter for each column.</summary>
    public string One { get; }

    /// <summary>Adds rows; one whose key is there already is an error.</summary>
    public static RowInsert Into(string table, params string[] columns) => new(table, columns, "");

    /// <summary>Adds rows, unless their key is there.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The columns of the key.</param>
    /// <param name="columns">All columns, in the order of the values.</param>
    public static RowInsert Unless(string table, string[] key, params string[] columns) =>
        new(table, columns, $" ON CONFLICT ({Names(key)}) DO NOTHING");

    /// <summary>Adds rows, or updates the ones with their keys.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The columns of its key, which come first.</param>
    /// <param name="values">The others.</param>
    public static RowInsert OrUpdate(string table, string[] key, params string[] values) =>
        new(
            table,
            [.. key, .. values],
            $" ON CONFLICT ({Names(key)}) DO UPDATE SET {string.Join(", ", values.Select(name => $"\"{name}\" = excluded.\"{name}\""))}"
        );

    /// <summary>Adds rows, or adds their values to those of the rows with their keys.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The columns of its key, which come first.</param>
    /// <param name="values">The others: numbers.</param>
    public static RowInsert OrAdd(string table, string[] key, params string[] values) =>
        new(
            table,
            [.. key, .. values],
            $" ON CONFLICT ({Names(key)}) DO UPDATE SET "
                + string.Join(", ", values.Select(name => $"\"{name}\" = \"{table}\".\"{name}\" + excluded.\"{name}\""))
        );

    private static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(static name => $"\"{name}\""));
}
