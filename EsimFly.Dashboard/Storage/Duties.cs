namespace EsimFly.Dashboard.Storage;

/// <summary>What this instance does for all: one of them works the log into the desk, and one does the rest.</summary>
internal abstract class Duties
{
    /// <summary>The random name of this run of the instance; empty where there are no others.</summary>
    public virtual string Instance => "";

    /// <summary>Whether it works the log into the desk.</summary>
    public abstract bool Projects { get; }

    /// <summary>Whether it sees to what is done once for all: alerts, synchronising, retention, the nightly check.</summary>
    public abstract bool Cares { get; }
}

/// <summary>The only instance does everything.</summary>
internal sealed class AllDuties : Duties
{
    /// <inheritdoc/>
    public override bool Projects => true;

    /// <inheritdoc/>
    public override bool Cares => true;
}
