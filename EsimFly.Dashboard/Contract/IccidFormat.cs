namespace EsimFly.Dashboard.Contract;

/// <summary>What the digits of an ICCID show (ITU-T E.118). It only warns: real ones break the rules.</summary>
internal static class IccidFormat
{
    /// <summary>The longest text that is taken for an ICCID at all.</summary>
    public const int Longest = 40;

    /// <summary>Whether it is other than 19 or 20 digits, or its check digit is wrong.</summary>
    public static bool IsOdd(string iccid) =>
        iccid.Length is not (19 or 20) || iccid.Any(letter => !char.IsAsciiDigit(letter)) || !HasCheckDigit(iccid);

    // ISO/IEC 7812-1, annex B (Luhn).
    private static bool HasCheckDigit(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += (i % 2 == 0, digit * 2) switch
            {
                (true, _) => digit,
                (false, > 9 and var doubled) => doubled - 9,
                (false, var doubled) => doubled,
            };
        }

        return sum % 10 == 0;
    }
}
