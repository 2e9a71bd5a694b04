using EsimFly.Dashboard.Storage;

namespace EsimFly.Dashboard.Projection;

/// <summary>What was measured of log entries, and is not in the log: what they were answered with, and when they were processed.</summary>
internal abstract class Measured
{
    /// <summary>The present, Unix milliseconds.</summary>
    public abstract long NowMs { get; }

    /// <summary>When a delivery was processed, Unix milliseconds; null where that is not known.</summary>
    public abstract long? ProcessedAtMs(long seq);

    /// <summary>What a request was answered with, and after how many microseconds where that is known.</summary>
    public abstract (int Status, long? DurationUs) Answer(long seq);
}

/// <summary>As the worker measures: processed now, answered as the endpoint has noted.</summary>
/// <param name="nowMs">The present, Unix milliseconds.</param>
/// <param name="answers">Answers by log entry; those that are used are taken out.</param>
internal sealed class MeasuredNow(long nowMs, Dictionary<long, Answer> answers) : Measured
{
    /// <inheritdoc/>
    public override long NowMs => nowMs;

    /// <inheritdoc/>
    public override long? ProcessedAtMs(long seq) => nowMs;

    /// <inheritdoc/>
    public override (int Status, long? DurationUs) Answer(long seq) =>
        answers.Remove(seq, out var answer) ? (answer.Status, answer.DurationUs) : (StatusCodes.Status200OK, null);
}

/// <summary>As the read model that is replaced has it, for a range of entries.</summary>
internal sealed class MeasuredBefore(CarriedOver carried, long fromSeq, long toSeq, long nowMs) : Measured
{
    private readonly Dictionary<long, CarriedDelivery> deliveries = carried.Deliveries(fromSeq, toSeq);
    private readonly Dictionary<long, CarriedAnswer> answers = carried.Arrivals(fromSeq, toSeq);

    /// <inheritdoc/>
    public override long NowMs => nowMs;

    /// <summary>How a delivery fared; null where nothing is known of it.</summary>
    public CarriedDelivery? Find(long seq) => deliveries.TryGetValue(seq, out var found) ? found : null;

    /// <inheritdoc/>
    public override long? ProcessedAtMs(long seq) => Find(seq)?.ProcessedAtMs;

    /// <inheritdoc/>
    public override (int Status, long? DurationUs) Answer(long seq) =>
        answers.TryGetValue(seq, out var answer) ? (answer.Status, answer.DurationUs) : (StatusCodes.Status200OK, null);
}
