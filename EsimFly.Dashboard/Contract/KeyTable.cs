using System.Collections.Frozen;
using System.Text;

namespace EsimFly.Dashboard.Contract;

/// <summary>The keys of the contract's payloads, so that a key that is read a thousand times is made once.</summary>
internal static class KeyTable
{
    private const int LongestKnown = 32;

    private static readonly FrozenDictionary<string, PayloadKey> Known = CodeMask
        .NameKeys.Concat([
            "activation_code",
            "amount",
            "can_retry",
            "currency",
            "current_balance",
            "data_total",
            "data_used",
            "direct_android_install_url",
            "direct_apple_install_url",
            "error_message",
            "lpa_string",
            "message",
            "qr_code",
            "qr_code_url",
            "quantity",
            "remaining_gb",
            "threshold",
            "threshold_remaining_mb",
            "total_gb",
            "used_gb",
            "used_percent",
        ])
        .ToFrozenDictionary(name => name, name => new PayloadKey(name, IsKnown: true), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, PayloadKey>.AlternateLookup<ReadOnlySpan<char>> BySpan = Known.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>Reads a key.</summary>
    /// <param name="content">The bytes between the quotes, valid UTF-8 and valid JSON.</param>
    public static PayloadKey Read(ReadOnlySpan<byte> content)
    {
        Span<char> letters = stackalloc char[LongestKnown];
        return content.Length <= LongestKnown && BySpan.TryGetValue(letters[..Encoding.UTF8.GetChars(content, letters)], out var known)
            ? known
            : new PayloadKey(SignedBytes.Unescape(content), IsKnown: false);
    }
}

/// <summary>A key of a JSON object.</summary>
/// <param name="Name">Its text, escapes resolved.</param>
/// <param name="IsKnown">Whether it is one of the contract's, so that no code is in the key itself.</param>
internal sealed record PayloadKey(string Name, bool IsKnown)
{
    /// <summary>Whether what it names is an activation code, whatever the value looks like.</summary>
    public bool IsCode { get; } = CodeMask.IsCodeKey(Name);

    /// <summary>Whether what it names is a text for people.</summary>
    public bool IsFreeText { get; } = IsKnown && CodeMask.TextKeys.Contains(Name);

    /// <summary>Whether what it names is a name or a word that other parts are found by.</summary>
    public bool IsName { get; } = CodeMask.NameKeys.Contains(Name);

    /// <summary>Whether what it names identifies a person.</summary>
    public bool IsIdentity { get; } = Identity.IsKey(Name);
}
