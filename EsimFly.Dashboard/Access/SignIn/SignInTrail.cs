using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage.Workers;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Writes into the audit log how many wrong tries a day had, one line an account: each by itself would let anybody grow the log, which is
/// kept for good.
/// </summary>
internal sealed partial class SignInTrail(SignInTries tries, AuditLog audit, TimeProvider time, ILogger<SignInTrail> logger)
    : PeriodicWorker(time, logger)
{
    private readonly Lock gate = new();
    private Task? last;

    /// <inheritdoc/>
    protected override TimeSpan UntilNext { get; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    protected override TimeSpan AfterStart => UntilNext;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Task ending;
        lock (gate)
        {
            ending = last ??= WriteAsync(isEnding: true, cancellationToken); // a host may be stopped twice at once
        }

        await ending;
    }

    /// <inheritdoc/>
    protected override Task TickAsync(CancellationToken stoppingToken) => WriteAsync(isEnding: false, stoppingToken);

    private async Task WriteAsync(bool isEnding, CancellationToken cancellationToken)
    {
        foreach (var (email, words) in tries.Take(isEnding))
        {
            try
            {
                await audit.WriteAsync(
                    new(AuditActions.SignInsRefused, email.Length == 0 ? "addresses without an account" : email, words)
                    {
                        ActorName = "someone",
                    },
                    cancellationToken
                );
            }
            catch (Exception fault) when (fault is not OperationCanceledException) // the desk does not end for want of a line
            {
                Log.NotWritten(logger, words);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The audit log could not be written, so it lacks this of an account: {Words}.")]
        public static partial void NotWritten(ILogger logger, string words);
    }
}
