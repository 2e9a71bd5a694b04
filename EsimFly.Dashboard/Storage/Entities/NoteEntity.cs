namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What somebody wrote down about an order, an eSIM or an incident.</summary>
internal sealed class NoteEntity
{
    /// <summary>A sequence number.</summary>
    public long Id { get; set; }

    /// <summary>What it is about.</summary>
    public CaseKind Kind { get; set; }

    /// <summary>Which: see <see cref="CaseEntity.Key"/>.</summary>
    public required string Key { get; set; }

    /// <summary>True for test data.</summary>
    public bool IsTest { get; set; }

    /// <summary>When it was written, Unix milliseconds.</summary>
    public long AtMs { get; set; }

    /// <summary>The account that wrote it.</summary>
    public required string AuthorId { get; set; }

    /// <summary>What that account was called then.</summary>
    public required string AuthorName { get; set; }

    /// <summary>The note, codes masked.</summary>
    public required string Text { get; set; }
}
