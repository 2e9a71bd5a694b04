using System.Buffers;
using System.Globalization;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Sealing;

namespace EsimFly.Dashboard.Projection.Erasing;

/// <summary>
/// The names of the eSIMs and orders that were erased, as keyed hashes, and what is left of an event that names one. Every entry of the
/// log is read through this, so that nothing erased comes back by a rebuild, a late retry or a restore.
/// </summary>
internal sealed class ErasedNames(Sealer sealer)
{
    private const int ShortestName = 4;
    private const int LongestName = 100;

    private static readonly SearchValues<byte> OfNames = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8
    );

    // Enough to tell the eSIMs of one order apart.
    private const int PseudonymDigits = 10;

    private HashSet<string> hashes = new(StringComparer.Ordinal);

    /// <summary>The keyed hash of an eSIM.</summary>
    public byte[] OfEsim(bool isTest, string iccid) => sealer.KeyedHash(Text("esim", isTest, iccid));

    /// <summary>The keyed hash of an order's id.</summary>
    public byte[] OfOrderId(bool isTest, string orderId) => sealer.KeyedHash(Text("order", isTest, orderId));

    /// <summary>The keyed hash of an order's reference.</summary>
    public byte[] OfReference(bool isTest, string reference) => sealer.KeyedHash(Text("reference", isTest, reference));

    /// <summary>How many are known.</summary>
    public int Count => Volatile.Read(ref hashes).Count;

    /// <summary>Knows further names, by their hashes.</summary>
    public void Add(IEnumerable<byte[]> added)
    {
        var more = new HashSet<string>(hashes, StringComparer.Ordinal);
        more.UnionWith(added.Select(Convert.ToHexString));
        Volatile.Write(ref hashes, more); // readers see the one or the other whole
    }

    /// <summary>What may be kept of an event.</summary>
    /// <returns>
    /// The event as it is where it names nothing erased; without the eSIM where it has more to report; null where it has not.
    /// </returns>
    public ParsedEvent? Strip(ParsedEvent reported, bool isTest)
    {
        var known = Volatile.Read(ref hashes);
        if (known.Count == 0)
        {
            return reported; // as a rule
        }

        if (
            (reported.OrderId is { } id && Holds(known, OfOrderId(isTest, id)))
            || (reported.OrderReference is { } reference && Holds(known, OfReference(isTest, reference)))
        )
        {
            return null;
        }

        return Without(reported, iccid => Holds(known, OfEsim(isTest, iccid)) ? Pseudonym(OfEsim(isTest, iccid)) : null);
    }

    /// <summary>Whether a body that could not be used has one of the names in it, as a word.</summary>
    public bool AreNamedIn(ReadOnlySpan<byte> body, bool isTest)
    {
        var known = Volatile.Read(ref hashes);
        if (known.Count == 0)
        {
            return false;
        }

        while (!body.IsEmpty)
        {
            var length = body.IndexOfAnyExcept(OfNames);
            length = length < 0 ? body.Length : length;
            if (length is >= ShortestName and <= LongestName)
            {
                var word = Encoding.ASCII.GetString(body[..length]);
                if (
                    Holds(known, OfEsim(isTest, IccidText.Key(word)))
                    || Holds(known, OfOrderId(isTest, word))
                    || Holds(known, OfReference(isTest, word))
                )
                {
                    return true;
                }
            }

            body = body[Math.Min(length + 1, body.Length)..];
        }

        return false;
    }

    // Of an eSIM in an order the order's part stays, so that the order remains complete.
    private static ParsedEvent? Without(ParsedEvent reported, Func<string, string?> pseudonymOf)
    {
        var left = reported.Esims.Where(esim => pseudonymOf(esim.Iccid) is null).ToList();
        if (left.Count == reported.Esims.Count)
        {
            return reported;
        }

        var isOfOrder = reported.OrderId is not null || reported.OrderReference is not null;
        if ((left.Count == 0 && !isOfOrder) || reported.Type is EventType.TopUpCompleted or EventType.TopUpFailed)
        {
            return null;
        }

        var listed = reported.Facts.Esims ?? [.. reported.Esims.Select(static esim => new EsimFact(esim.Iccid, Status: null))];
        return reported with
        {
            Esims = left,
            Facts = reported.Facts.WithoutIdentities() with
            {
                Esims = [.. listed.Select(esim => pseudonymOf(esim.Iccid) is { } other ? new EsimFact(other, Status: null) : esim)],
            },
        };
    }

    private static bool Holds(HashSet<string> known, byte[] hash) => known.Contains(Convert.ToHexString(hash));

    private static string Pseudonym(byte[] hash) => "erased-0" + Convert.ToHexStringLower(hash)[..PseudonymDigits];

    private static string Text(string kind, bool isTest, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}\n{(isTest ? "test" : "live")}\n{name}");
}
