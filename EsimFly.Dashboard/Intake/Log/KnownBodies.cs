using System.Runtime.InteropServices;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>
/// Knows the bodies that came lately, and asks the desk for older ones, so that a repeat is logged without its body. This saves space
/// only: whether something is a duplicate is decided by the projection, so a body that is missed here does no harm. Used by the log's
/// writer alone.
/// </summary>
internal sealed class KnownBodies
{
    private const int Most = 100_000;

    private readonly Dictionary<BodyKey, KnownBody> bodies = [];
    private readonly Queue<BodyKey> order = new();

    /// <summary>The body with that hash, or null where it is not known.</summary>
    /// <param name="isTest">Whether the test secret signed it.</param>
    /// <param name="hash">SHA-256 of the signed bytes.</param>
    /// <param name="desk">The desk as it is read; null while it cannot be.</param>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The desk is damaged.</exception>
    public KnownBody? Find(bool isTest, ReadOnlySpan<byte> hash, Statements? desk)
    {
        var key = BodyKey.Of(isTest, hash);
        if (bodies.TryGetValue(key, out var known))
        {
            return known;
        }

        return desk is not null && FindInDesk(desk, isTest, hash) is { } older ? Add(key, older) : null;
    }

    /// <summary>Notes a body that is new.</summary>
    public void Add(bool isTest, ReadOnlySpan<byte> hash, long seq) => Add(BodyKey.Of(isTest, hash), new KnownBody(seq, repeats: 0));

    /// <summary>Forgets everything: what was noted last may not have been kept.</summary>
    public void Clear()
    {
        bodies.Clear();
        order.Clear();
    }

    private static KnownBody? FindInDesk(Statements desk, bool isTest, ReadOnlySpan<byte> hash)
    {
        var statement = desk.Prepare(LogSql.FindKnown);
        statement.Bind(0, isTest ? 1L : 0L);
        statement.Bind(1, hash);
        try
        {
            return statement.Step() ? new KnownBody(statement.Row.GetInt64(0), statement.Row.GetInt32(1) - 1) : null;
        }
        finally
        {
            statement.Reset();
        }
    }

    private KnownBody Add(BodyKey key, KnownBody body)
    {
        if (bodies.TryAdd(key, body))
        {
            order.Enqueue(key);
            if (order.Count > Most)
            {
                bodies.Remove(order.Dequeue());
            }
        }

        return body;
    }

    /// <summary>Test or live, and the 32 bytes of the hash.</summary>
    private readonly record struct BodyKey(bool IsTest, ulong A, ulong B, ulong C, ulong D)
    {
        public static BodyKey Of(bool isTest, ReadOnlySpan<byte> hash)
        {
            var parts = MemoryMarshal.Cast<byte, ulong>(hash);
            return new(isTest, parts[0], parts[1], parts[2], parts[3]);
        }
    }
}

/// <summary>A body that is known.</summary>
/// <param name="seq">Its first log entry.</param>
/// <param name="repeats">How often it came again.</param>
internal sealed class KnownBody(long seq, int repeats)
{
    /// <summary>Its first log entry.</summary>
    public long Seq => seq;

    /// <summary>How often it came again.</summary>
    public int Repeats { get; set; } = repeats;
}
