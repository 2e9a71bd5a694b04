using System.Globalization;
using System.Security.Claims;
using System.Text;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Components.Text;
using EsimFly.Dashboard.Components.Viewer;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Desk.Verdicts;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Events;

/// <summary>
/// All that is known of an order or an eSIM as one text to send to eSIMfly: ids, instants in UTC, events, bodies with codes masked.
/// </summary>
internal sealed class Evidence(AccessGuard guard, IDbContextFactory<ReadModelDbContext> contexts, LogEntries log, TimeProvider time)
{
    // What fits a ticket; the rest is in the desk.
    private const int MostBodies = 20;

    /// <summary>The body of one delivery, codes masked; null where it is not kept or is not JSON.</summary>
    public async Task<string?> BodyAsync(ClaimsPrincipal who, long seq, CancellationToken cancellationToken)
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        return (await log.FindAsync(seq, cancellationToken))?.SafeBody(isViewer);
    }

    /// <summary>Writes the text.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="title">What it is about, such as <c>order ORD-1</c>.</param>
    /// <param name="facts">Names and values, those without a value left out.</param>
    /// <param name="verdict">What the desk makes of it; null where it makes nothing.</param>
    /// <param name="events">Its events, latest first.</param>
    /// <param name="unread">A body that made no event, codes masked; null for none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<string> WriteAsync(
        ClaimsPrincipal who,
        string title,
        IReadOnlyList<(string Name, string? Value)> facts,
        Verdict? verdict,
        IReadOnlyList<EventRow> events,
        string? unread,
        CancellationToken cancellationToken
    )
    {
        var isViewer = await guard.IsViewerAsync(who, cancellationToken);
        var seqs = events.Take(MostBodies).Select(row => row.DeliverySeq).ToList();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var bodies = await log.SafeBodiesAsync(seqs, isViewer, cancellationToken);
        var deliveries = (
            await context
                .Deliveries.AsNoTracking()
                .Where(row => seqs.Contains(row.Seq))
                .Select(row => new
                {
                    row.Seq,
                    row.DeliveryId,
                    row.Contract,
                    row.Arrivals,
                })
                .ToListAsync(cancellationToken)
        ).ToDictionary(
            row => row.Seq,
            row => new Source(row.Seq, row.DeliveryId, row.Contract, row.Arrivals, bodies.GetValueOrDefault(row.Seq))
        );
        var text = Write(title, facts, verdict, events, deliveries, time.GetUtcNow().ToUnixTimeMilliseconds());
        return unread is null ? text : $"{text}--- the body, which could not be used\n{JsonText.Indent(unread)}\n";
    }

    /// <summary>The text itself. Pure.</summary>
    internal static string Write(
        string title,
        IReadOnlyList<(string Name, string? Value)> facts,
        Verdict? verdict,
        IReadOnlyList<EventRow> events,
        IReadOnlyDictionary<long, Source> deliveries,
        long nowMs
    )
    {
        var text = new StringBuilder();
        Line($"Evidence for {title}");
        Line($"Written {ViewerClock.Utc(nowMs)}. All times are UTC; activation codes are masked.");
        Line($"");
        foreach (var (name, value) in facts)
        {
            if (!string.IsNullOrWhiteSpace(value)) // an empty line would look like something that was left out
            {
                Line($"{name}: {JsonText.MakeVisible(value)}");
            }
        }

        if (verdict is not null)
        {
            Line($"Verdict: {verdict.Says}{(verdict.Missing is { } missing ? $" ({missing})" : "")}");
        }

        Line($"");
        Line($"Events, oldest first");
        foreach (var row in events.Reverse())
        {
            var source = deliveries.GetValueOrDefault(row.DeliverySeq);
            var occurred = row.OccurredAtMs is { } at ? ViewerClock.Utc(at) : "(not dated)         ";
            var received =
                $"received {ViewerClock.Utc(row.ReceivedAtMs)}{(source is { Arrivals: > 1 } ? $", {source.Arrivals} times" : "")}";
            Line($"{occurred}  {row.Type.Name().PadRight(22)}  delivery id {source?.DeliveryId ?? "(none)"}, {received}");
        }

        Line($"");
        Line($"Bodies, latest first{(events.Count > MostBodies ? $" (the latest {MostBodies} of {events.Count})" : "")}");
        foreach (var row in events)
        {
            if (deliveries.TryGetValue(row.DeliverySeq, out var source) && source.SafeBody is { } body)
            {
                Line($"--- {row.Type.Name()}, delivery id {source.DeliveryId ?? "(none)"}, contract {source.Contract.Name()}");
                text.Append(JsonText.Indent(body)).Append('\n');
            }
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>The delivery behind an event.</summary>
    internal sealed record Source(long Seq, string? DeliveryId, ContractVersion Contract, int Arrivals, string? SafeBody);
}
