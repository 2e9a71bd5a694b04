using System.Collections.Frozen;
using System.Text.Json;
using EsimFly.Dashboard.Intake.Signing;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>
/// An answer other than 200: a status and a problem document (RFC 9457) that echoes nothing of the request. All that is known of a kind of
/// refusal is in its line here: the answer, whose fault it may be, and what staff read about it.
/// </summary>
internal sealed class Refusal
{
    public static readonly Refusal MethodNotAllowed = new(405, "method_not_allowed", RefusalCause.Stranger)
    {
        Title = "Deliveries are sent with POST.",
        Past = "It was not a POST.",
        Next = "eSIMfly sends POST, so this came from somebody else.",
    };

    public static readonly Refusal HttpsRequired = new(403, "https_required", RefusalCause.SetUp)
    {
        Title = "Deliveries must be sent over HTTPS.",
        Past = "It came over plain HTTP.",
        Next = "Give eSIMfly the https address, or name your proxy in Webhooks:KnownProxies.",
    };

    public static readonly Refusal AddressNotAllowed = new(403, "address_not_allowed", RefusalCause.SetUp)
    {
        Title = "Deliveries are not accepted from this address.",
        Past = "It came from an address that is not allowed.",
        Next = "If it was eSIMfly, add its address to Webhooks:AllowedAddresses, or set Webhooks:AddressPolicy to Report.",
    };

    public static readonly Refusal ContentTypeUnsupported = new(415, "content_type_unsupported", RefusalCause.SetUp)
    {
        Title = "The content type must be application/json.",
        Past = "Its content type is not application/json.",
        Next = PlainJson,
    };

    public static readonly Refusal ContentEncodingUnsupported = new(415, "content_encoding_unsupported", RefusalCause.SetUp)
    {
        Title = "Encoded content is not accepted.",
        Past = "Its content is encoded.",
        Next = PlainJson,
    };

    public static readonly Refusal BodyTooLarge = new(413, "body_too_large", RefusalCause.SetUp)
    {
        Title = "The body is too large.",
        Past = "Its body is too large.",
        Next = "If it was eSIMfly, raise Webhooks:MaxBodyBytes.",
    };

    public static readonly Refusal BodyTooSlow = new(408, "body_too_slow", RefusalCause.Unknown)
    {
        Title = "The body did not arrive in time.",
        Past = "Its body did not arrive in time.",
    };

    public static readonly Refusal BodyBroken = new(400, "body_broken", RefusalCause.Unknown)
    {
        Title = "The body ended early or was framed wrongly.",
        Past = "Its body ended early.",
    };

    public static readonly Refusal SignatureMissing = new(401, "signature_missing", RefusalCause.Stranger)
    {
        Title = "The signature is missing.",
        Past = "It had no signature.",
        Next = SignsEach,
    };

    public static readonly Refusal SignatureMalformed = new(401, "signature_malformed", RefusalCause.Stranger)
    {
        Title = "The signature is not 64 hexadecimal digits.",
        Past = "Its signature is not 64 hex digits.",
        Next = SignsEach,
    };

    public static readonly Refusal SignatureGivenTwice = new(401, "signature_given_twice", RefusalCause.Stranger)
    {
        Title = "The signature is given more than once.",
        Past = "It had its signature twice.",
        Next = SignsOnce,
    };

    public static readonly Refusal SignatureOfBothContracts = new(401, "signature_of_both_contracts", RefusalCause.Stranger)
    {
        Title = "The signature is given for both contracts at once.",
        Past = "It had signatures of both contracts.",
        Next = SignsOnce,
    };

    public static readonly Refusal SignatureMismatch = new(401, "signature_mismatch", RefusalCause.Unknown)
    {
        Title = "The signature does not match the body.",
        Past = "Its signature matches none of the signing secrets.",
        Next = "Its body was not kept. If it was eSIMfly’s, compare the secret in its webhook settings.",
        IsVerifiableLater = true,
    };

    public static readonly Refusal NoSecret = new(503, "no_secret", RefusalCause.SetUp)
    {
        Title = "No signing secret is set here yet.",
        Past = "There was no signing secret yet.",
        IsVerifiableLater = true,
    };

    public static readonly Refusal VerifyingBusy = new(503, "verifying_busy", RefusalCause.Unknown)
    {
        Title = "Too many requests of this sender's do not verify.",
        Past = "Too many requests from its sender failed verification.",
        IsVerifiableLater = true,
    };

    public static readonly Refusal QueueFull = new(503, "queue_full", RefusalCause.Desk)
    {
        Title = "Too many deliveries are waiting.",
        Past = "Too many deliveries were waiting.",
    };

