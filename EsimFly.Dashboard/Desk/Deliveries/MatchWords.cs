using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Rejected;

namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>What a rejected request's signature would have matched, and what to do about it, in plain words. Pure.</summary>
internal static class MatchWords
{
    /// <summary>The verdict on a rejected request.</summary>
    /// <param name="reason">Why it was refused, as a code.</param>
    /// <param name="matches">What its signature matches; null where it has nothing to be verified.</param>
    public static Verdict Of(string reason, IReadOnlyList<SignatureMatch>? matches)
    {
        var why = RejectedWords.Of(reason);
        if (matches is null)
        {
            return new(VerdictTone.Bad, why, Refusal.Find(reason)?.Next ?? "", Basis: null);
        }

        return matches.Count == 0
            ? new(
                VerdictTone.Bad,
                why,
                "It matches no secret that is or was here, in any form. It was signed with another secret, or changed on the way: "
                    + "compare the secret in eSIMfly’s webhook settings.",
                Basis: null
            )
            : new(
                matches.Any(match => match.Verifies) ? VerdictTone.Good : VerdictTone.Warning,
                Says(matches[0]),
                Next(matches[0]),
                Basis: null
            )
            {
                Also = [why, .. matches.Skip(1).Select(Says)],
            };
    }

    private static string Says(SignatureMatch match)
    {
        var secret = $"the secret “{match.SecretLabel}”";
        var key = match.Key switch
        {
            KeyVariant.WithoutPrefix => $"{secret} without its whsec_",
            KeyVariant.Base64Decoded => $"{secret} read as Base64",
            _ => secret,
        };
        var body = match.Body switch
        {
            BodyVariant.WithoutTrailingSpace => ", if the white space at the body’s end is left off",
            BodyVariant.WithTrailingLineFeed => ", if a line feed is added at the body’s end",
            _ => "",
        };
        var ended = match.EndedAtMs is { } at ? $", which ended {ViewerClock.Utc(at)}" : "";
        return $"It matches {key}{ended}, over {match.Form.Name()}{body}.";
    }

    private static string Next(SignatureMatch match) =>
        match switch
        {
            { Verifies: true } => "It verifies now: verify it again, and it becomes a delivery.",
            { Body: not BodyVariant.AsReceived } =>
                "Something between eSIMfly and this desk changes the body: a proxy that adds or takes white space.",
            { Key: not KeyVariant.AsKept } => "eSIMfly signs with that key: add the secret in that form under Settings.",
            { EndedAtMs: not null } =>
                "eSIMfly still signs with the old secret: give it the new one, or add the old one again under Settings.",
            { Contract: ContractVersion.V2026_04 } => "Contract 2026-04 signs the body as it is sent, and nothing else is let in: "
                + "something on the way reformatted it, or it was not eSIMfly.",
            _ => "That form is switched off: add it to Webhooks:SignedForms.",
        };
}
