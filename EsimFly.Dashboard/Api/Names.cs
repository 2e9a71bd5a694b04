using System.Text.Json;

namespace EsimFly.Dashboard.Api;

/// <summary>Values of enumerations as the API writes them: in snake case.</summary>
internal static class Names
{
    /// <summary>All names of an enumeration.</summary>
    public static IEnumerable<string> All<TEnum>()
        where TEnum : struct, Enum => Enum.GetNames<TEnum>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>Reads a name, or nothing; false where it is none of the enumeration's.</summary>
    public static bool TryRead<TEnum>(string? name, out TEnum? value)
        where TEnum : struct, Enum
    {
        value = null;
        if (string.IsNullOrEmpty(name))
        {
            return true;
        }

        var index = All<TEnum>().ToList().IndexOf(name.ToLowerInvariant());
        value = index < 0 ? null : Enum.GetValues<TEnum>()[index];
        return index >= 0;
    }
}
