using System.Globalization;
using System.Reflection;

namespace EsimFly.Dashboard.Storage;

/// <summary>A field in which a stored row differs from what its events say.</summary>
/// <param name="Entity">The kind of row: <c>order</c>, <c>esim</c>, <c>top-up</c>, <c>balance</c> or <c>event</c>.</param>
/// <param name="Key">The row.</param>
/// <param name="IsTest">True for test data.</param>
/// <param name="Field">The field; empty where the whole row is missing or left over.</param>
/// <param name="Stored">What is stored.</param>
/// <param name="Folded">What the events say.</param>
internal sealed record RowDifference(string Entity, string Key, bool IsTest, string Field, string? Stored, string? Folded)
{
    private const string Present = "present";
    private const string Absent = "absent";

    /// <summary>Compares two rows field by field.</summary>
    public static IEnumerable<RowDifference> Between<TRow>(string entity, string key, bool isTest, TRow? stored, TRow? folded)
        where TRow : class
    {
        if (stored is null || folded is null)
        {
            if (!ReferenceEquals(stored, folded))
            {
                yield return new(entity, key, isTest, "", stored is null ? Absent : Present, folded is null ? Absent : Present);
            }

            yield break;
        }

        foreach (var field in Fields<TRow>.All)
        {
            var (before, after) = (field.GetValue(stored), field.GetValue(folded));
            if (before is byte[] left && after is byte[] right ? !left.AsSpan().SequenceEqual(right) : !Equals(before, after))
            {
                yield return new(entity, key, isTest, field.Name, Show(before), Show(after));
            }
        }
    }

    /// <summary>The fields of a row that have a value, with that value as text.</summary>
    public static IEnumerable<(string Field, string Value)> ValuesOf<TRow>(TRow row)
        where TRow : class =>
        Fields<TRow>
            .All.Select(field => (field.Name, Show(field.GetValue(row))))
            .Where(item => item.Item2 is not null)
            .Select(item => (item.Name, item.Item2!));

    // Sealed values are compared, never shown.
    private static string? Show(object? value) =>
        value switch
        {
            null => null,
            byte[] => "(sealed)",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };

    private static class Fields<TRow>
    {
        public static readonly PropertyInfo[] All = typeof(TRow).GetProperties();
    }
}
