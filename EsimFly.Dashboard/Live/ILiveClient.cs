namespace EsimFly.Dashboard.Live;

/// <summary>What <c>/hubs/live</c> calls on its clients. Public, because SignalR implements it at run time.</summary>
public interface ILiveClient
{
    /// <summary>Something changed: read it again.</summary>
    Task Changed(LiveMessage message);
}

/// <summary>Changes, coalesced to at most one message each 100 ms.</summary>
/// <param name="Changes">Each of them once.</param>
/// <param name="IsPartial">True where there were too many to name: anything may have changed.</param>
public sealed record LiveMessage(IReadOnlyList<LiveChange> Changes, bool IsPartial);

/// <summary>One change.</summary>
/// <param name="Topic">
/// <c>order</c>, <c>esim</c>, <c>topup</c>, <c>balance</c>, <c>delivery</c>, <c>rejected</c>, <c>alert</c>,
/// <c>case</c> or <c>account</c>.
/// </param>
/// <param name="Key">
/// The order's id or reference, the ICCID, or the delivery's number; empty for the balance, rejected requests and alerts.
/// </param>
/// <param name="IsTest">Whether it is test data.</param>
public sealed record LiveChange(string Topic, string Key, bool IsTest);
