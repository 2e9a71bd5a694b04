using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Events;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>A profile that is switched on and off again and again: one fact, however many events report it. Pure.</summary>
/// <param name="Count">How often it changed.</param>
/// <param name="SpanMs">Within what time, in milliseconds.</param>
/// <param name="Last">The last of the changes.</param>
internal sealed record ProfileFlap(int Count, long SpanMs, EventRow Last)
{
    private const int Fewest = 6;

    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    /// <summary>It in words, such as <c>switched on and off 31 times within 48 s</c>.</summary>
    public string Words => $"switched on and off {Count} times within {Spans.Words(Math.Max(1000, SpanMs))}";

    /// <summary>The latest such run; null where there is none.</summary>
    /// <param name="steps">The steps of the profile, latest first.</param>
    public static ProfileFlap? Find(IReadOnlyList<EventRow> steps)
    {
        var dated = steps.Where(row => row.Type == EventType.EsimProfileUpdated && At(row) is not null).ToList();
        for (var first = 0; first < dated.Count; first++)
        {
            var last = first;
            while (last + 1 < dated.Count && At(dated[last]) - At(dated[last + 1]) <= Apart.TotalMilliseconds)
            {
                last++;
            }

            if (last - first + 1 >= Fewest)
            {
                return new(last - first + 1, At(dated[first])!.Value - At(dated[last])!.Value, dated[first]);
            }

            first = last;
        }

        return null;
    }

    /// <summary>Whether a step belongs to it.</summary>
    public bool Has(EventRow step) =>
        step.Type == EventType.EsimProfileUpdated && At(step) is { } at && at <= At(Last) && at >= At(Last) - SpanMs;

    private static long? At(EventRow row) => row.Facts.HappenedAtMs ?? row.OccurredAtMs;
}
