namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What is odd about an order. Stored as numbers: never renumber.</summary>
[Flags]
public enum OrderFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>
    /// Its end was reported, but its <c>order.created</c> never came. An order of contract 2026-04, which has no such event, is none.
    /// </summary>
    Stub = 1,

    /// <summary>A failure was reported after it had completed.</summary>
    FailedAfterCompleted = 2,

    /// <summary>It completed with another number of eSIMs than was ordered.</summary>
    QuantityMismatch = 4,

    /// <summary>Its events give it more than one reference.</summary>
    ReferenceConflict = 8,

    /// <summary>It was reported as created again after it had failed.</summary>
    CreatedAgain = 16,

    /// <summary>Its reference belongs to more than one order id, so what names the reference alone cannot be matched.</summary>
    AmbiguousReference = 32,

    /// <summary>Its state rests on eSIMfly's API alone: no event reported it.</summary>
    FromApi = 64,

    /// <summary>An event of it never came, and eSIMfly's API answered what it would have reported.</summary>
    Reconciled = 128,
}
