using System.Security.Claims;
using System.Text;
using System.Text.Json;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.Cases;

/// <summary>What people write down about orders, eSIMs and incidents, and who owns them.</summary>
internal sealed class CaseActions(
    AccessGuard guard,
    AuditLog audit,
    LogWriter writer,
    ChangeNotifier notifier,
    IDbContextFactory<LogDbContext> contexts,
    TimeProvider time
)
{
    /// <summary>The longest note, in characters.</summary>
    public const int LongestNote = 4000;

    private const int MostNotes = 200;
    private const int MostCases = 500;

    private const string InsertNote = """
        INSERT INTO "Notes" ("Kind", "Key", "IsTest", "AtMs", "AuthorId", "AuthorName", "Text") VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
        """;

    private const string Begin = """
        INSERT INTO "Cases" ("Kind", "Key", "IsTest", "ChangedAtMs") VALUES (@p0, @p1, @p2, @p3)
            ON CONFLICT ("Kind", "Key", "IsTest") DO UPDATE SET "ChangedAtMs" = excluded."ChangedAtMs"
        """;

    // What was begun while only the order's reference was known goes on under its id.
    private const string TakeOver = """
        UPDATE "Cases" SET "Key" = @p1 WHERE "Kind" = @p0 AND "Key" = @p2 AND "IsTest" = @p3
            AND NOT EXISTS (SELECT 1 FROM "Cases" AS other WHERE other."Kind" = @p0 AND other."Key" = @p1 AND other."IsTest" = @p3)
        """;

    private const string SetOwner = """
        UPDATE "Cases" SET "OwnerId" = @p3, "OwnerName" = @p4 WHERE "Kind" = @p0 AND "Key" = @p1 AND "IsTest" = @p2
        """;

    private const string SetFollowUp = """
        UPDATE "Cases" SET "FollowUpAtMs" = @p3 WHERE "Kind" = @p0 AND "Key" = @p1 AND "IsTest" = @p2
        """;

    private const string SetAnswers = """
        UPDATE "Cases" SET "Answers" = @p3 WHERE "Kind" = @p0 AND "Key" = @p1 AND "IsTest" = @p2
        """;

    /// <summary>All that is written down about something.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<CaseFile> ReadAsync(ClaimsPrincipal who, CaseSubject subject, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var (kind, keys, isTest) = (subject.Kind, subject.Keys, subject.IsTest);
        var known = await context
            .Cases.AsNoTracking()
            .Where(row => row.Kind == kind && keys.Contains(row.Key) && row.IsTest == isTest)
            .ToListAsync(cancellationToken);
        var found = known.Find(row => string.Equals(row.Key, subject.Key, StringComparison.Ordinal)) ?? known.FirstOrDefault();
        var notes = await context
            .Notes.AsNoTracking()
            .Where(row => row.Kind == kind && keys.Contains(row.Key) && row.IsTest == isTest)
            .OrderByDescending(row => row.Id)
            .Take(MostNotes)
            .Select(row => new NoteRow(row.Id, row.AtMs, row.AuthorName, row.Text))
            .ToListAsync(cancellationToken);
        return new(found?.OwnerId, found?.OwnerName, found?.FollowUpAtMs, ReadAnswers(found?.Answers), notes);
    }

    /// <summary>Cases that are taken care of or are to be looked at again, the most urgent first.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="onlyOwn">Only their own.</param>
    /// <param name="dueBeforeMs">Only those to be looked at before that, Unix milliseconds; null for all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyList<CaseRow>> ListAsync(
        ClaimsPrincipal who,
        bool onlyOwn,
        long? dueBeforeMs,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Viewer, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var cases = context.Cases.AsNoTracking().Where(row => row.OwnerId != null || row.FollowUpAtMs != null);
        if (onlyOwn)
        {
            cases = cases.Where(row => row.OwnerId == actor.AccountId);
        }

        if (dueBeforeMs is { } before)
        {
            cases = cases.Where(row => row.FollowUpAtMs < before);
        }

        var rows = await cases
            .OrderBy(row => row.FollowUpAtMs == null)
            .ThenBy(row => row.FollowUpAtMs)
            .ThenByDescending(row => row.ChangedAtMs)
            .Take(MostCases)
            .Select(row => new
            {
                row.Kind,
                row.Key,
                row.IsTest,
                row.OwnerId,
                row.OwnerName,
                row.FollowUpAtMs,
                Note = context
                    .Notes.Where(note => note.Kind == row.Kind && note.Key == row.Key && note.IsTest == row.IsTest)
                    .OrderByDescending(note => note.Id)
                    .Select(note => note.Text)
                    .FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return
        [
            .. rows.Select(row => new CaseRow(new(row.Kind, row.Key, row.IsTest), row.OwnerId, row.OwnerName, row.FollowUpAtMs, row.Note)),
        ];
    }

    /// <summary>Owner and notes of all cases of a kind, by key and environment, for a file.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyDictionary<(string Key, bool IsTest), (string? Owner, string Notes)>> ForExportAsync(
        ClaimsPrincipal who,
        CaseKind kind,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var owners = await context
            .Cases.AsNoTracking()
            .Where(row => row.Kind == kind && row.OwnerName != null)
            .Select(row => new
            {
                row.Key,
                row.IsTest,
                row.OwnerName,
            })
            .ToDictionaryAsync(row => (row.Key, row.IsTest), row => row.OwnerName, cancellationToken);
        var notes = await context.Notes.AsNoTracking().Where(row => row.Kind == kind).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var texts = notes
            .GroupBy(row => (row.Key, row.IsTest))
            .ToDictionary(group => group.Key, group => string.Join(" | ", group.Select(row => $"{row.AuthorName}: {row.Text}")));
        return owners
            .Keys.Union(texts.Keys)
            .ToDictionary(key => key, key => (owners.GetValueOrDefault(key), texts.GetValueOrDefault(key) ?? ""));
    }

    /// <summary>Owner and notes as two cells of a file.</summary>
    public static string[] Cells(
        IReadOnlyDictionary<(string Key, bool IsTest), (string? Owner, string Notes)> all,
        string key,
        bool isTest
    ) => all.TryGetValue((key, isTest), out var known) ? [known.Owner ?? "", known.Notes] : ["", ""];

    /// <summary>Notes that have a text in them, latest first.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyList<NoteHit>> SearchAsync(ClaimsPrincipal who, string text, int most, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var pattern = "%" + Escape(Lower(text)) + "%";
        var rows = await context
            .Notes.AsNoTracking()
