using System.Text.Json;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>The balance of an account.</summary>
/// <param name="Amount">How much is left.</param>
/// <param name="Currency">In which currency; null where the answer does not say.</param>
internal sealed record ApiBalance(decimal Amount, string? Currency)
{
    /// <summary>Reads an answer of <c>GET /balance</c>; null where it is none.</summary>
    public static ApiBalance? Read(JsonElement root) =>
        root.TryGetProperty("data", out var data)
        && data.ValueKind == JsonValueKind.Object
        && data.TryGetProperty("balance", out var amount)
        && amount.ValueKind == JsonValueKind.Number
        && amount.TryGetDecimal(out var value)
            ? new(
                value,
                data.TryGetProperty("currency", out var currency) && currency.ValueKind == JsonValueKind.String
                    ? currency.GetString()
                    : null
            )
            : null;
}
