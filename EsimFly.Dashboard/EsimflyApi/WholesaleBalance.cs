using System.Text.Json;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>The balance of an account.</summary>
/// <param name="Amount">How much is left.</param>
/// <param name="Currency">In which currency; null where the answer does not say.</param>
internal sealed record WholesaleBalance(decimal Amount, string? Currency)
{
    /// <summary>The answer's data, JSON in UTF-8.</summary>
    public ReadOnlyMemory<byte> Json { get; private init; }

    /// <summary>Reads an answer of <c>GET /balance</c>; null where it is none.</summary>
    public static WholesaleBalance? Read(JsonElement root) =>
        ApiPart.Data(root) is { } data
        && data.TryGetProperty("balance", out var amount)
        && amount.ValueKind == JsonValueKind.Number
        && amount.TryGetDecimal(out var value)
            ? new(value, ApiJson.Text(data, "currency")) { Json = ApiPart.Read(root)!.Json }
            : null;

    /// <inheritdoc/>
    public bool Equals(WholesaleBalance? other) =>
        other is not null && other.Amount == Amount && string.Equals(other.Currency, Currency, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Amount, Currency);
}
