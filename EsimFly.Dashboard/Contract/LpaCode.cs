namespace EsimFly.Dashboard.Contract;

/// <summary>
/// An activation code in its LPA form: <c>LPA:1$SM-DP+ address$matching id[$OID][$1]</c>, the last <c>1</c> asking for a
/// confirmation code (GSMA SGP.22, section 4.1). It is what a QR code holds.
/// </summary>
internal sealed class LpaCode
{
    private const string Scheme = "LPA:1$";

    // More than the standard allows, and less than a QR code of any size would hold.
    private const int LongestText = 512;

    private LpaCode(string text, string server, string matchingId, bool needsConfirmation) =>
        (Text, Server, MatchingId, NeedsConfirmation) = (text, server, matchingId, needsConfirmation);

    /// <summary>The code, exactly as received: what is to be drawn and copied.</summary>
    public string Text { get; }

    /// <summary>The SM-DP+ address, as iPhones ask for it.</summary>
    public string Server { get; }

    /// <summary>The matching id: what iPhones call the activation code.</summary>
    public string MatchingId { get; }

    /// <summary>Whether the phone will ask for a confirmation code.</summary>
    public bool NeedsConfirmation { get; }

    /// <summary>Apple's universal install link, for iOS 17.4 and later.</summary>
    public string AppleInstallLink => "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + Uri.EscapeDataString(Text);

    /// <summary>The same for Android; not every phone understands it.</summary>
    public string AndroidInstallLink => "https://esimsetup.android.com/esim_qrcode_provisioning?carddata=" + Uri.EscapeDataString(Text);

    /// <summary>Reads a code; null where it is none that a phone could use, such as one without a matching id.</summary>
    public static LpaCode? Read(string? text)
    {
        if (
            text is null
            || text.Length > LongestText
            || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || text.Any(static letter => letter is <= ' ' or > '~')
        )
        {
            return null;
        }

        var parts = text.Split('$');
        return parts.Length is >= 3 and <= 5 && parts[1].Length > 0 && parts[2].Length > 0
            ? new LpaCode(text, parts[1], parts[2], parts.Length == 5 && parts[4] is "1")
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => nameof(LpaCode); // never into a log
}
