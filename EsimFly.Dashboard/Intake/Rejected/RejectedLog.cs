using System.Net;
using System.Threading.RateLimiting;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake.Receiving;

namespace EsimFly.Dashboard.Intake.Rejected;

/// <summary>
/// Chooses which refused requests are kept for people to see: one a second of each address, ten a second of all together. Fifty a second
/// of those that a secret had signed, since their retries are waited for; and of those that a secret which is not known yet may have
/// signed, a burst of fifty of each network: whole, to be verified again. The rest are counted: on the next one kept, or, where none
/// comes within the second, on one of themselves.
/// </summary>
internal sealed class RejectedLog : IDisposable
{
    // Addresses share so many places: what a flood from many of them costs is bounded.
    private const int Places = 1024;
    private const int MaxEachSecond = 10;
    private const int MaxSignedEachSecond = 50;

    // With a wrong secret every delivery is refused: what eSIMfly sends in a burst is kept, a flood that does not end is not.
    private const int MostVerifiableAtOnce = 50;
    private const int VerifiableEachSecond = 5;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly RejectedRing ring;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Reason, bool IsTest), Suppressed> suppressed = [];

    private readonly PartitionedRateLimiter<string> unsigned = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<string, int>(static address => Within(PlaceOf(address), most: 1)),
        PartitionedRateLimiter.Create<string, int>(static _ => Within(place: 0, MaxEachSecond))
    );

    private readonly PartitionedRateLimiter<string> verifiable = PartitionedRateLimiter.Create<string, int>(static address =>
        RateLimitPartition.GetTokenBucketLimiter(
            PlaceOf(address),
            static _ =>
                new()
                {
                    TokenLimit = MostVerifiableAtOnce,
                    TokensPerPeriod = VerifiableEachSecond,
                    ReplenishmentPeriod = Window,
                    QueueLimit = 0,
                }
        )
    );

    private readonly PartitionedRateLimiter<string> signed = PartitionedRateLimiter.Create<string, int>(static _ =>
        Within(place: 0, MaxSignedEachSecond)
    );

    /// <summary>Makes the log over the ring that keeps the requests.</summary>
    public RejectedLog(RejectedRing ring, TimeProvider time)
    {
        this.ring = ring;
        this.time = time;
        timer = time.CreateTimer(static log => ((RejectedLog)log!).Flush(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keeps a refused request, where it is not one too many.</summary>
    /// <param name="request">The request.</param>
    /// <param name="refusal">What it was answered.</param>
    /// <param name="address">The sender's address.</param>
    /// <param name="body">The body, empty where it was not read whole.</param>
    /// <param name="signer">
    /// The secret that signed it, or whose proof marks it as the Simulator's; null where none does, or where that was not looked at.
    /// </param>
    public void Add(HttpRequest request, Refusal refusal, string? address, ReadOnlyMemory<byte> body, SigningSecret? signer = null)
    {
        var kind = (refusal.Code, IsTest: signer is { IsTest: true });
        var isSigned = signer is not null && refusal.IsOfVerified;
        var isVerifiable = body.Length > 0 && refusal.IsVerifiableLater;
        if (
            IsKept(
                address ?? "",
                signer is not null ? signed
                    : isVerifiable ? verifiable
                    : unsigned
            )
        )
        {
            ring.TryAdd(Describe(request, refusal, address, body, TakeSuppressed(kind)) with { IsTest = kind.IsTest, IsSigned = isSigned });
        }
        else if (IsFirstSuppressed(kind))
        {
            // It has the count of those like it, should nothing be kept soon. Its body is not looked at: floods must stay cheap.
            SetBearer(
                kind,
                Describe(request, refusal, address, ReadOnlyMemory<byte>.Empty, suppressed: 0) with
                {
                    IsTest = kind.IsTest,
                    IsSigned = isSigned,
                }
            );
            timer.Change(Window, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer.Dispose();
        unsigned.Dispose();
        verifiable.Dispose();
        signed.Dispose();
    }

    private RejectedRequest Describe(HttpRequest request, Refusal refusal, string? address, ReadOnlyMemory<byte> body, int suppressed)
    {
        var headers = request.Headers;
        var (older, newer) = (headers[WebhookHeaders.Signature202511], headers[WebhookHeaders.Signature202604]);
        var (name, value) = (older.Count, newer.Count) switch
        {
            (1, 0) => (WebhookHeaders.Signature202511, older[0]),
            (0, 1) => (WebhookHeaders.Signature202604, newer[0]),
            _ => ("", null), // signed for both contracts, or twice: no secret makes that good
        };
        return new RejectedRequest(
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            refusal.Status,
            refusal.Code,
            address,
            DeliveryIdOf(headers),
            SafeHeaders.ToJson(headers),
            value is null ? null : $"{name}: {value}",
            body,
            suppressed
        );
    }

    private static string? DeliveryIdOf(IHeaderDictionary headers)
    {
        var id = headers[WebhookHeaders.DeliveryId202511].FirstOrDefault() ?? headers[WebhookHeaders.DeliveryId202604].FirstOrDefault();
        return DeliveryIds.Limit(id);
    }

    private void Flush()
    {
        List<RejectedRequest> bearers;
        lock (gate)
        {
            bearers =
            [
                .. suppressed
                    .Values.Where(those => those is { Count: > 0, Bearer: not null })
                    .Select(those => those.Bearer! with { Suppressed = those.Count - 1 }),
            ];
            suppressed.Clear();
        }

        bearers.ForEach(bearer => ring.TryAdd(bearer));
    }

    // Counted by reason and environment: a flood of one kind must not hide how many there were of another.
    private bool IsFirstSuppressed((string Reason, bool IsTest) kind)
    {
        lock (gate)
        {
            var those = suppressed.GetValueOrDefault(kind);
            suppressed[kind] = those with { Count = those.Count + 1 };
            return those.Count == 0;
        }
    }

    private void SetBearer((string Reason, bool IsTest) kind, RejectedRequest bearer)
    {
        lock (gate)
        {
            if (suppressed.TryGetValue(kind, out var those))
            {
                suppressed[kind] = those with { Bearer = bearer };
            }
        }
    }

    private int TakeSuppressed((string Reason, bool IsTest) kind)
    {
        lock (gate)
        {
            return suppressed.Remove(kind, out var those) ? those.Count : 0;
        }
    }

    private static bool IsKept(string address, PartitionedRateLimiter<string> limiter)
    {
        using var lease = limiter.AttemptAcquire(address);
        return lease.IsAcquired;
    }

    private static int PlaceOf(string address)
    {
        var network = SenderNetwork.Of(IPAddress.TryParse(address, out var parsed) ? parsed : null);
        return (int)((uint)network.GetHashCode(StringComparison.Ordinal) % Places);
    }

    private static RateLimitPartition<int> Within(int place, int most) =>
        RateLimitPartition.GetFixedWindowLimiter(
            place,
            _ => new FixedWindowRateLimiterOptions
            {
                PermitLimit = most,
                Window = Window,
                QueueLimit = 0,
            }
        );

    /// <summary>Requests of one reason that were not kept, and the first of them.</summary>
    private readonly record struct Suppressed(int Count, RejectedRequest? Bearer);
}
