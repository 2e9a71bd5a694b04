using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Components.Status;

/// <summary>What is odd, in plain words.</summary>
internal static class FlagWords
{
    private static readonly (OrderFlags Flag, string Words)[] OrderWords =
    [
        (OrderFlags.Stub, "Its order.created was never received."),
        (OrderFlags.FailedAfterCompleted, "A failure was reported after it had completed; completed is final."),
        (OrderFlags.QuantityMismatch, "It completed with another number of eSIMs than was ordered."),
        (OrderFlags.ReferenceConflict, "Its events give it more than one reference."),
        (OrderFlags.CreatedAgain, "It was reported as created again after it had failed."),
        (
            OrderFlags.Reconciled,
            "An event of it was never received; what it would have reported is from eSIMfly’s API: reconciled, not received."
        ),
        (OrderFlags.AmbiguousReference, "Several orders have this reference; events that name the reference alone cannot be matched."),
    ];

    private static readonly (EsimFlags Flag, string Words)[] EsimWords =
    [
        (EsimFlags.Stub, "No order is known to have brought it."),
        (EsimFlags.ClaimedTwice, "More than one order claims it; the first keeps it."),
        (EsimFlags.PlanWentBack, "Its plan was reported in an earlier state again, without a top-up."),
        (EsimFlags.ExpiredEarly, "It was reported as expired before its expiry date."),
        (EsimFlags.UnknownStatus, "A status came in a word that is not known; it is shown unchanged."),
        (EsimFlags.OddIccid, "Its ICCID has an unusual form; that is usually harmless."),
        (EsimFlags.UnreadExpiry, "An expiry was reported in a text that cannot be read; the date shown is an earlier one."),
        (EsimFlags.ExpiresBeforeActivation, "Its expiry lies before its activation; one of the two dates is wrong."),
        (EsimFlags.ProfileCameBack, "Its profile came back after it had been deleted from the device."),
    ];

    private static readonly (DeliveryFlags Flag, string Words)[] DeliveryWords =
    [
        (DeliveryFlags.IdReused, "An earlier delivery with another body had the same id."),
        (DeliveryFlags.Replayed, "The same body came again under another id; it was applied once."),
        (DeliveryFlags.HeaderDisagrees, "The event header disagrees with the body; the body decides."),
        (DeliveryFlags.NoTimestamp, "Its timestamp is missing or cannot be read."),
        (DeliveryFlags.OddIccid, "An ICCID in it has an unusual form; that is usually harmless."),
        (DeliveryFlags.UnreadableField, "A field in it could not be read and counts as missing; the rest is applied. See its body."),
        (DeliveryFlags.PlaceholderIccid, "An ICCID in it is a placeholder for one that is still to come; it is no eSIM yet."),
        (DeliveryFlags.Erased, "An eSIM or order that it was about was erased, or its period was over."),
        (DeliveryFlags.AddressNotListed, "It came from an address that is not on the allow-list."),
        (DeliveryFlags.Rescued, "It was rejected when it came, and verified again after its signing secret had been added."),
    ];

    public static IEnumerable<string> Of(OrderFlags flags) => OrderWords.Where(item => flags.HasFlag(item.Flag)).Select(item => item.Words);

    public static IEnumerable<string> Of(EsimFlags flags) => EsimWords.Where(item => flags.HasFlag(item.Flag)).Select(item => item.Words);

    public static IEnumerable<string> Of(DeliveryFlags flags) =>
        DeliveryWords.Where(item => flags.HasFlag(item.Flag)).Select(item => item.Words);
}
