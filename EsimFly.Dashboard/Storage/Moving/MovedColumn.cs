using System.Globalization;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore.Metadata;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary>A column of a table that is moved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its values are.</param>
internal sealed record MovedColumn(string Name, MovedKind Kind)
{
    /// <summary>Describes a column of PostgreSQL's model, whose types say more than SQLite's.</summary>
    public static MovedColumn Of(IColumn column) =>
        new(
            column.Name,
            column.StoreType switch
            {
                "boolean" => MovedKind.Truth,
                "integer" or "bigint" => MovedKind.Number,
                "numeric" => MovedKind.Amount,
                "text" => MovedKind.Text,
                "jsonb" => MovedKind.Json,
                "bytea" => MovedKind.Bytes,
                _ => throw new NotSupportedException($"A column of type {column.StoreType} cannot be moved."),
            }
        );

    /// <summary>Its value in a row, as a session takes it; null for NULL.</summary>
    public object? Read(SqlRow row, int at) =>
        row.IsNull(at)
            ? null
            : Kind switch
            {
                MovedKind.Truth => row.GetBoolean(at),
                MovedKind.Number => row.GetInt64(at),
                MovedKind.Amount => decimal.Parse(row.GetString(at), NumberStyles.Float, CultureInfo.InvariantCulture),
                MovedKind.Bytes => row.GetBytes(at),
                _ => (object)row.GetString(at),
            };
}

/// <summary>What the values of a column are.</summary>
internal enum MovedKind
{
    /// <summary>True or false.</summary>
    Truth,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A decimal number.</summary>
    Amount,

    /// <summary>Text.</summary>
    Text,

    /// <summary>JSON, which PostgreSQL keeps in an order of its own.</summary>
    Json,

    /// <summary>Bytes.</summary>
    Bytes,
}
