namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What an entry of the log is. Stored as numbers: never renumber.</summary>
internal enum LogEntryKind
{
    /// <summary>A signed request with its body and headers.</summary>
    Delivery = 1,

    /// <summary>A request whose signed bytes were known already: the headers alone, and the number of the first.</summary>
    Repeat = 2,

    /// <summary>A delivery whose body is no longer kept: its event in its place.</summary>
    Event = 3,

    /// <summary>An entry that was removed. Only the last one leaves this behind, so that no number is ever given twice.</summary>
    Removed = 4,

    /// <summary>
    /// What eSIMfly's API answered about one order, one eSIM or the balance, with what was asked in place of the headers.
    /// </summary>
    Observation = 5,
}
