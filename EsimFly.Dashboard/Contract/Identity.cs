using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace EsimFly.Dashboard.Contract;

/// <summary>
/// A number that identifies a device or a subscription, and so a person. This is the list of them: viewers see the last digits of each,
/// everybody else all of it. Whose an order is (name, e-mail, shop order) is in no payload; it is for Support alone.
/// </summary>
/// <param name="Member">What events, rows and changes call it.</param>
/// <param name="Key">Its key in a payload.</param>
/// <param name="Word">What people call it.</param>
internal sealed record Identity(string Member, string Key, string Word)
{
    /// <summary>The number of the eUICC, which is built into a device.</summary>
    public static readonly Identity Eid = new("Eid", "eid", "EID");

    /// <summary>The number of the subscription.</summary>
    public static readonly Identity Imsi = new("Imsi", "imsi", "IMSI");

    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<Identity> All = [Eid, Imsi];

    /// <summary>How many digits the shortest has: an IMSI has 15 as a rule, an EID 32.</summary>
    public const int FewestDigits = 14;

    /// <summary>How many of its last digits everybody sees.</summary>
    public const int Shown = 4;

    /// <summary>Whether a key of a payload names one.</summary>
    public static bool IsKey(string key) => All.Any(identity => string.Equals(identity.Key, key, StringComparison.Ordinal));

    /// <summary>The one that a member of events, rows or changes holds; null where it holds none.</summary>
    public static Identity? OfMember(string member) =>
        All.FirstOrDefault(identity => string.Equals(identity.Member, member, StringComparison.Ordinal));

    /// <summary>One by its last digits.</summary>
    [return: NotNullIfNotNull(nameof(value))]
    public static string? Shorten(string? value) => value is { Length: > Shown } ? LastDigits(value) : value;

    /// <summary>The end of a name, which tells those who know it which it was.</summary>
    public static string LastDigits(string value) => value.Length <= Shown ? value : "…" + value[^Shown..];
}
