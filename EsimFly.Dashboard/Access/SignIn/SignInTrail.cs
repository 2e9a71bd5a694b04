using EsimFly.Dashboard.Access.Audit;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Writes into the audit log how many wrong tries a day had, one line an account: each by itself would let anybody grow the log, which is
/// kept for good.
/// </summary>
internal sealed partial class SignInTrail(SignInTries tries, AuditLog audit, TimeProvider time, ILogger<SignInTrail> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private Task? last;

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        Task ending;
        lock (gate)
        {
            ending = last ??= WriteAsync(isEnding: true, cancellationToken); // a host may be stopped twice at once
        }

        await ending.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await WriteAsync(isEnding: false, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    private async Task WriteAsync(bool isEnding, CancellationToken cancellationToken)
    {
        foreach (var (email, words) in tries.Take(isEnding))
        {
            try
            {
                await audit
                    .WriteAsync(
                        new(AuditActions.SignInsRefused, email.Length == 0 ? "addresses without an account" : email, words)
                        {
                            ActorName = "someone",
                        },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
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
