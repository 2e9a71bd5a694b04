using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Projection;

/// <summary>What a batch adds to the tallies of minutes: see <see cref="MinuteTallyEntity"/>.</summary>
internal sealed class MinuteTallies
{
    private const long MinuteMs = 60_000;

    private readonly Dictionary<(bool IsTest, long MinuteMs, DeliveryState State, int TookMs), (long Count, long Repeats)> added = [];

    /// <summary>A delivery came first at that time, and ended in that state.</summary>
    public void Add(bool isTest, long receivedAtMs, DeliveryState state, long? processedAtMs) =>
        Add(
            isTest,
            receivedAtMs,
            state,
            state == DeliveryState.Processed && processedAtMs is { } at
                ? MinuteTallyEntity.Rounded(at - receivedAtMs)
                : MinuteTallyEntity.NotTimed,
            1,
            0
        );

    /// <summary>A request repeated a delivery that was known.</summary>
    public void AddRepeat(bool isTest, long receivedAtMs) =>
        Add(isTest, receivedAtMs, DeliveryState.Processed, MinuteTallyEntity.NotTimed, 0, 1);

    /// <summary>A delivery went from one state to another by being tried again: that takes it out of the times.</summary>
    public void Move(bool isTest, long receivedAtMs, DeliveryState from, DeliveryState to)
    {
        Add(isTest, receivedAtMs, from, MinuteTallyEntity.NotTimed, -1, 0);
        Add(isTest, receivedAtMs, to, MinuteTallyEntity.NotTimed, 1, 0);
    }

    /// <summary>Adds it to what is stored.</summary>
    public void Write(WriteTransaction transaction) =>
        transaction.Insert(
            ProjectionSql.Tally,
            [
                .. added.Select(static tally => new MinuteTallyEntity
                {
                    IsTest = tally.Key.IsTest,
                    MinuteMs = tally.Key.MinuteMs,
                    State = tally.Key.State,
                    TookMs = tally.Key.TookMs,
                    Count = tally.Value.Count,
                    Repeats = tally.Value.Repeats,
                }),
            ]
        );

    private void Add(bool isTest, long receivedAtMs, DeliveryState state, int tookMs, int count, int repeats)
    {
        var key = (isTest, receivedAtMs / MinuteMs * MinuteMs, state, tookMs);
        var (countBefore, repeatsBefore) = added.GetValueOrDefault(key);
        added[key] = (countBefore + count, repeatsBefore + repeats);
    }
}
