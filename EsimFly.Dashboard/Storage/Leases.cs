namespace EsimFly.Dashboard.Storage;

/// <summary>
/// What this instance does for all instances: one of them projects the log into the read model, and one, the leader, does the rest.
/// </summary>
internal abstract class Leases
{
    /// <summary>The random name of this run of the instance; empty where there are no others.</summary>
    public virtual string Instance => "";

    /// <summary>Whether it projects the log into the read model.</summary>
    public abstract bool IsProjector { get; }

    /// <summary>Whether it runs what is done once for all: alerts, synchronising, retention, the nightly check.</summary>
    public abstract bool IsLeader { get; }
}

/// <summary>The only instance does everything.</summary>
internal sealed class SoleInstance : Leases
{
    /// <inheritdoc/>
    public override bool IsProjector => true;

    /// <inheritdoc/>
    public override bool IsLeader => true;
}
