using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>A signed delivery as a command line for a shell. Pure.</summary>
internal static class CurlCommand
{
    /// <summary>Writes the command.</summary>
    /// <param name="address">Where to send it.</param>
    /// <param name="contract">The contract whose headers it has.</param>
    /// <param name="eventName">The event that its header names; null for no such header.</param>
    /// <param name="deliveryId">Its id.</param>
    /// <param name="body">JSON, codes masked.</param>
    /// <param name="key">The key to sign it with. It is not in the command; the signature is.</param>
    public static string Write(
        string address,
        ContractVersion contract,
        string? eventName,
        string deliveryId,
        string body,
        ReadOnlySpan<byte> key
    )
    {
        // Printed in ASCII: what is pasted into a terminal must be what is seen, whatever the payload holds.
        using var document = JsonDocument.Parse(body);
        var text = JsonSerializer.Serialize(document.RootElement);
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        var isNewer = contract == ContractVersion.V2026_04;
        List<string> lines =
        [
            $"curl -i {Quote(address)}",
            "-H 'Content-Type: application/json'",
            isNewer ? $"-H '{WebhookHeaders.Signature202604}: sha256={signature}'" : $"-H '{WebhookHeaders.Signature202511}: {signature}'",
            $"-H {Quote($"{WebhookHeaders.DeliveryId(contract)}: {deliveryId}")}",
        ];
        if (eventName is not null && eventName.All(letter => letter is > ' ' and < '\x7f'))
        {
            lines.Add($"-H {Quote($"{WebhookHeaders.Event(contract)}: {eventName}")}");
        }

        lines.Add($"--data-binary {Quote(text)}");
        return string.Join(" \\\n  ", lines) + "\n";
    }

    // POSIX shell: nothing is special within single quotes but their end.
    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
