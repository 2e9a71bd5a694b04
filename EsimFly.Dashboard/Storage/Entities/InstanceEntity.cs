namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>A process that uses the stores, where several do.</summary>
internal sealed class InstanceEntity
{
    /// <summary>A random name of this run of it.</summary>
    public required string Id { get; set; }

    /// <summary>What people call it.</summary>
    public required string Name { get; set; }

    /// <summary>The program's version.</summary>
    public required string Version { get; set; }

    /// <summary>The version of its read model.</summary>
    public required int ReadModelVersion { get; set; }

    /// <summary>When it started, Unix milliseconds.</summary>
    public required long StartedAtMs { get; set; }

    /// <summary>When it was last alive, Unix milliseconds by the database's clock.</summary>
    public required long SeenAtMs { get; set; }

    /// <summary>Whether it projects the log into the read model.</summary>
    public required bool IsProjector { get; set; }

    /// <summary>Whether it is the leader: it does what one instance does for all.</summary>
    public required bool IsLeader { get; set; }

    /// <summary>The last log entry that it knows to be in the read model.</summary>
    public required long Position { get; set; }
}
