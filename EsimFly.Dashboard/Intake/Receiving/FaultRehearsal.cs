using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>
/// Failures of the receiver that the Simulator asked for: so many test deliveries fail in a chosen way, then all is well again.
/// Kept in the database, so that every process fails alike and none fails once too often.
/// </summary>
internal sealed class FaultRehearsal(IDbContextFactory<LogDbContext> contexts, LogWriter writer, TimeProvider time)
{
    /// <summary>Another process learns of a rehearsal within this time; in this one it holds at once.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(250);

    private long lookedAt;
    private long generation;
    private bool isOff;

    /// <summary>What is rehearsed now.</summary>
    public async Task<Rehearsal> ReadAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await Rehearsal.Setting.ReadAsync(context, cancellationToken);
    }

    /// <summary>Rehearses a failure from the next test delivery on, or ends what was rehearsed.</summary>
    /// <param name="rehearsal">What to rehearse.</param>
    /// <param name="note">What to write in the same transaction.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SetAsync(Rehearsal rehearsal, Action<WriteTransaction> note, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rehearsal);
        await writer.WriteAsync(
            transaction =>
            {
                Rehearsal.Setting.Write(
                    transaction,
                    rehearsal with
                    {
                        Remaining = Math.Clamp(rehearsal.Remaining, 0, Rehearsal.MostRequests),
                    }
                );
                note(transaction);
            },
            cancellationToken
        );
        Interlocked.Increment(ref generation);
        Volatile.Write(ref isOff, false);
    }

    /// <summary>How this test delivery is to fail, which is one of those that are to; as a rule, not at all.</summary>
    public async ValueTask<RehearsedFault> TakeAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref isOff) && time.GetElapsedTime(Interlocked.Read(ref lookedAt)) < Freshness)
        {
            return RehearsedFault.None;
        }

        var before = Volatile.Read(ref generation);
        if (!(await ReadAsync(cancellationToken)).IsOn)
        {
            Interlocked.Exchange(ref lookedAt, time.GetTimestamp());
            Volatile.Write(ref isOff, Volatile.Read(ref generation) == before); // unless one was set meanwhile
            return RehearsedFault.None;
        }

        return await writer.WriteAsync(
            static transaction =>
            {
                var rehearsal = Rehearsal.Setting.Read(transaction);
                if (!rehearsal.IsOn)
                {
                    return RehearsedFault.None;
                }

                Rehearsal.Setting.Write(transaction, rehearsal with { Remaining = rehearsal.Remaining - 1 });
                return rehearsal.Fault;
            },
            cancellationToken
        );
    }
}
