namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>How far the log has been projected into the read model: one row, moved in the transaction of each batch.</summary>
internal sealed class PositionEntity
{
    /// <summary>Always 1.</summary>
    public int Id { get; set; }

    /// <summary>The last log entry that is in the desk.</summary>
    public long Seq { get; set; }

    /// <summary>The run of the log that this was written under: see <see cref="LogEpochs"/>.</summary>
    public required string Epoch { get; set; }
}
