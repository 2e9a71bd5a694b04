using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Events for the folds, in a few words.</summary>
internal static class Reported
{
    public const string Order = "id:ORD-1";
    public const string Iccid = "8944500102198304826";

    private static int number;

    private static byte[] NextHash()
    {
        var hash = new byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(hash, Interlocked.Increment(ref number));
        return hash;
    }

    public static FoldEvent Event(
        EventType type,
        long atMs,
        EventFacts? facts = null,
        string? orderKey = null,
        string? reference = "REF-1",
        IReadOnlyList<string>? iccids = null,
        bool hasCodes = false
    ) =>
        new(
            FoldKey.Of(atMs, facts?.HappenedAtMs, type, NextHash()),
            atMs,
            type,
            OrderKeys.IdOf(orderKey),
            reference,
            orderKey,
            iccids ?? [],
            hasCodes,
            facts ?? new EventFacts()
        );

    public static FoldEvent Created(long atMs, int quantity = 1) =>
        Event(
            EventType.OrderCreated,
            atMs,
            new EventFacts
            {
                Quantity = quantity,
                Amount = 5.50m,
                PackageName = "USA 1GB",
            },
            Order
        );

    public static FoldEvent Completed(long atMs, params string[] iccids) =>
        Event(
            EventType.OrderCompleted,
            atMs,
            new EventFacts { Esims = [.. iccids.Select(iccid => new EsimFact(iccid, "new"))] },
            Order,
            iccids: iccids
        );

    public static FoldEvent Failed(long atMs) =>
        Event(
            EventType.OrderFailed,
            atMs,
            new EventFacts
            {
                ErrorCode = "PROVIDER_ERROR",
                ErrorMessage = "Temporary",
                CanRetry = true,
            },
            Order
        );

    public static FoldEvent Status(long atMs, string status, long? expiresAtMs = null) =>
        Event(EventType.EsimStatusChanged, atMs, new EventFacts { Status = status, ExpiresAtMs = expiresAtMs }, iccids: [Iccid]);

    public static FoldEvent Profile(long atMs, string raw, string? label = null) =>
        Event(EventType.EsimProfileUpdated, atMs, new EventFacts { Status = raw, StatusLabel = label }, iccids: [Iccid]);

    public static OrderState FoldOrder(params FoldEvent[] events) =>
        events.OrderBy(item => item.Key).Aggregate(new OrderState(), OrderFold.Apply);

    public static EsimState FoldEsim(params FoldEvent[] events) =>
        events.OrderBy(item => item.Key).Aggregate(new EsimState(), (state, item) => EsimFold.Apply(Iccid, state, item));
}