    public static readonly Refusal DiskLow = new(503, "disk_low", RefusalCause.Desk)
    {
        Title = "The disk is nearly full.",
        Past = "The disk was nearly full.",
    };

    public static readonly Refusal StorageFailing = new(503, "storage_failing", RefusalCause.Desk)
    {
        Title = "The delivery could not be stored.",
        Past = "It could not be stored.",
    };

    public static readonly Refusal TooLate = new(503, "too_late", RefusalCause.Desk)
    {
        Title = "The delivery could not be stored in time.",
        Past = "It could not be stored in time.",
    };

    public static readonly Refusal Rehearsed = new(503, "rehearsed", RefusalCause.Rehearsal)
    {
        Title = "The Simulator asked for this failure.",
        Past = "The Simulator had asked for a 503.",
    };

    public static readonly Refusal RehearsedDrop = new(NoAnswer, "rehearsed_drop", RefusalCause.Rehearsal)
    {
        Title = "The Simulator asked for a dropped connection.",
        Past = "The Simulator had asked for a dropped connection.",
    };

    /// <summary>Stands in the place of a status where the connection is dropped without an answer.</summary>
    public const int NoAnswer = 0;

    private const string RetryAfterSeconds = "10";
    private const string PlainJson = "eSIMfly sends plain application/json, so this came from somebody else, or a proxy changed it.";
    private const string SignsEach = "eSIMfly signs every delivery, so this came from somebody else, or was a test by hand.";
    private const string SignsOnce = "eSIMfly signs each delivery once, so this came from somebody else, or a proxy repeated a header.";

    private readonly Lazy<byte[]> document;

    private Refusal(int status, string code, RefusalCause cause)
    {
        Status = status;
        Code = code;
        Cause = cause;
        document = new(Document);
    }

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Refusal> All { get; } =
    [
        MethodNotAllowed,
        HttpsRequired,
        AddressNotAllowed,
        ContentTypeUnsupported,
        ContentEncodingUnsupported,
        BodyTooLarge,
        BodyTooSlow,
        BodyBroken,
        SignatureMissing,
        SignatureMalformed,
        SignatureGivenTwice,
        SignatureOfBothContracts,
        SignatureMismatch,
        NoSecret,
        VerifyingBusy,
        QueueFull,
        DiskLow,
        StorageFailing,
        TooLate,
        Rehearsed,
        RehearsedDrop,
    ];

    private static readonly FrozenDictionary<string, Refusal> ByCode = All.ToFrozenDictionary(
        static refusal => refusal.Code,
        StringComparer.Ordinal
    );

    /// <summary>The HTTP status; <see cref="NoAnswer"/> where none is given.</summary>
    public int Status { get; }

    /// <summary>A short stable code: in the problem document, the rejected log and the metrics.</summary>
    public string Code { get; }

    /// <summary>Whose fault it may be.</summary>
    public RefusalCause Cause { get; }

    /// <summary>Whether a request that is refused so had been verified: something of ours kept it out.</summary>
    public bool IsOfVerified => Cause is RefusalCause.Desk or RefusalCause.Rehearsal;

    /// <summary>Whether a secret that is not known yet may have signed it, so that it is kept whole, to be verified again.</summary>
    public bool IsVerifiableLater { get; private init; }

    /// <summary>The reason in a sentence, for the sender.</summary>
    public required string Title { get; init; }

    /// <summary>The reason in a sentence, for staff who read about it later.</summary>
    public required string Past { get; init; }

    /// <summary>What to do about it, or what happens next.</summary>
    public string Next { get; private init; } = "eSIMfly sends it again by its schedule.";

    /// <summary>The kind of refusal with a code; null for one of an earlier version: what was noted outlives the names.</summary>
    public static Refusal? Find(string code) => ByCode.GetValueOrDefault(code);

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
        response.ContentLength = document.Value.Length;
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
            : new(response.Body.WriteAsync(document.Value, cancellationToken).AsTask());
    }

    private byte[] Document() =>
        JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["type"] = "about:blank",
                ["title"] = Title,
                ["status"] = Status,
                ["code"] = Code,
            }
        );
}

/// <summary>Whose fault a refusal may be.</summary>
internal enum RefusalCause
{
    /// <summary>Somebody who is not eSIMfly: it never sends such a request.</summary>
    Stranger,

    /// <summary>What is set up here, at eSIMfly or between the two; or a stranger.</summary>
    SetUp,

    /// <summary>Anybody's: a stranger, a wrong secret, a bad connection.</summary>
    Unknown,

    /// <summary>This application: the request was verified, and eSIMfly sends it again.</summary>
    Desk,

    /// <summary>The Simulator asked for it.</summary>
    Rehearsal,
}
