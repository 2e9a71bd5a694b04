using System.Globalization;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Access.SignIn;

/// <summary>
/// Counts wrong passwords and second steps. <see cref="Allowed"/> from one network close the account to that network for
/// <see cref="FirstClosed"/>, and each time twice as long as before. Nobody else is kept out by it: the account's owner signs in from
/// another address, with a passkey or through the identity provider. Kept in memory: a restart forgets, and nobody who has no account can
/// fill the disk.
/// </summary>
internal sealed class SignInTries(TimeProvider time)
{
    /// <summary>How many wrong tries in a row close an account to a network.</summary>
    public const int Allowed = 5;

    /// <summary>For how long, the first time.</summary>
    public static readonly TimeSpan FirstClosed = TimeSpan.FromMinutes(5);

    /// <summary>What people who are refused read about it.</summary>
    public static readonly string Words =
        $"After {InWords.Of(Allowed)} wrong tries the account is closed to this address for {InWords.Of(FirstClosed)}, then for longer.";

    /// <summary>The longest that it is closed.</summary>
    public static readonly TimeSpan LongestClosed = TimeSpan.FromHours(8);

    // After a day without a wrong try it begins again.
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromDays(1);

    private const int MostPairs = 20_000;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Account, string Network), Tries> pairs = [];
    private Dictionary<string, Tally> today = new(StringComparer.Ordinal);
    private DateOnly day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    /// <summary>Whether an account is closed to a network at present.</summary>
    public bool IsClosed(string accountId, string network)
    {
        lock (gate)
        {
            return pairs.GetValueOrDefault((accountId, network)).ClosedUntil > time.GetUtcNow();
        }
    }

    /// <summary>Until when an account is closed to one network or another, Unix milliseconds; null where it is closed to none.</summary>
    public long? ClosedUntilMs(string accountId)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            var until = pairs
                .Where(pair => string.Equals(pair.Key.Account, accountId, StringComparison.Ordinal) && pair.Value.ClosedUntil > now)
                .Select(pair => (DateTimeOffset?)pair.Value.ClosedUntil)
                .Max();
            return until?.ToUnixTimeMilliseconds();
        }
    }

    /// <summary>A try was wrong.</summary>
    /// <param name="accountId">The account; null where there is none with that address.</param>
    /// <param name="email">The account's address; of an unknown one nothing is kept.</param>
    /// <param name="network">Where the try came from.</param>
    /// <returns>For how long that closed the account to the network; null where it did not.</returns>
    public TimeSpan? NoteWrong(string? accountId, string? email, string network)
    {
        lock (gate)
        {
            var tally = today.GetValueOrDefault(email ?? "") ?? (today[email ?? ""] = new Tally());
            tally.Count(network);
            if (accountId is null)
            {
                return null;
            }

            var now = time.GetUtcNow();
            MakeRoom(now);
            var tries = pairs.GetValueOrDefault((accountId, network));
            if (now - tries.LastAt > ForgottenAfter)
            {
                tries = default;
            }

            tries = tries with { Wrong = tries.Wrong + 1, LastAt = now };
            TimeSpan? closed = null;
            if (tries.Wrong >= Allowed)
            {
                var minutes = FirstClosed.TotalMinutes * Math.Pow(2, Math.Min(tries.Rounds, 10));
                closed = TimeSpan.FromMinutes(Math.Min(minutes, LongestClosed.TotalMinutes));
                tries = tries with { Wrong = 0, Rounds = tries.Rounds + 1, ClosedUntil = now + closed.Value };
            }

            pairs[(accountId, network)] = tries;
            return closed;
        }
    }

    /// <summary>A password or second step was right, or the password is a new one: that network begins again.</summary>
    public void NoteRight(string accountId, string network)
    {
        lock (gate)
        {
            pairs.Remove((accountId, network));
        }
    }

    /// <summary>The account has a new password: every network begins again.</summary>
    public void Forget(string accountId)
    {
        lock (gate)
        {
            foreach (var pair in pairs.Keys.Where(pair => string.Equals(pair.Account, accountId, StringComparison.Ordinal)).ToList())
            {
                pairs.Remove(pair);
            }
        }
    }

    /// <summary>Takes what was counted of a day that is over, or of today where the process ends.</summary>
    /// <returns>A line for each account that was tried; for no account the e-mail address is empty.</returns>
    public IReadOnlyList<(string Email, string Words)> Take(bool isEnding)
    {
        lock (gate)
        {
            var now = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            if (now == day && !isEnding)
            {
                return [];
            }

            var (of, tallies) = (day, today);
            (day, today) = (now, new Dictionary<string, Tally>(StringComparer.Ordinal));
            return
            [
                .. tallies.Select(pair =>
                    (pair.Key, string.Create(CultureInfo.InvariantCulture, $"{pair.Value.Words} on {of:yyyy-MM-dd} from {pair.Value.From}"))
                ),
            ];
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (pairs.Count < MostPairs)
        {
            return;
        }

        foreach (
            var pair in pairs.Where(pair => pair.Value.ClosedUntil <= now).OrderBy(pair => pair.Value.LastAt).Take(MostPairs / 4).ToList()
        )
        {
            pairs.Remove(pair.Key);
        }

        if (pairs.Count >= MostPairs)
        {
            pairs.Clear(); // all of them closed: somebody has twenty thousand networks
        }
    }

    /// <summary>The wrong tries of one network for one account.</summary>
    private readonly record struct Tries(int Wrong, int Rounds, DateTimeOffset LastAt, DateTimeOffset ClosedUntil);

    /// <summary>The wrong tries for one account within a day.</summary>
    private sealed class Tally
    {
        private const int MostNetworks = 100;

        private readonly HashSet<string> networks = new(StringComparer.Ordinal);
        private long wrong;

        public string Words => string.Create(CultureInfo.InvariantCulture, $"{wrong} wrong {(wrong == 1 ? "try" : "tries")}");

        public string From =>
            networks.Count switch
            {
                1 => networks.First(),
                >= MostNetworks => $"{MostNetworks} networks or more",
                var count => $"{count} networks",
            };

        public void Count(string network)
        {
            wrong++;
            if (networks.Count < MostNetworks)
            {
                networks.Add(network);
            }
        }
    }
}
