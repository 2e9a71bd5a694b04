using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;

namespace EsimFly.Dashboard.Receiving;

/// <summary>
/// Chooses which refused requests are kept for people to see: one a second of each address, ten a second of all together, and
/// fifty of those that a secret had signed, since their retries are waited for. The rest are counted: on the next one kept, or,
/// where none comes within the second, on one of themselves.
/// </summary>
internal sealed class RejectedLog : IDisposable
{
    private const int MaxAddresses = 1024;
    private const int MaxEachSecond = 10;
    private const int MaxSignedEachSecond = 50;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly RejectedRing ring;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> lastKept = new(StringComparer.Ordinal);
    private RejectedRequest? uncounted;
    private long windowStart;
    private int keptInWindow;
    private int signedInWindow;
    private int suppressed;

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
    /// <param name="signer">The secret that signed it; null where none did, or where that was not looked at.</param>
    public void Add(HttpRequest request, Refusal refusal, string? address, ReadOnlyMemory<byte> body, SigningSecret? signer = null)
    {
        if (TryTake(address ?? "", signer is not null, out var before, out var isFirstSuppressed))
        {
            ring.TryAdd(Describe(request, refusal, address, body, before) with { IsTest = signer is { IsTest: true } });
        }
        else if (isFirstSuppressed)
        {
            // It bears the count of those like it, should nothing be kept soon. Its body is not looked at: floods must stay cheap.
            uncounted = Describe(request, refusal, address, ReadOnlyMemory<byte>.Empty, suppressed: 0);
            timer.Change(Window, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

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
            suppressed);
    }

    private static string? DeliveryIdOf(IHeaderDictionary headers)
    {
        var id = headers[WebhookHeaders.DeliveryId202511].FirstOrDefault() ?? headers[WebhookHeaders.DeliveryId202604].FirstOrDefault();
        return DeliveryIds.Limit(id);
    }

    private void Flush()
    {
        RejectedRequest? bearer;
        int others;
        lock (gate)
        {
            if (suppressed == 0)
            {
                return; // counted on one that was kept
            }

            (bearer, others) = (uncounted, suppressed - 1);
            (uncounted, suppressed) = (null, 0);
        }

        if (bearer is not null)
        {
            ring.TryAdd(bearer with { Suppressed = others });
        }
    }

    private bool TryTake(string address, bool isSigned, out int before, out bool isFirstSuppressed)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (windowStart == 0 || time.GetElapsedTime(windowStart, now) >= Window)
            {
                windowStart = now;
                keptInWindow = signedInWindow = 0;
            }

            if (isSigned ? !TryTakeSigned() : !TryTakeOf(address, now))
            {
                isFirstSuppressed = suppressed++ == 0;
                before = 0;
                return false;
            }

            before = suppressed;
            suppressed = 0;
            isFirstSuppressed = false;
            return true;
        }
    }

    private bool TryTakeSigned() => signedInWindow++ < MaxSignedEachSecond;

    private bool TryTakeOf(string address, long now)
    {
        var isTooSoon = lastKept.TryGetValue(address, out var last) && time.GetElapsedTime(last, now) < Window;
        if (isTooSoon || keptInWindow >= MaxEachSecond)
        {
            return false;
        }

        if (lastKept.Count >= MaxAddresses)
        {
            lastKept.Clear();
        }

        lastKept[address] = now;
        keptInWindow++;
        return true;
    }
}
