using System.Text.Json.Serialization;

namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>The owner of a case, and what was found out.</summary>
/// <param name="OwnerId">The owner's account; null for nobody.</param>
/// <param name="OwnerName">What it is called.</param>
/// <param name="FollowUpAtMs">When it is to be looked at again, Unix milliseconds.</param>
/// <param name="Answers">The answers to <see cref="FirstLine"/>'s questions, by code.</param>
/// <param name="Notes">The notes, latest first.</param>
internal sealed record CaseFile(
    string? OwnerId,
    string? OwnerName,
    long? FollowUpAtMs,
    IReadOnlyDictionary<string, bool> Answers,
    IReadOnlyList<NoteRow> Notes
)
{
    /// <summary>Of what nobody has taken care of yet.</summary>
    public static CaseFile Empty { get; } = new(null, null, null, new Dictionary<string, bool>(StringComparer.Ordinal), []);
}

/// <summary>A note.</summary>
internal sealed record NoteRow(long Id, long AtMs, string Author, string Text);

/// <summary>A case in a list.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="OwnerId">The owner's account; null for nobody.</param>
/// <param name="OwnerName">What it is called.</param>
/// <param name="FollowUpAtMs">When it is to be looked at again, Unix milliseconds; null for never.</param>
/// <param name="LastNote">The latest note; null where there is none.</param>
public sealed record CaseRow(CaseSubject Subject, string? OwnerId, string? OwnerName, long? FollowUpAtMs, string? LastNote);

/// <summary>A note that was found, with what it is about.</summary>
internal sealed record NoteHit(CaseSubject Subject, string Author, string Text);

/// <summary>Somebody to whom something can be assigned.</summary>
internal sealed record Colleague(string Id, string Name);

/// <summary>The JSON form of answers.</summary>
[JsonSerializable(typeof(Dictionary<string, bool>))]
internal sealed partial class AnswersJson : JsonSerializerContext;
