using System.Buffers;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Simulator;

/// <summary>A request as eSIMfly would send it, or as someone would who is not eSIMfly.</summary>
public sealed record SimulatedRequest
{
    /// <summary>The body, as text.</summary>
    public required string Body { get; init; }

    /// <summary>The contract whose headers it has.</summary>
    public required ContractVersion Contract { get; init; }

    /// <summary>The form of the body that is signed.</summary>
    public SignedForm Form { get; init; } = SignedForm.RawBody;

    /// <summary>The event that its header names; null for no such header.</summary>
    public string? EventHeader { get; init; }

    /// <summary>The delivery's id, which a retry keeps.</summary>
    public string DeliveryId { get; init; } = Guid.NewGuid().ToString();

    /// <summary>Whether it is signed at all.</summary>
    public bool IsSigned { get; init; } = true;

    /// <summary>What is sent in the place of the signed body; null for that itself.</summary>
    public string? TamperedBody { get; init; }

    /// <summary>The request for an address, signed with a key.</summary>
    /// <exception cref="FormatException">The body has no such form to be signed: it is not JSON.</exception>
    public HttpRequestMessage ToHttp(Uri address, ReadOnlySpan<byte> key)
    {
        var body = Encoding.UTF8.GetBytes(Body);
        var sent = TamperedBody is null ? body : Encoding.UTF8.GetBytes(TamperedBody);
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(sent) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Json);
        request.Headers.TryAddWithoutValidation(WebhookHeaders.DeliveryId(Contract), DeliveryId);
        if (EventHeader is not null)
        {
            request.Headers.TryAddWithoutValidation(WebhookHeaders.Event(Contract), EventHeader);
        }

        if (!IsSigned || TamperedBody is not null)
        {
            request.Headers.Add(SimulatorProof.Header, SimulatorProof.Of(key, DeliveryId, sent));
        }

        request.Headers.UserAgent.ParseAdd("eSIMfly-Desk-Simulator/1.0");
        if (IsSigned)
        {
            var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, SignedBytesOf(body)));
            if (Contract == ContractVersion.V2026_04)
            {
                request.Headers.Add(WebhookHeaders.Signature202604, "sha256=" + signature);
            }
            else
            {
                request.Headers.Add(WebhookHeaders.Signature202511, signature);
            }
        }

        return request;
    }

    private byte[] SignedBytesOf(byte[] body)
    {
        if (Form == SignedForm.RawBody)
        {
            return body;
        }

        var signed = new ArrayBufferWriter<byte>();
        return SignedBytes.TryWrite(Form, body, signed)
            ? signed.WrittenSpan.ToArray()
            : throw new FormatException("The body is not JSON, so it can be signed as it is only.");
    }
}

/// <summary>What a simulated request was answered with.</summary>
/// <param name="Status">The HTTP status; null where no answer came.</param>
/// <param name="Duration">From the request to its answer.</param>
/// <param name="Problem">Why no answer came, in words; null where one did.</param>
public sealed record SimulatedAnswer(int? Status, TimeSpan Duration, string? Problem)
{
    /// <summary>What the answer says of itself, where it is a refusal.</summary>
    public string? Says { get; init; }
}
