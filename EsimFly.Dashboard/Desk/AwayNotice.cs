using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Workers;

namespace EsimFly.Dashboard.Desk;

/// <summary>Logs the requests that were answered 503 since the database did not answer: once a minute, with their number.</summary>
internal sealed partial class AwayNotice(LogDatabase database, TimeProvider time, ILogger<AwayNotice> logger)
{
    private readonly RepeatedFaults faults = new(time);

    /// <summary>Whether a fault is the database's.</summary>
    public bool IsAway(Exception fault) => database.IsCauseOf(fault);

    /// <summary>The same, and so noted here.</summary>
    public bool IsNoted(Exception fault)
    {
        if (!IsAway(fault))
        {
            return false;
        }

        if (faults.IsToBeLogged(fault, out var times))
        {
            Log.Away(logger, times, fault.GetBaseException().Message);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "A page or API request was answered 503: the database did not answer. Requests since the last such line: {Times}. {Reason}"
        )]
        public static partial void Away(ILogger logger, int times, string reason);
    }
}
