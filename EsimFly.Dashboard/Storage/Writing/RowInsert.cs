using System.Runtime.CompilerServices;

namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>Inserts rows into a table: its text, and the names of its columns.</summary>
internal abstract class RowInsert
{
    private readonly Lazy<string> one;

    private protected RowInsert(string table)
    {
        Table = table;
        one = new(() =>
            $"INSERT INTO \"{Table}\" ({Names(Columns)}) VALUES "
            + $"({string.Join(", ", Columns.Select(static (_, index) => $"@p{index}"))}){Conflict}"
        );
    }

    /// <summary>The table.</summary>
    public string Table { get; }

    /// <summary>The columns, in the order of the values.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>What follows the values: what is done where the key is there already.</summary>
    public abstract string Conflict { get; }

    /// <summary>The statement for one row, with a parameter for each column.</summary>
    public string One => one.Value;

    private protected static string Names(IEnumerable<string> columns) => string.Join(", ", columns.Select(static name => $"\"{name}\""));
}

/// <summary>
/// Inserts rows into a table. A column is a member of the row, and one lambda gives both its name and its value, so that no two columns
/// can be taken for each other.
/// </summary>
/// <typeparam name="TRow">The row.</typeparam>
internal sealed class RowInsert<TRow> : RowInsert
{
    private readonly List<RowColumn<TRow>> columns = [];
    private readonly List<string> names = [];
    private readonly int keyLength;
    private readonly OnConflict onConflict;

    private RowInsert(string table, int keyLength, OnConflict onConflict)
        : base(table) => (this.keyLength, this.onConflict) = (keyLength, onConflict);

    private enum OnConflict
    {
        Fail,
        Skip,
        Update,
        Add,
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => names;

    /// <inheritdoc/>
    public override string Conflict =>
        onConflict switch
        {
            OnConflict.Skip => $" ON CONFLICT ({Names(names.Take(keyLength))}) DO NOTHING",
            OnConflict.Update => Set(static (_, name) => $"\"{name}\" = excluded.\"{name}\""),
            OnConflict.Add => Set(static (table, name) => $"\"{name}\" = \"{table}\".\"{name}\" + excluded.\"{name}\""),
            _ => "",
        };

    /// <summary>Adds rows; one whose key is there already is an error.</summary>
    public static RowInsert<TRow> Into(string table) => new(table, 0, OnConflict.Fail);

    /// <summary>Adds rows, unless their key is there.</summary>
    /// <param name="table">The table.</param>
    /// <param name="keyLength">How many columns are the key; they come first.</param>
    public static RowInsert<TRow> Unless(string table, int keyLength) => new(table, keyLength, OnConflict.Skip);

    /// <summary>Adds rows, or updates the ones with their keys.</summary>
    /// <inheritdoc cref="Unless"/>
    public static RowInsert<TRow> OrUpdate(string table, int keyLength) => new(table, keyLength, OnConflict.Update);

    /// <summary>Adds rows, or adds their values, which are numbers, to those of the rows with their keys.</summary>
    /// <inheritdoc cref="Unless"/>
    public static RowInsert<TRow> OrAdd(string table, int keyLength) => new(table, keyLength, OnConflict.Add);

    /// <summary>A column of text.</summary>
    /// <param name="of">The member: <c>static row => row.Name</c>.</param>
    /// <param name="member">The text of it, by the compiler.</param>
    public RowInsert<TRow> Text(Func<TRow, string?> of, [CallerArgumentExpression(nameof(of))] string member = "") =>
        With(NameOf(member), (row, target, at) => target.Set(at, of(row)));

    /// <summary>A column of whole numbers, or of an enum's: <c>static row => (int)row.State</c>.</summary>
    /// <inheritdoc cref="Text"/>
    public RowInsert<TRow> Number(Func<TRow, long?> of, [CallerArgumentExpression(nameof(of))] string member = "") =>
        With(NameOf(member), (row, target, at) => target.Set(at, of(row)));

    /// <summary>A column of true and false.</summary>
    /// <inheritdoc cref="Text"/>
    public RowInsert<TRow> Flag(Func<TRow, bool?> of, [CallerArgumentExpression(nameof(of))] string member = "") =>
        With(NameOf(member), (row, target, at) => target.Set(at, of(row)));

    /// <summary>A column of exact decimal numbers.</summary>
    /// <inheritdoc cref="Text"/>
    public RowInsert<TRow> Amount(Func<TRow, decimal?> of, [CallerArgumentExpression(nameof(of))] string member = "") =>
        With(NameOf(member), (row, target, at) => target.Set(at, of(row)));

    /// <summary>A column of bytes.</summary>
    /// <inheritdoc cref="Text"/>
    public RowInsert<TRow> Bytes(Func<TRow, byte[]?> of, [CallerArgumentExpression(nameof(of))] string member = "") =>
        With(NameOf(member), (row, target, at) => target.Set(at, of(row)));

    /// <summary>A column of which only the name is known.</summary>
    public RowInsert<TRow> Value(string name, Func<TRow, object?> of) => With(name, (row, target, at) => SetAny(target, at, of(row)));

    /// <summary>Hands the values of a row over, one a column.</summary>
    public void Write(TRow row, IRowTarget target)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            columns[i](row, target, i);
        }
    }

    private static void SetAny(IRowTarget target, int at, object? value)
    {
        switch (value)
        {
            case null:
                target.SetNull(at);
                break;
            case string text:
                target.Set(at, text);
                break;
            case long number:
                target.Set(at, number);
                break;
            case int number:
                target.Set(at, (long)number);
                break;
            case bool flag:
                target.Set(at, flag);
                break;
            case decimal amount:
                target.Set(at, amount);
                break;
            case byte[] bytes:
                target.Set(at, bytes);
                break;
            default:
                throw new ArgumentException($"A value of type {value.GetType().Name} cannot be stored.", nameof(value));
        }
    }

    // "static row => (int)row.Kind": what follows the last dot.
    private static string NameOf(string member)
    {
        var name = member[(member.LastIndexOf('.') + 1)..];
        return name.All(char.IsAsciiLetterOrDigit) ? name : throw new ArgumentException($"No member of a row: {member}", nameof(member));
    }

    private RowInsert<TRow> With(string name, RowColumn<TRow> column)
    {
        names.Add(name);
        columns.Add(column);
        return this;
    }

    private string Set(Func<string, string, string> write) =>
        $" ON CONFLICT ({Names(names.Take(keyLength))}) DO UPDATE SET "
        + string.Join(", ", names.Skip(keyLength).Select(name => write(Table, name)));
}

/// <summary>Hands one value of a row over.</summary>
internal delegate void RowColumn<in TRow>(TRow row, IRowTarget target, int at);

/// <summary>Takes the values of a row, by the number of the column.</summary>
internal interface IRowTarget
{
    /// <summary>There is no value.</summary>
    void SetNull(int column);

    /// <summary>A value, or none.</summary>
    void Set(int column, long? value);

    /// <inheritdoc cref="Set(int, long?)"/>
    void Set(int column, bool? value);

    /// <inheritdoc cref="Set(int, long?)"/>
    void Set(int column, decimal? value);

    /// <inheritdoc cref="Set(int, long?)"/>
    void Set(int column, string? value);

    /// <inheritdoc cref="Set(int, long?)"/>
    void Set(int column, byte[]? value);
}
