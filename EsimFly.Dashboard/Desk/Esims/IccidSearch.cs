using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>Finds ICCIDs by their first or their last digits, in the order of an index.</summary>
internal static class IccidSearch
{
    // What people write before the digits.
    private static readonly string[] Labels = ["ICCID", "ESIM", "SIM", "NO", "NR"];

    /// <summary>
    /// What to look for, of what somebody typed or pasted: the digits, where there is nothing but an ICCID or a part of one.
    /// </summary>
    /// <returns>Letters and digits in capitals; null where there are none.</returns>
    public static string? Term(string? text)
    {
        if (SearchKey.Of(text) is not { Length: > 0 } term)
        {
            return null;
        }

        var rest = Labels.Aggregate(
            term,
            static (left, label) => left.StartsWith(label, StringComparison.Ordinal) ? left[label.Length..] : left
        );
        var digits = IccidText.Digits(rest, out var isPlain);
        return isPlain && digits.Length > 0 ? digits : term;
    }

    /// <summary>Those that begin with it. In the order of the index, so that many that fit cost no more than few.</summary>
    public static IQueryable<string> ByStart(ReadModelDbContext context, string term)
    {
        var end = SearchKey.AfterPrefix(term);
        return context
            .Esims.Where(row => string.Compare(row.Iccid, term) >= 0 && string.Compare(row.Iccid, end) < 0)
            .OrderBy(row => row.Iccid)
            .Select(row => row.Iccid);
    }

    /// <summary>Those that end with it.</summary>
    public static IQueryable<string> ByEnd(ReadModelDbContext context, string term)
    {
        var reversed = SearchKey.Reverse(term);
        var end = SearchKey.AfterPrefix(reversed);
        return context
            .Esims.Where(row => string.Compare(row.IccidReversed, reversed) >= 0 && string.Compare(row.IccidReversed, end) < 0)
            .OrderBy(row => row.IccidReversed)
            .Select(row => row.Iccid);
    }
}
