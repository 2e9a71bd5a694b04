using System.Collections.Immutable;
using System.Net;
using System.Net.Mime;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Hosting.Observability;
using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Intake.Rejected;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>
/// <c>/webhooks/esimfly</c>: checks a request from the cheapest to the dearest, verifies it, keeps it, and only then answers
/// 200. It answers within four seconds, always: eSIMfly waits five. (Test deliveries can be made to fail, see
/// <see cref="FaultRehearsal"/>.)
/// </summary>
internal sealed partial class WebhookEndpoint(
    IOptions<WebhooksOptions> options,
    IHostEnvironment environment,
    SigningSecrets secrets,
    PrintingBudget printing,
    DeliveryLog log,
    Answers answers,
    RejectedLog rejected,
    FaultRehearsal rehearsal,
    DashboardMetrics metrics,
    TimeProvider time,
    ILogger<WebhookEndpoint> logger
)
{
    /// <summary>The path to paste into eSIMfly's dashboard.</summary>
    public const string Path = WebhookAddress.Path;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan PastDeadline = TimeSpan.FromSeconds(1);

    private static ReadOnlyMemory<byte> Ok { get; } = "OK"u8.ToArray();

    private readonly WebhooksOptions settings = options.Value;

    private readonly bool requireHttps = options.Value.IsHttpsRequired(environment);

    private readonly ImmutableArray<SignedForm> forms = options.Value.FormsToTry();

    private readonly ImmutableArray<IPNetwork> allowed =
    [
        .. options.Value.AllowedAddresses.Select(text => WebhooksOptions.ParseNetwork(text)!.Value),
    ];

    /// <summary>Answers one request, whatever its method.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var address = AddressOf(context);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        await using var timer = time.CreateTimer(
            static source => ((CancellationTokenSource)source!).Cancel(),
            deadline,
            AnswerWithin,
            Timeout.InfiniteTimeSpan
        );

        var body = Array.Empty<byte>();
        SigningSecret? signer = null;
        try
        {
            var refusal = Screen(context.Request, address);
            if (refusal is null)
            {
                LiftServerLimit(context);
                (body, refusal) = await BodyReader.ReadAsync(context.Request, settings.MaxBodyBytes, deadline.Token);
            }

            if (refusal is null)
            {
                var verdict = Verify(context.Request.Headers, body, address, out var contract);
                signer = verdict.Secret;
                refusal =
                    verdict.Check == SignatureCheck.Verified
                        ? await KeepAsync(context, contract, verdict, address, body, started, deadline.Token)
                        : Refusal.Of(verdict.Check);
            }

            if (refusal is not null)
            {
                await RefuseAsync(context, refusal, address, body, started, signer);
            }
        }
        catch (OperationCanceledException)
        {
            metrics.Answered("hung_up", time.GetElapsedTime(started));
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            // A bug of ours must not look like the sender's: it tries again.
            Log.Failed(logger, fault);
            await RefuseAsync(context, Refusal.StorageFailing, address, body, started, signer);
        }
    }

    private Refusal? Screen(HttpRequest request, IPAddress? address)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return Refusal.MethodNotAllowed;
        }

        if (requireHttps && !request.IsHttps)
        {
            return Refusal.HttpsRequired;
        }

        if (settings.AddressPolicy == AddressPolicy.Enforce && !IsListed(address))
        {
            return Refusal.AddressNotAllowed;
        }

        if (request.Headers.ContentEncoding.Count > 0)
        {
            return Refusal.ContentEncodingUnsupported;
        }

        return IsJson(request.ContentType) ? null : Refusal.ContentTypeUnsupported;
    }

    // The raw form first, for all. The printed ones cost far more, and are tried only for a request that could be of that contract.
    private SignatureVerdict Verify(IHeaderDictionary headers, byte[] body, IPAddress? address, out ContractVersion contract)
    {
        var claimed = ClaimedSignature.Read(headers);
        contract = claimed.Contract;
        var verdict = SignatureVerifier.Verify(body, claimed, [], secrets.Current.AsSpan());
        if (verdict is { Check: SignatureCheck.Verified, Secret.IsTest: false })
        {
            printing.Verified(address);
        }

        if (verdict.Check != SignatureCheck.Mismatch || contract != ContractVersion.V2025_11 || !CouldBePrinted(body))
        {
            return verdict;
        }

        var sender = SenderNetwork.Of(address);
        if (!printing.Allows(sender))
        {
            return new(SignatureCheck.NotChecked);
        }

        var began = time.GetTimestamp();
        verdict = SignatureVerifier.Verify(body, claimed, forms.AsSpan(), secrets.Current.AsSpan());
        if (verdict.Check == SignatureCheck.Verified)
        {
            printing.Verified(address);
        }
        else
        {
            printing.Charge(sender, time.GetElapsedTime(began));
        }

        return verdict;
    }

    // Every payload of eSIMfly's is a JSON object.
    private bool CouldBePrinted(byte[] body) =>
        forms.Any(static form => form != SignedForm.RawBody)
        && SignedBytes.WithoutByteOrderMark(body).Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    private async ValueTask<Refusal?> KeepAsync(
        HttpContext context,
        ContractVersion contract,
        SignatureVerdict verdict,
        IPAddress? address,
        byte[] body,
        long started,
        CancellationToken deadline
    )
    {
        RehearsedFault fault;
        AppendResult kept;
        try
        {
            // Nothing but the installation's own test secret can make a request fail on purpose.
            fault = verdict.Secret!.IsTest ? await rehearsal.TakeAsync(deadline) : RehearsedFault.None;
            if (fault is RehearsedFault.Answer503 or RehearsedFault.DropConnection)
            {
                return fault == RehearsedFault.Answer503 ? Refusal.Rehearsed : Refusal.RehearsedDrop;
            }

            kept = await log.AppendAsync(Describe(context.Request.Headers, contract, verdict, body, address), deadline);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return Refusal.TooLate;
        }

        if (!kept.IsKept)
        {
            return kept.Outcome switch
            {
                AppendOutcome.QueueFull => Refusal.QueueFull,
                AppendOutcome.DiskLow => Refusal.DiskLow,
                _ => Refusal.StorageFailing,
            };
        }

        if (fault == RehearsedFault.AnswerLate && !await OutwaitAsync(context, contract))
        {
            answers.Note(kept.EntrySeq, Refusal.NoAnswer, time.GetElapsedTime(started));
            return null;
        }

        context.Response.ContentType = MediaTypeNames.Text.Plain;
        context.Response.ContentLength = Ok.Length;
        await context.Response.BodyWriter.WriteAsync(Ok, CancellationToken.None);
        var duration = time.GetElapsedTime(started);
        answers.Note(kept.EntrySeq, StatusCodes.Status200OK, duration);
        metrics.Answered(kept.Outcome == AppendOutcome.Stored ? "stored" : "duplicate", duration);
        return null;
    }

    // Longer than the sender waits. False where it has gone by then.
    private async Task<bool> OutwaitAsync(HttpContext context, ContractVersion contract)
    {
        await Task.Delay(RetrySchedule.Of(contract).Deadline + PastDeadline, time, context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !context.RequestAborted.IsCancellationRequested;
    }

    private NewDelivery Describe(
        IHeaderDictionary headers,
        ContractVersion contract,
        in SignatureVerdict verdict,
        byte[] body,
        IPAddress? address
    )
    {
        var addressNotListed = settings.AddressPolicy == AddressPolicy.Report && !IsListed(address);
        if (addressNotListed)
        {
            Log.AddressNotListed(logger, address);
        }

        var delivery = VerifiedDelivery.Describe(
            contract,
            verdict,
            body,
            SafeHeaders.ToUtf8(headers),
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            address?.ToString()
        );
        return delivery with { AddressNotListed = addressNotListed };
    }

    private async Task RefuseAsync(
        HttpContext context,
        Refusal refusal,
        IPAddress? address,
        byte[] body,
        long started,
        SigningSecret? signer
    )
    {
        // 405 is what a browser or a scanner gets, not a sender: no line in the log of rejected deliveries.
        if (refusal != Refusal.MethodNotAllowed)
        {
            rejected.Add(context.Request, refusal, address?.ToString(), body, signer ?? SimulatorsOwn(context.Request.Headers, body));
        }

        await refusal.WriteAsync(context.Response, CancellationToken.None);
        metrics.Answered(refusal.Code, time.GetElapsedTime(started));
    }

    // What the Simulator sends wrong on purpose counts among the tests.
    private SigningSecret? SimulatorsOwn(IHeaderDictionary headers, byte[] body)
    {
        var proof = headers[SimulatorProof.Header].FirstOrDefault();
        var id = headers[WebhookHeaders.DeliveryId202511].FirstOrDefault() ?? headers[WebhookHeaders.DeliveryId202604].FirstOrDefault();
        return proof is null
            ? null
            : secrets.Current.FirstOrDefault(secret => secret.IsTest && SimulatorProof.IsOf(proof, secret.Key, id, body));
    }

    private bool IsListed(IPAddress? address)
    {
        if (address is null)
        {
            return false;
        }

        foreach (var network in allowed)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    // An IPv4 peer of a dual-stack socket shows up as ::ffff:a.b.c.d.
    private static IPAddress? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;

    private static bool IsJson(string? contentType) =>
        string.Equals(contentType, MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        || (
            MediaTypeHeaderValue.TryParse(contentType, out var parsed)
            && parsed.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
        );

    // The server's own limit would answer in its own words; the bound is BodyReader's.
    private static void LiftServerLimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A delivery could not be handled; it was answered 503.")]
        public static partial void Failed(ILogger logger, Exception fault);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "A signed delivery came from {Address}, which is not in Webhooks:AllowedAddresses. The policy is Report, so it was taken."
        )]
        public static partial void AddressNotListed(ILogger logger, IPAddress? address);
    }
}
