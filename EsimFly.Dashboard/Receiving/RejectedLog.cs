using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Inbox;

namespace EsimFly.Dashboard.Receiving;

/// <summary>
/// Chooses which refused requests are kept for people to see: one a second of each address, ten a second of all together.
/// The rest are counted on the next one kept.
/// </summary>
internal sealed class RejectedLog(RejectedRing ring, TimeProvider time)
{
    private const int MaxAddresses = 1024;
    private const int MaxEachSecond = 10;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, long> lastKept = new(StringComparer.Ordinal);
    private long windowStart;
    private int keptInWindow;
    private int suppressed;

    /// <summary>Keeps a refused request, where it is not one too many.</summary>
    /// <param name="request">The request.</param>
    /// <param name="refusal">What it was answered.</param>
    /// <param name="address">The sender's address.</param>
    /// <param name="body">The body, empty where it was not read whole.</param>
    public void Add(HttpRequest request, Refusal refusal, string? address, ReadOnlyMemory<byte> body)
    {
        if (!TryTake(address ?? "", out var before))
        {
            return;
        }

        var headers = request.Headers;
        var (older, newer) = (headers[WebhookHeaders.Signature202511], headers[WebhookHeaders.Signature202604]);
        var (name, value) = (older.Count, newer.Count) switch
        {
            (1, 0) => (WebhookHeaders.Signature202511, older[0]),
            (0, 1) => (WebhookHeaders.Signature202604, newer[0]),
            _ => ("", null), // signed for both contracts, or twice: no secret makes that good
        };
        ring.TryAdd(new RejectedRequest(
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            refusal.Status,
            refusal.Code,
            address,
            DeliveryIdOf(headers),
            SafeHeaders.ToJson(headers),
            value is null ? null : $"{name}: {value}",
            body,
            before));
    }

    private static string? DeliveryIdOf(IHeaderDictionary headers)
    {
        var id = headers[WebhookHeaders.DeliveryId202511].FirstOrDefault() ?? headers[WebhookHeaders.DeliveryId202604].FirstOrDefault();
        return DeliveryIds.Limit(id);
    }

    private bool TryTake(string address, out int before)
    {
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (windowStart == 0 || time.GetElapsedTime(windowStart, now) >= Window)
            {
                windowStart = now;
                keptInWindow = 0;
            }

            var isTooSoon = lastKept.TryGetValue(address, out var last) && time.GetElapsedTime(last, now) < Window;
            if (isTooSoon || keptInWindow >= MaxEachSecond)
            {
                suppressed++;
                before = 0;
                return false;
            }

            if (lastKept.Count >= MaxAddresses)
            {
                lastKept.Clear();
            }

            lastKept[address] = now;
            keptInWindow++;
            before = suppressed;
            suppressed = 0;
            return true;
        }
    }
}
