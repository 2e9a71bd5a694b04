using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using NpgsqlTypes;

namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>The types of a store's columns, from its model.</summary>
internal sealed class PostgresColumns
{
    private readonly Dictionary<(string Table, string Column), string> types = [];

    /// <summary>Reads a model.</summary>
    public PostgresColumns(IModel model)
    {
        foreach (var table in model.GetRelationalModel().Tables)
        {
            foreach (var column in table.Columns)
            {
                types[(table.Name, column.Name)] = column.StoreType;
            }
        }
    }

    /// <summary>The type of a column.</summary>
    public string TypeOf(string table, string column) => types[(table, column)];

    /// <summary>The type for values of a .NET type.</summary>
    public static string TypeOf(object value) =>
        value switch
        {
            bool => "boolean",
            int => "integer",
            long => "bigint",
            string => "text",
            byte[] => "bytea",
            decimal => "numeric",
            _ => throw new ArgumentException($"A value of type {value.GetType().Name} cannot be stored.", nameof(value)),
        };

    /// <summary>An empty array for so many values of a column, none of them set.</summary>
    public static Array ArrayFor(string type, int count) =>
        type switch
        {
            "boolean" => new bool?[count],
            "integer" => new int?[count],
            "bigint" => new long?[count],
            "numeric" => new decimal?[count],
            "bytea" => new byte[]?[count],
            "jsonb" or "text" => new string?[count],
            _ => throw new ArgumentException($"A column of type {type} cannot be written.", nameof(type)),
        };

    /// <summary>What the driver calls an array of a column's values.</summary>
    public static NpgsqlDbType DriverTypeOf(string type) =>
        NpgsqlDbType.Array
        | type switch
        {
            "boolean" => NpgsqlDbType.Boolean,
            "integer" => NpgsqlDbType.Integer,
            "bigint" => NpgsqlDbType.Bigint,
            "numeric" => NpgsqlDbType.Numeric,
            "bytea" => NpgsqlDbType.Bytea,
            "jsonb" => NpgsqlDbType.Jsonb,
            "text" => NpgsqlDbType.Text,
            _ => throw new ArgumentException($"A column of type {type} cannot be written.", nameof(type)),
        };

    /// <summary>One column of rows as an array, and its type for the driver.</summary>
    public static (object Array, NpgsqlDbType Type) ArrayOf<TRow>(string type, IReadOnlyList<TRow> rows, int column)
        where TRow : IReadOnlyList<object?>
    {
        var driverType = DriverTypeOf(type);
        return type switch
        {
            "boolean" => (All(static value => (bool?)Convert.ToBoolean(value, CultureInfo.InvariantCulture)), driverType),
            "integer" => (All(static value => (int?)Convert.ToInt32(value, CultureInfo.InvariantCulture)), driverType),
            "bigint" => (All(static value => (long?)Convert.ToInt64(value, CultureInfo.InvariantCulture)), driverType),
            "numeric" => (All(static value => (decimal?)Convert.ToDecimal(value, CultureInfo.InvariantCulture)), driverType),
            "bytea" => (All(static value => (byte[]?)value), driverType),
            _ => (All(static value => PostgresText.Storable((string)value)), driverType),
        };

        T?[] All<T>(Func<object, T?> read)
        {
            var all = new T?[rows.Count];
            for (var i = 0; i < all.Length; i++)
            {
                all[i] = rows[i][column] is { } value ? read(value) : default;
            }

            return all;
        }
    }
}
