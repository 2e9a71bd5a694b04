using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>
/// One prepared statement, on the driver's own level: parameters are bound by position, without a look-up by name and without an
/// object for each. Parameters are written <c>@p0</c>, <c>@p1</c>, …; position 0 is <c>@p0</c>, wherever it stands in the text.
/// </summary>
internal sealed class SqliteStatement : SqlCursor, IRowTarget, IDisposable
{
    // How Microsoft.Data.Sqlite writes decimals, and so how EF Core reads them.
    private const string DecimalFormat = "0.0###########################";

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly int[] positions;
    private readonly SqliteRow row;

    /// <summary>Prepares a statement; it is used many times.</summary>
    /// <exception cref="SqliteException">The text is not one statement that this database understands.</exception>
    public SqliteStatement(sqlite3 database, string sql)
    {
        this.database = database;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement), database);
        row = new SqliteRow(statement);
        positions = new int[raw.sqlite3_bind_parameter_count(statement)];
        for (var index = 1; index <= positions.Length; index++)
        {
            var name = raw.sqlite3_bind_parameter_name(statement, index).utf8_to_string();
            positions[int.Parse(name.AsSpan(2), CultureInfo.InvariantCulture)] = index;
        }
    }

    /// <inheritdoc/>
    public override SqlRow Row => row;

    /// <summary>Sets a parameter.</summary>
    public void Bind(int position, long value) => raw.sqlite3_bind_int64(statement, positions[position], value);

    /// <inheritdoc cref="Bind(int, long)"/>
    public void Bind(int position, string? value) =>
        _ = value is null
            ? raw.sqlite3_bind_null(statement, positions[position])
            : raw.sqlite3_bind_text(statement, positions[position], value);

    /// <inheritdoc cref="Bind(int, long)"/>
    public void Bind(int position, ReadOnlySpan<byte> value) =>
        _ = value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, positions[position], 0) // an empty span would be taken for NULL
            : raw.sqlite3_bind_blob(statement, positions[position], value);

    /// <summary>Sets a parameter to NULL.</summary>
    public void BindNull(int position) => raw.sqlite3_bind_null(statement, positions[position]);

    /// <summary>Sets a parameter from a boxed value.</summary>
    public void Bind(int position, object? value)
    {
        switch (value)
        {
            case null:
                BindNull(position);
                break;
            case string text:
                Bind(position, text);
                break;
            case long number:
                Bind(position, number);
                break;
            case int number:
                Bind(position, (long)number);
                break;
            case bool flag:
                Bind(position, flag ? 1L : 0L);
                break;
            case byte[] bytes:
                Bind(position, bytes.AsSpan());
                break;
            case decimal amount:
                Bind(position, amount.ToString(DecimalFormat, CultureInfo.InvariantCulture));
                break;
            case DateTimeOffset instant:
                Bind(position, instant.ToUnixTimeMilliseconds());
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} cannot be stored.", nameof(value));
        }
    }

    /// <inheritdoc/>
    public void SetNull(int column) => BindNull(column);

    /// <inheritdoc/>
    public void Set(int column, long? value)
    {
        if (value is { } number)
        {
            Bind(column, number);
        }
        else
        {
            BindNull(column);
        }
    }

    /// <inheritdoc/>
    public void Set(int column, bool? value) => Set(column, value is { } flag ? (flag ? 1L : 0L) : null);

    /// <inheritdoc/>
    public void Set(int column, decimal? value) => Bind(column, value?.ToString(DecimalFormat, CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public void Set(int column, string? value) => Bind(column, value);

    /// <inheritdoc/>
    public void Set(int column, byte[]? value)
    {
        if (value is null)
        {
            BindNull(column);
        }
        else
        {
            Bind(column, value.AsSpan());
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SqliteException">It failed.</exception>
    public override bool Step()
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result != raw.SQLITE_DONE)
        {
            raw.sqlite3_reset(statement);
            SqliteException.ThrowExceptionForRC(result, database);
        }

        return false;
    }

    /// <inheritdoc/>
    public override void End() => raw.sqlite3_reset(statement);

    /// <summary>Runs the statement to its end.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public int Run()
    {
        while (Step())
        {
            // Rows of a statement that is run for its effect are of no interest.
        }

        var changed = raw.sqlite3_changes(database);
        End();
        return changed;
    }

    /// <inheritdoc/>
    public void Dispose() => statement.Dispose();
}
