using System.Diagnostics.Metrics;

namespace EsimFly.Dashboard.Hosting.Observability;

/// <summary>The meters of the application, one method a fact. Durations are in seconds, as OpenTelemetry has them.</summary>
internal sealed class DashboardMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "EsimFly.Dashboard";

    private readonly Meter meter;
    private readonly Counter<long> deliveries;
    private readonly Histogram<double> receiveDuration;
    private readonly Histogram<double> commitDuration;
    private readonly Histogram<int> commitSize;
    private readonly Counter<long> projected;
    private readonly Histogram<double> projectionDuration;
    private readonly Histogram<double> projectionLag;
    private readonly Counter<long> signInsRefused;

    /// <summary>Makes the meters.</summary>
    public DashboardMetrics(IMeterFactory factory)
    {
        meter = factory.Create(MeterName);
        deliveries = meter.CreateCounter<long>("esimfly.webhook.deliveries", "{delivery}", "Webhook requests, by outcome.");
        receiveDuration = meter.CreateHistogram<double>("esimfly.webhook.duration", "s", "From a webhook request to its answer.");
        commitDuration = meter.CreateHistogram<double>("esimfly.log.commit.duration", "s", "One group commit of the log, fsync included.");
        commitSize = meter.CreateHistogram<int>("esimfly.log.commit.size", "{entry}", "Entries in one group commit of the log.");
        projected = meter.CreateCounter<long>("esimfly.projection.deliveries", "{delivery}", "Deliveries that the worker ended, by state.");
        projectionDuration = meter.CreateHistogram<double>(
            "esimfly.projection.duration",
            "s",
            "One batch of the worker, from claim to commit."
        );
        projectionLag = meter.CreateHistogram<double>(
            "esimfly.projection.lag",
            "s",
            "From the arrival of a delivery to the commit of what it changed."
        );
        signInsRefused = meter.CreateCounter<long>("esimfly.sign_in.refused", "{try}", "Sign-ins that were refused, by method.");
    }

    /// <summary>Reports a figure from now on, whenever it is asked for.</summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">Its unit, as UCUM has it, or what is counted in braces.</param>
    /// <param name="description">What it means.</param>
    /// <param name="value">Reads it; null where there is none at present.</param>
    public void Watch(string name, string unit, string description, Func<double?> value) =>
        meter.CreateObservableGauge<double>(name, () => value() is { } now ? [new(now)] : [], unit, description);

    /// <summary>Reports figures by a tag from now on.</summary>
    public void Watch(string name, string unit, string description, string tag, Func<IEnumerable<(string Value, double Figure)>> values) =>
        meter.CreateObservableGauge(
            name,
            () => values().Select(item => new Measurement<double>(item.Figure, new KeyValuePair<string, object?>(tag, item.Value))),
            unit,
            description
        );

    /// <summary>A webhook request was answered.</summary>
    public void Answered(string outcome, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("outcome", outcome);
        deliveries.Add(1, tag);
        receiveDuration.Record(duration.TotalSeconds, tag);
    }

    /// <summary>A sign-in was refused.</summary>
    public void SignInRefused(string method) => signInsRefused.Add(1, new KeyValuePair<string, object?>("method", method));

    /// <summary>The log committed a batch.</summary>
    public void LogCommitted(int entries, TimeSpan duration)
    {
        commitSize.Record(entries);
        commitDuration.Record(duration.TotalSeconds);
    }

    /// <summary>The worker committed a batch.</summary>
    public void Projected(TimeSpan duration) => projectionDuration.Record(duration.TotalSeconds);

    /// <summary>A delivery was ended by the worker.</summary>
    public void Ended(string state, TimeSpan lag)
    {
        projected.Add(1, new KeyValuePair<string, object?>("state", state));
        projectionLag.Record(Math.Max(0, lag.TotalSeconds));
    }
}
