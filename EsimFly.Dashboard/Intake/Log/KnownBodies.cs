using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Writing;

namespace EsimFly.Dashboard.Intake.Log;

/// <summary>
/// Knows the bodies that came lately, and asks the read model for older ones, so that a repeat is logged without its body. This saves space
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
    public KnownBody? Find(bool isTest, ReadOnlySpan<byte> hash) => bodies.GetValueOrDefault(BodyKey.Of(isTest, hash));

    /// <summary>Looks up in the read model which of some bodies are known there.</summary>
    /// <param name="some">Whether the test secret signed it, and the hash of its signed bytes.</param>
    /// <param name="readModel">The read model as it is read.</param>
    /// <exception cref="System.Data.Common.DbException">The read model is damaged.</exception>
    public void Recall(IEnumerable<(bool IsTest, byte[] Hash)> some, Statements readModel)
    {
        var missing = some.Where(body => !bodies.ContainsKey(BodyKey.Of(body.IsTest, body.Hash))).ToList();
        var found = readModel.QueryEach(
            LogSql.FindKnown,
            missing.ConvertAll(static body => new object[] { body.IsTest, body.Hash }),
            static row => new KnownBody(row.GetInt64(0), row.GetInt32(1) - 1)
        );
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] is [var older])
            {
                Add(BodyKey.Of(missing[i].IsTest, missing[i].Hash), older);
            }
        }
    }

    /// <summary>Notes a body that is new.</summary>
    public void Add(bool isTest, ReadOnlySpan<byte> hash, long seq) => Add(BodyKey.Of(isTest, hash), new KnownBody(seq, repeats: 0));

    /// <summary>Forgets a body.</summary>
    public void Forget(bool isTest, ReadOnlySpan<byte> hash) => bodies.Remove(BodyKey.Of(isTest, hash));

    /// <summary>Forgets everything: what was noted last may not have been kept.</summary>
    public void Clear()
    {
        bodies.Clear();
        order.Clear();
    }

    private void Add(BodyKey key, KnownBody body)
    {
        if (bodies.TryAdd(key, body))
        {
            order.Enqueue(key);
            if (order.Count > Most)
            {
                bodies.Remove(order.Dequeue());
            }
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
