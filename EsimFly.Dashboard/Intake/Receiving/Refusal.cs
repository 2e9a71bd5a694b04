using System.Text.Json;
using EsimFly.Dashboard.Intake.Signing;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>An answer other than 200: a status and a problem document (RFC 9457) that echoes nothing of the request.</summary>
internal sealed class Refusal
{
    public static readonly Refusal MethodNotAllowed = new(405, "method_not_allowed", "Deliveries are sent with POST.");
    public static readonly Refusal HttpsRequired = new(403, "https_required", "Deliveries must be sent over HTTPS.");
    public static readonly Refusal AddressNotAllowed = new(403, "address_not_allowed", "Deliveries are not accepted from this address.");
    public static readonly Refusal ContentTypeUnsupported = new(
        415,
        "content_type_unsupported",
        "The content type must be application/json."
    );
    public static readonly Refusal ContentEncodingUnsupported = new(
        415,
        "content_encoding_unsupported",
        "Encoded content is not accepted."
    );
    public static readonly Refusal BodyTooLarge = new(413, "body_too_large", "The body is too large.");
    public static readonly Refusal BodyTooSlow = new(408, "body_too_slow", "The body did not arrive in time.");
    public static readonly Refusal BodyBroken = new(400, "body_broken", "The body ended early or was framed wrongly.");
    public static readonly Refusal SignatureMissing = new(401, "signature_missing", "The signature is missing.");
    public static readonly Refusal SignatureMalformed = new(401, "signature_malformed", "The signature is not 64 hexadecimal digits.");
    public static readonly Refusal SignatureGivenTwice = new(401, "signature_given_twice", "The signature is given more than once.");
    public static readonly Refusal SignatureOfBothContracts = new(
        401,
        "signature_of_both_contracts",
        "The signature is given for both contracts at once."
    );
    public static readonly Refusal SignatureMismatch = new(401, "signature_mismatch", "The signature does not match the body.");
    public static readonly Refusal NoSecret = new(503, "no_secret", "No signing secret is set here yet.");
    public static readonly Refusal VerifyingBusy = new(503, "verifying_busy", "Too many requests of this sender's do not verify.");
    public static readonly Refusal QueueFull = new(503, "queue_full", "Too many deliveries are waiting.");
    public static readonly Refusal DiskLow = new(503, "disk_low", "The disk is nearly full.");
    public static readonly Refusal StorageFailing = new(503, "storage_failing", "The delivery could not be stored.");
    public static readonly Refusal Rehearsed = new(503, "rehearsed", "The Simulator asked for this failure.");
    public static readonly Refusal RehearsedDrop = new(NoAnswer, "rehearsed_drop", "The Simulator asked for a dropped connection.");
    public static readonly Refusal TooLate = new(503, "too_late", "The delivery could not be stored in time.");

    /// <summary>Stands in the place of a status where the connection is dropped without an answer.</summary>
    public const int NoAnswer = 0;

    private const string RetryAfterSeconds = "10";

    private readonly byte[] document;

    private Refusal(int status, string code, string title)
    {
        Status = status;
        Code = code;
        Title = title;
        document = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["type"] = "about:blank",
                ["title"] = title,
                ["status"] = status,
                ["code"] = code,
            }
        );
    }

    /// <summary>The HTTP status; <see cref="NoAnswer"/> where none is given.</summary>
    public int Status { get; }

    /// <summary>A short stable code: in the problem document, the rejected log and the metrics.</summary>
    public string Code { get; }

    /// <summary>Whether a request that is refused so had been verified: something of ours kept it out.</summary>
    public bool IsOfVerified => Code is "queue_full" or "disk_low" or "storage_failing" or "too_late" or "rehearsed" or "rehearsed_drop";

    /// <summary>The reason in a sentence.</summary>
    public string Title { get; }

    /// <summary>The refusal for a signature that is not verified.</summary>
    public static Refusal Of(SignatureCheck check) =>
        check switch
        {
            SignatureCheck.Missing => SignatureMissing,
            SignatureCheck.Malformed => SignatureMalformed,
            SignatureCheck.GivenTwice => SignatureGivenTwice,
            SignatureCheck.BothContracts => SignatureOfBothContracts,
            SignatureCheck.NoSecret => NoSecret,
            SignatureCheck.NotChecked => VerifyingBusy,
            _ => SignatureMismatch,
        };

    /// <summary>Writes the answer.</summary>
    public ValueTask WriteAsync(HttpResponse response, CancellationToken cancellationToken)
    {
        if (Status == NoAnswer)
        {
            response.HttpContext.Abort();
            return default;
        }

        response.StatusCode = Status;
        response.ContentType = "application/problem+json";
        response.ContentLength = document.Length;
        if (Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }
        else if (Status == StatusCodes.Status405MethodNotAllowed)
        {
            response.Headers.Allow = HttpMethods.Post;
        }

        if (Status is StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status400BadRequest)
        {
            response.Headers.Connection = "close"; // what is left of the body is of no use to anyone
        }

        return HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? default
            : new(response.Body.WriteAsync(document, cancellationToken).AsTask());
    }
}
