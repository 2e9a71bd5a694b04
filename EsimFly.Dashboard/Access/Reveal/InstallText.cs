using System.Text;
using EsimFly.Dashboard.Components.Text;

namespace EsimFly.Dashboard.Access.Reveal;

/// <summary>The ready text for the customer who never got their QR code.</summary>
internal static class InstallText
{
    /// <summary>Writes it, with the ways to install that this code allows.</summary>
    public static string For(RevealedCode revealed, string? packageName)
    {
        var text = new StringBuilder();
        text.Append("Hello,\n\nhere is your eSIM")
            .Append(packageName is null ? "" : $" ({JsonText.MakeVisible(packageName)})")
            .Append(
                ". Please stay on Wi-Fi while you install it, and install it on the phone that you will travel with: "
                    + "as a rule that works once.\n"
            );
        if (revealed.AppleInstallLink is { } apple)
        {
            text.Append("\niPhone (iOS 17.4 or later): open this link on the phone\n").Append(apple).Append('\n');
        }

        if (revealed.AndroidInstallLink is { } android)
        {
            text.Append("\nAndroid: open this link on the phone (some models do not know it; then enter the code below)\n")
                .Append(android)
                .Append('\n');
        }

        if (revealed.Text is { } typed)
        {
            text.Append(
                    "\nOr by hand: Settings → Mobile network (Cellular) → Add eSIM → enter the details manually, and paste this "
                        + "activation code\n"
                )
                .Append(typed)
                .Append('\n');
        }

        if (revealed.NeedsConfirmation)
        {
            text.Append("\nThe phone will ask for a confirmation code; we will send it to you separately.\n");
        }

        text.Append("\nAt your destination, choose this eSIM for mobile data and switch data roaming on for it.\n");
        return text.ToString();
    }
}
