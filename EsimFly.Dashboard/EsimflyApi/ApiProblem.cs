using System.Net;

namespace EsimFly.Dashboard.EsimflyApi;

/// <summary>Why eSIMfly's API gave no answer that can be used.</summary>
/// <param name="Code">eSIMfly's code, or one of the desk's own in lower case.</param>
/// <param name="Says">The same in words, with what to do.</param>
internal sealed record ApiProblem(string Code, string Says)
{
    /// <summary>No keys are set.</summary>
    public static readonly ApiProblem NoKeys = new("no_keys", "No keys of eSIMfly’s API are set.");

    /// <summary>The desk's own limit.</summary>
    public static readonly ApiProblem NoBudget = new(
        "budget",
        "So many requests were made lately that this one has to wait. Try again in a minute."
    );

    /// <summary>No answer came.</summary>
    public static readonly ApiProblem Unreachable = new(
        "unreachable",
        "eSIMfly did not answer in time. Is the network up, and may this machine reach it?"
    );

    /// <summary>The desk's own storage.</summary>
    public static readonly ApiProblem NotKept = new("not_kept", "eSIMfly answered, and the desk could not keep it. It is asked again.");

    /// <summary>An answer that is none of eSIMfly's forms.</summary>
    public static ApiProblem Odd(HttpStatusCode status) =>
        new("odd_answer", $"What answered ({(int)status}) does not answer as eSIMfly’s API does. Is the address right?");

    /// <summary>The words for a code of eSIMfly's.</summary>
    /// <param name="code">The code; null where the answer had none.</param>
    /// <param name="message">eSIMfly's own words.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="skew">How far this machine's clock is ahead of eSIMfly's; null where that is not known.</param>
    public static ApiProblem Of(string? code, string? message, HttpStatusCode status, TimeSpan? skew) =>
        new(
            code ?? $"http_{(int)status}",
            code switch
            {
                "INVALID_SIGNATURE" or "AUTH_INVALID_SIGNATURE" => "The secret key is not the one that belongs to the access code.",
                "INVALID_API_KEY" or "AUTH_INVALID_ACCESS_CODE" => "eSIMfly does not know the access code.",
                "INVALID_TIMESTAMP" or "AUTH_EXPIRED_TIMESTAMP" =>
                    $"This machine’s clock is wrong{By(skew)}. Set it (NTP), then try again.",
                "INVALID_REQUEST_ID" or "DUPLICATE_REQUEST" => "eSIMfly refused the request’s id. Try again.",
                "HMAC_REQUIRED" or "AUTH_MISSING" => "eSIMfly did not see the signature. Does a proxy take headers away?",
                "INVALID_USER" => "This is no business account: eSIMfly’s API is for those alone.",
                "RATE_LIMIT_EXCEEDED" or "DAILY_LIMIT_EXCEEDED" => "eSIMfly asks to wait: too many requests were made with this key.",
                "FORBIDDEN" or "ESIM_ACCESS_DENIED" => "That is not of this account.",
                "NOT_SUPPORTED" or "UNSUPPORTED_PROVIDER" or "SMS_NOT_SUPPORTED" or "TOPUP_NOT_SUPPORTED" =>
                    "eSIMfly does not offer that for this eSIM’s network.",
                "ESIM_NOT_FOUND" or "ORDER_NOT_FOUND" => "eSIMfly does not know it.",
                "PROVIDER_ERROR" or "SYSTEM_ERROR" or "SERVICE_UNAVAILABLE" => "eSIMfly, or the network behind it, has a problem just now.",
                "MISSING_IDENTIFIER" or "MISSING_ICCID" or "MISSING_FIELDS" or "MISSING_PACKAGE_CODE" or "MISSING_MESSAGE" =>
                    "eSIMfly missed something in the request. That is a fault of this desk: report it.",
                "INSUFFICIENT_BALANCE" => "The balance at eSIMfly does not cover it.",
                "INVALID_PACKAGE" or "PACKAGE_NOT_FOUND" or "INVALID_TOPUP_PACKAGE" => "eSIMfly does not sell that package.",
                "PRICE_MISMATCH" => "eSIMfly sells that package at another price now.",
                "ORDER_PROCESSING_ERROR" => "eSIMfly could not process the order.",
                "ESIM_NOT_TOPPABLE" or "NOT_ELIGIBLE" => "eSIMfly does not allow that in the eSIM’s present state.",
                "ALREADY_CANCELLED" => "It was cancelled before.",
                "INVALID_ACTION" => "eSIMfly does not know that action.",
                "MESSAGE_TOO_LONG" => "The message is longer than the 500 characters that eSIMfly takes.",
                "SMS_FAILED" => "eSIMfly could not send the message.",
                null when status == HttpStatusCode.Unauthorized => "eSIMfly does not accept these keys.",
                null when (int)status >= 500 => "eSIMfly has a problem just now.",
                _ => message is { Length: > 0 and < 300 } ? $"eSIMfly answered: {message}" : $"eSIMfly answered with {(int)status}.",
            }
        );

    private static string By(TimeSpan? skew) =>
        skew is { } by && by.Duration() > TimeSpan.FromSeconds(30)
            ? FormattableString.Invariant($": it is {by.Duration().TotalMinutes:0.#} minutes {(by > TimeSpan.Zero ? "ahead" : "behind")}")
            : "";
}

/// <summary>An answer of eSIMfly's API, or why there is none.</summary>
internal readonly record struct ApiAnswer<T>(T? Value, ApiProblem? Problem)
    where T : class
{
    /// <summary>The answer.</summary>
    public static implicit operator ApiAnswer<T>(T value) => new(value, null);

    /// <summary>Why there is none.</summary>
    public static implicit operator ApiAnswer<T>(ApiProblem problem) => new(null, problem);
}
