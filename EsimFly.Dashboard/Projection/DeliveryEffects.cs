using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Projection.Folds;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Projection;

/// <summary>
/// What a delivery changed: its subjects folded from what had been received before it, and once more with it. Computed when
/// it is asked for, by the folds that the worker uses, so nothing has to be written down beside what deliveries say.
/// </summary>
internal sealed class DeliveryEffects(ReadModelDatabase readModel)
{
    // Folding more for the sake of a page would keep its viewer waiting.
    private const int MostEvents = 5000;

    private const int MostEsims = 20;

    private const string EventsOfOrder = $"""
        SELECT {ProjectionSql.OrderEventColumns}, E."DeliverySeq"
        FROM "Events" E
        WHERE E."IsTest" = @p0 AND E."OrderKey" = @p1 AND E."DeliverySeq" <= @p2
        LIMIT @p3
        """;

    private const string EventsOfEsim = $"""
        SELECT {ProjectionSql.EsimEventColumns}, E."DeliverySeq"
        FROM "EventEsims" X JOIN "Events" E ON E."DeliverySeq" = X."DeliverySeq"
        WHERE X."IsTest" = @p0 AND X."Iccid" = @p1 AND X."DeliverySeq" <= @p2
        LIMIT @p3
        """;

    // What is derived from the rest, or is the order of lists.
    private static readonly HashSet<string> Derived = new(StringComparer.Ordinal)
    {
        nameof(OrderEntity.FoldState),
        nameof(OrderEntity.OrderIdSearch),
        nameof(OrderEntity.OrderReferenceSearch),
        nameof(OrderEntity.OrderIdReversed),
        nameof(OrderEntity.OrderReferenceReversed),
        nameof(EsimEntity.EidReversed),
        nameof(EsimEntity.ImsiReversed),
        nameof(OrderEntity.SortAtMs),
        nameof(OrderEntity.LastEventAtMs),
        nameof(OrderEntity.IsTest),
        nameof(EsimEntity.IccidReversed),
        nameof(EsimEntity.Iccid),
        nameof(OrderEntity.OrderId),
        nameof(EsimEntity.PlanStatusRaw),
        nameof(EsimEntity.ProfileStatusRaw),
    };

    /// <summary>What a delivery changed; empty where nothing of it was folded.</summary>
    public Task<IReadOnlyList<DeliveryEffect>> OfAsync(long seq, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyList<DeliveryEffect>>(() => Read(seq, cancellationToken), cancellationToken);

    private List<DeliveryEffect> Read(long seq, CancellationToken cancellationToken)
    {
        using var snapshot = readModel.OpenSnapshot();
        var effects = new List<DeliveryEffect>();
        if (snapshot.Context.Events.AsNoTracking().FirstOrDefault(row => row.DeliverySeq == seq) is not { } parsed)
        {
            return effects;
        }

        if (parsed.OrderKey is { } key)
        {
            effects.Add(OfOrder(snapshot, parsed.IsTest, key, seq));
        }

        foreach (
            var iccid in snapshot
                .Context.EventEsims.AsNoTracking()
                .Where(row => row.DeliverySeq == seq)
                .OrderBy(row => row.Iccid)
                .Select(row => row.Iccid)
                .Take(MostEsims)
                .ToList()
        )
        {
            cancellationToken.ThrowIfCancellationRequested();
            effects.Add(OfEsim(snapshot, parsed.IsTest, iccid, seq));
        }

        return effects;
    }

    private static DeliveryEffect OfOrder(ReadSnapshot<ReadModelDbContext> snapshot, bool isTest, string key, long seq)
    {
        var events = snapshot.Query(
            EventsOfOrder,
            static row => (Seq: row.GetInt64(ProjectionSql.FirstOwnColumn), Reported: SubjectFolder.ReadOrderEvent(row)),
            isTest,
            key,
            seq,
            MostEvents
        );
        var isAmbiguous = SubjectFolder.IsAmbiguous(isTest, key, snapshot);
        return Compare(
            SubjectKind.Order,
            OrderKeys.NameOf(key),
            isTest,
            events,
            seq,
            reported => SubjectFolder.FoldOrder(isTest, key, reported, isAmbiguous)
        );
    }

    private static DeliveryEffect OfEsim(ReadSnapshot<ReadModelDbContext> snapshot, bool isTest, string iccid, long seq)
    {
        var events = snapshot.Query(
            EventsOfEsim,
            row => (Seq: row.GetInt64(ProjectionSql.FirstOwnColumn), Reported: SubjectFolder.ReadEsimEvent(row, iccid)),
            isTest,
            iccid,
            seq,
            MostEvents
        );
        return Compare(SubjectKind.Esim, iccid, isTest, events, seq, reported => SubjectFolder.FoldEsim(isTest, iccid, reported));
    }

    private static bool IsNothing(string value) => value is "0" or nameof(OrderFlags.None) or nameof(PlanStatus.Unknown);

    private static DeliveryEffect Compare<TEvent, TRow>(
        SubjectKind kind,
        string name,
        bool isTest,
        List<(long Seq, TEvent Reported)> events,
        long seq,
        Func<IReadOnlyList<TEvent>, TRow> fold
    )
        where TRow : class
    {
        if (events.Count == MostEvents)
        {
            return new(kind, name, isTest, IsNew: false, IsTooLong: true, []);
        }

        List<TEvent> before = [.. events.Where(item => item.Seq < seq).Select(item => item.Reported)];
        var after = fold(events.ConvertAll(item => item.Reported));
        var changes =
            before.Count == 0
                ? RowDifference
                    .ValuesOf(after)
                    .Where(item => !IsNothing(item.Value))
                    .Select(item => new FieldChange(item.Field, null, item.Value))
                : RowDifference
                    .Between(kind.ToString(), name, isTest, fold(before), after)
                    .Select(item => new FieldChange(item.Field, item.Stored, item.Folded));
        return new(kind, name, isTest, before.Count == 0, IsTooLong: false, [.. changes.Where(change => !Derived.Contains(change.Field))]);
    }
}

/// <summary>What is folded.</summary>
public enum SubjectKind
{
    /// <summary>An order.</summary>
    Order,

    /// <summary>An eSIM.</summary>
    Esim,
}

/// <summary>What a delivery changed of one order or eSIM.</summary>
/// <param name="Kind">Which of both.</param>
/// <param name="Name">The order's id or reference, or the ICCID.</param>
/// <param name="IsTest">True for test data.</param>
/// <param name="IsNew">Whether nothing had spoken of it before.</param>
/// <param name="IsTooLong">Whether it has too many events to compute it.</param>
/// <param name="Fields">What changed; empty where nothing did.</param>
public sealed record DeliveryEffect(
    SubjectKind Kind,
    string Name,
    bool IsTest,
    bool IsNew,
    bool IsTooLong,
    IReadOnlyList<FieldChange> Fields
);

/// <summary>A field that a delivery changed.</summary>
/// <param name="Field">The field of the order's or eSIM's row.</param>
/// <param name="From">What it was, as invariant text; null for nothing.</param>
/// <param name="To">What it became.</param>
public sealed record FieldChange(string Field, string? From, string? To)
{
    /// <summary>The same, as viewers see it.</summary>
    internal FieldChange ForViewers() =>
        Identity.OfMember(Field) is null ? this : this with { From = Identity.Shorten(From), To = Identity.Shorten(To) };
}
