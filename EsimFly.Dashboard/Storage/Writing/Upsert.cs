namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>Builds the statement that inserts a row, or updates the one with its key: each column is named once.</summary>
internal static class Upsert
{
    /// <summary>The statement, with a parameter for each column, <c>@p0</c> and so on, in their order.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The columns of its key, which come first.</param>
    /// <param name="values">The others.</param>
    public static string Into(string table, string[] key, params string[] values)
    {
        string[] columns = [.. key, .. values];
        return $"""
            INSERT INTO "{table}" ({Names(columns)}) VALUES ({string.Join(", ", columns.Select((_, index) => $"@p{index}"))})
            ON CONFLICT ({Names(key)}) DO UPDATE SET {string.Join(", ", values.Select(name => $"\"{name}\" = excluded.\"{name}\""))}
            """;
    }

    private static string Names(string[] columns) => string.Join(", ", columns.Select(name => $"\"{name}\""));
}
