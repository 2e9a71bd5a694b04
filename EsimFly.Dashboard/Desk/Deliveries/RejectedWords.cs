namespace EsimFly.Dashboard.Desk.Deliveries;

/// <summary>Why a request was refused, in plain words.</summary>
internal static class RejectedWords
{
    /// <summary>Why the body of a request is not shown.</summary>
    public static string WithoutBody(RejectedRow row) =>
        row switch
        {
            { CanBeVerified: true } => "Its body is kept for another verification, but not shown: it is no JSON, or has more than 8 KB.",
            { Reason: "signature_mismatch" or "no_secret" } =>
                "Its body was not kept: too many were refused at the same time, or it has more than 16 KB. So it cannot be verified again.",
            _ => "It was refused before its body was read whole.",
        };

    /// <summary>The words for a reason's code; the code itself where it is not known.</summary>
    public static string Of(string reason) =>
        reason switch
        {
            "method_not_allowed" => "It was no POST.",
            "https_required" => "It came over plain HTTP.",
            "address_not_allowed" => "It came from an address that is not allowed.",
            "content_type_unsupported" => "Its content type is not application/json.",
            "content_encoding_unsupported" => "Its content is encoded.",
            "body_too_large" => "Its body is too large.",
            "body_too_slow" => "Its body did not come in time.",
            "body_broken" => "Its body ended early.",
            "signature_missing" => "It had no signature.",
            "signature_malformed" => "Its signature is not 64 hex digits.",
            "signature_given_twice" => "It had its signature twice.",
            "signature_of_both_contracts" => "It had signatures of both contracts.",
            "signature_mismatch" => "Its signature fits none of the signing secrets.",
            "no_secret" => "There was no signing secret yet.",
            "verifying_busy" => "Too many requests from its sender failed verification.",
            "queue_full" => "Too many deliveries were waiting.",
            "disk_low" => "The disk was nearly full.",
            "storage_failing" => "It could not be stored.",
            "too_late" => "It could not be stored in time.",
            "rehearsed" => "The Simulator had asked for a 503.",
            "rehearsed_drop" => "The Simulator had asked for a dropped connection.",
            _ => reason,
        };
}
