using System.Text.Json;

namespace EsimFly.Dashboard.Api;

/// <summary>Flags as the API names them: in snake case, such as <c>quantity_mismatch</c>.</summary>
internal static class FlagNames
{
    /// <summary>The names of those that are set.</summary>
    public static IReadOnlyList<string> Of<TFlags>(TFlags flags)
        where TFlags : struct, Enum =>
        [
            .. Enum.GetValues<TFlags>()
                .Where(flag => Convert.ToInt32(flag, provider: null) != 0 && flags.HasFlag(flag))
                .Select(flag => JsonNamingPolicy.SnakeCaseLower.ConvertName(flag.ToString())),
        ];
}
