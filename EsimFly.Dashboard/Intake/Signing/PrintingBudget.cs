using System.Collections.Concurrent;
using System.Net;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Intake.Signing;

/// <summary>
/// How much time may be spent on printing bodies in other signed forms for requests that turn out not to be signed: anybody can
/// ask for it, and it costs a hundred times what the raw form costs. Each sender has a share and all strangers together have one; a sender
/// that has sent a verified delivery is no stranger, so that a flood from many networks does not keep a real sender out.
/// </summary>
internal sealed class PrintingBudget(TimeProvider time)
{
    private const int MostSenders = 10_000;

    // Time a second. Behind a proxy that is not in Webhooks:KnownProxies, a known sender may be a stranger too: it has more.
    private static readonly TimeSpan OfASender = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan OfAKnownSender = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan OfStrangers = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Share> senders = new(StringComparer.Ordinal);
    private readonly Share strangers = new(OfStrangers);
    private volatile IPAddress? lastVerified;

    /// <summary>How many senders are remembered.</summary>
    internal int Senders => senders.Count;

    /// <summary>Whether a sender's request may be printed: where its time is used up it may come again later.</summary>
    /// <param name="sender">The sender's network, as <see cref="Contract.SenderNetwork"/> has it.</param>
    public bool Allows(string sender)
    {
        var now = time.GetTimestamp();
        var share = senders.GetValueOrDefault(sender);
        return share?.HasLeft(time, now) != false && (share?.IsKnown == true || strangers.HasLeft(time, now));
    }

    /// <summary>Charges what printing a request cost that was not signed.</summary>
    public void Charge(string sender, TimeSpan spent)
    {
        var now = time.GetTimestamp();
        var share = Of(sender);
        share.Take(time, now, spent);
        if (!share.IsKnown)
        {
            strangers.Take(time, now, spent);
        }
    }

    /// <summary>A sender's request was verified, now or before the start.</summary>
    public void Verified(IPAddress? address)
    {
        // With each delivery: nearly all come from where the last one came from.
        if (address is null || !address.Equals(lastVerified))
        {
            Of(SenderNetwork.Of(address)).BecomeKnown();
            lastVerified = address;
        }
    }

    private Share Of(string sender)
    {
        if (senders.Count >= MostSenders)
        {
            foreach (var (stranger, _) in senders.Where(static pair => !pair.Value.IsKnown))
            {
                senders.TryRemove(stranger, out _);
            }
        }

        return senders.GetOrAdd(sender, static _ => new Share(OfASender));
    }

    /// <summary>
    /// A bucket that fills by so much time a second, and holds a second's worth. The requests under way may overdraw it by as much.
    /// </summary>
    private sealed class Share(TimeSpan atFirst)
    {
        private readonly Lock gate = new();
        private TimeSpan perSecond = atFirst;
        private volatile bool isKnown;
        private TimeSpan left;
        private long filledAt;

        public bool IsKnown => isKnown;

        public void BecomeKnown()
        {
            if (!isKnown)
            {
                lock (gate)
                {
                    (perSecond, left, isKnown) = (OfAKnownSender, OfAKnownSender, true);
                }
            }
        }

        public bool HasLeft(TimeProvider time, long now)
        {
            lock (gate)
            {
                Fill(time, now);
                return left > TimeSpan.Zero;
            }
        }

        public void Take(TimeProvider time, long now, TimeSpan spent)
        {
            lock (gate)
            {
                Fill(time, now);
                left = left - spent < -perSecond ? -perSecond : left - spent;
            }
        }

        private void Fill(TimeProvider time, long now)
        {
            var passed = filledAt == 0 ? TimeSpan.FromSeconds(1) : time.GetElapsedTime(filledAt, now);
            if (passed > TimeSpan.Zero)
            {
                left += perSecond * Math.Min(passed.TotalSeconds, 60);
                left = left > perSecond ? perSecond : left;
                filledAt = now;
            }
        }
    }
}