#pragma warning disable MA0011 // it becomes SQL
            .Where(row => EF.Functions.Like(row.Text.ToLower(), pattern, "\\"))
#pragma warning restore MA0011
            .OrderByDescending(row => row.Id)
            .Take(most)
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new NoteHit(new(row.Kind, row.Key, row.IsTest), row.AuthorName, row.Text))];
    }

    /// <summary>Those to whom something can be assigned.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyList<Colleague>> ColleaguesAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Accounts.AsNoTracking()
            .Where(row => row.DisabledAtMs == null && row.Role >= AccountRole.Support)
            .OrderBy(row => row.Name)
            .Select(row => new Colleague(row.Id, row.Name))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Writes a note. Codes in it are masked: they are shown by revealing alone.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task AddNoteAsync(ClaimsPrincipal who, CaseSubject subject, string text, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var note = CodeMask.MaskText(text.Trim());
        if (note.Length is 0 or > LongestNote)
        {
            return;
        }

        var name = await NameAsync(actor.AccountId, cancellationToken);
        await WriteAsync(
            subject,
            new(AuditActions.NoteAdded, Name(subject)) { Actor = actor },
            transaction =>
                transaction.Execute(
                    InsertNote,
                    (int)subject.Kind,
                    subject.Key,
                    subject.IsTest,
                    NowMs,
                    actor.AccountId,
                    name ?? actor.Email,
                    note
                ),
            cancellationToken
        );
    }

    /// <summary>Assigns it; null for nobody.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task SetOwnerAsync(ClaimsPrincipal who, CaseSubject subject, string? accountId, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var name = accountId is null ? null : await NameAsync(accountId, cancellationToken);
        await WriteAsync(
            subject,
            new(AuditActions.OwnerSet, Name(subject), name ?? "nobody") { Actor = actor },
            transaction =>
                transaction.Execute(SetOwner, (int)subject.Kind, subject.Key, subject.IsTest, name is null ? null : accountId, name),
            cancellationToken
        );
    }

    /// <summary>Assigns it to the one who asks.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task TakeAsync(ClaimsPrincipal who, CaseSubject subject, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await SetOwnerAsync(who, subject, actor.AccountId, cancellationToken);
    }

    /// <summary>Says when it is to be looked at again, Unix milliseconds; null for never.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task SetFollowUpAsync(ClaimsPrincipal who, CaseSubject subject, long? atMs, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        await WriteAsync(
            subject,
            new(AuditActions.FollowUpSet, Name(subject), atMs is { } at ? Components.Viewer.ViewerClock.Utc(at) : "never")
            {
                Actor = actor,
            },
            transaction => transaction.Execute(SetFollowUp, (int)subject.Kind, subject.Key, subject.IsTest, atMs),
            cancellationToken
        );
    }

    /// <summary>Answers one of the first questions; null takes the answer back.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Support"/>.</exception>
    public async Task AnswerAsync(ClaimsPrincipal who, CaseSubject subject, string code, bool? answer, CancellationToken cancellationToken)
    {
        var actor = await guard.RequireAsync(who, AccountRole.Support, cancellationToken);
        var answers = (await ReadAsync(who, subject, cancellationToken)).Answers.ToDictionary(StringComparer.Ordinal);
        _ = answer is { } given ? answers[code] = given : answers.Remove(code);
        await WriteAsync(
            subject,
            new(AuditActions.AnswersSet, Name(subject), $"{code}: {(answer switch { true => "yes", false => "no", _ => "cleared" })}")
            {
                Actor = actor,
            },
            transaction =>
                transaction.Execute(
                    SetAnswers,
                    (int)subject.Kind,
                    subject.Key,
                    subject.IsTest,
                    JsonSerializer.Serialize(answers, AnswersJson.Default.DictionaryStringBoolean)
                ),
            cancellationToken
        );
    }

    /// <summary>What a subject is called in words.</summary>
    public static string Name(CaseSubject subject) =>
        subject.Kind switch
        {
            CaseKind.Order => $"order {Projection.Folds.OrderKeys.NameOf(subject.Key)}",
            CaseKind.Esim => $"eSIM {subject.Key}",
            _ => $"incident {subject.Key.ReplaceLineEndings(" ").Trim()}",
        };

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task WriteAsync(
        CaseSubject subject,
        AuditEntry entry,
        Action<WriteTransaction> change,
        CancellationToken cancellationToken
    )
    {
        await writer.WriteAsync(
            transaction =>
            {
                if (subject.EarlierKey is { } earlier)
                {
                    transaction.Execute(TakeOver, (int)subject.Kind, subject.Key, earlier, subject.IsTest);
                }

                transaction.Execute(Begin, (int)subject.Kind, subject.Key, subject.IsTest, NowMs);
                change(transaction);
                audit.Append(transaction, entry);
                return true;
            },
            cancellationToken
        );
        notifier.Publish([new Change(Topic.Case, subject.ChangeKey, subject.IsTest)]);
    }

    private async Task<string?> NameAsync(string accountId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context
            .Accounts.Where(row => row.Id == accountId && row.DisabledAtMs == null)
            .Select(row => row.Name)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private static Dictionary<string, bool> ReadAnswers(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, AnswersJson.Default.DictionaryStringBoolean) ?? [];

    // As the databases do it: ASCII alone.
    private static string Lower(string text) =>
        string.Create(text.Length, text, static (lower, given) => Ascii.ToLower(given, lower, out _));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal);
}
