using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Npgsql;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>Rows to be inserted, as PostgreSQL takes many at once: an array of values for each column.</summary>
/// <param name="types">The types of the columns.</param>
/// <param name="count">How many rows there are.</param>
internal sealed class PostgresRows(IReadOnlyList<string> types, int count) : IRowTarget
{
    private readonly Array[] columns = [.. types.Select(type => PostgresColumns.ArrayFor(type, count))];
    private int row;

    /// <summary>Takes the rows and gives them to a command as its parameters.</summary>
    public void Fill<TRow>(RowInsert<TRow> into, IReadOnlyList<TRow> rows, NpgsqlCommand command)
    {
        for (row = 0; row < rows.Count; row++)
        {
            into.Write(rows[row], this);
        }

        for (var i = 0; i < columns.Length; i++)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = columns[i], NpgsqlDbType = PostgresColumns.DriverTypeOf(types[i]) });
        }
    }

    /// <inheritdoc/>
    public void SetNull(int column)
    {
        // An array begins with nothing in it.
    }

    /// <inheritdoc/>
    public void Set(int column, long? value)
    {
        switch (columns[column])
        {
            case long?[] numbers:
                numbers[row] = value;
                break;
            case int?[] numbers:
                numbers[row] = checked((int?)value);
                break;
            case bool?[] flags:
                flags[row] = value is null ? null : value != 0; // SQLite keeps them as numbers
                break;
            case decimal?[] amounts:
                amounts[row] = value;
                break;
            default:
                throw Mismatch(column, value);
        }
    }

    /// <inheritdoc/>
    public void Set(int column, bool? value) => ((bool?[])columns[column])[row] = value;

    /// <inheritdoc/>
    public void Set(int column, decimal? value) => ((decimal?[])columns[column])[row] = value;

    /// <inheritdoc/>
    public void Set(int column, string? value)
    {
        switch (columns[column])
        {
            case string?[] texts:
                texts[row] = value is null ? null : PostgresText.Storable(value);
                break;
            case decimal?[] amounts:
                amounts[row] = value is null ? null : decimal.Parse(value, CultureInfo.InvariantCulture); // SQLite keeps them as text
                break;
            default:
                throw Mismatch(column, value);
        }
    }

    /// <inheritdoc/>
    public void Set(int column, byte[]? value) => ((byte[]?[])columns[column])[row] = value;

    private ArgumentException Mismatch(int column, object? value) =>
        new($"A column of type {types[column]} cannot take a value of type {value?.GetType().Name ?? "null"}.", nameof(value));
}
