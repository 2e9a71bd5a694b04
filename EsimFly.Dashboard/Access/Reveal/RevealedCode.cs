namespace EsimFly.Dashboard.Access.Reveal;

/// <summary>An activation code, opened.</summary>
/// <param name="Text">The code as received: an LPA string, or a matching id alone; null where only links came.</param>
/// <param name="QrText">What a QR code must hold, exactly; null where nothing that came could be scanned.</param>
/// <param name="NeedsConfirmation">Whether the phone will ask for a confirmation code.</param>
/// <param name="AppleInstallLink">Opens the installation on iOS 17.4 and later.</param>
/// <param name="AndroidInstallLink">Opens the installation on Android phones that know such links.</param>
public sealed record RevealedCode(
    string? Text,
    string? QrText,
    bool NeedsConfirmation,
    string? AppleInstallLink,
    string? AndroidInstallLink
)
{
    /// <summary>The SM-DP+ address, where the phone asks for it apart from the code; null where it is not known.</summary>
    public string? Server { get; init; }

    /// <summary>The matching id that goes with it.</summary>
    public string? MatchingId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => nameof(RevealedCode); // a record would print its members
}
