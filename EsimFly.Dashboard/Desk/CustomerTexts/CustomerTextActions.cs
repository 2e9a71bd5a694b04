using System.Security.Claims;
using EsimFly.Dashboard.Access;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Writing;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>The texts for customers: those that come with the desk, and those that an administrator wrote.</summary>
internal sealed class CustomerTextActions(AccessGuard guard, AuditLog audit, LogWriter writer, IDbContextFactory<LogDbContext> contexts)
{
    private const int LongestText = 8000;
    private const int LongestTag = 12;

    /// <summary>All texts, by language and purpose.</summary>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Viewer"/>.</exception>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<CustomerText, string>>> ReadAsync(
        ClaimsPrincipal who,
        CancellationToken cancellationToken
    )
    {
        await guard.RequireViewerAsync(who, cancellationToken);
        var own = await CustomerTextSetting.Setting.ReadAsync(contexts, cancellationToken);
        var all = new Dictionary<string, IReadOnlyDictionary<CustomerText, string>>(BuiltIn.Texts, StringComparer.Ordinal);
        foreach (var (language, texts) in own.Texts)
        {
            var merged = new Dictionary<CustomerText, string>(all.GetValueOrDefault(language) ?? new Dictionary<CustomerText, string>());
            foreach (var (name, text) in texts)
            {
                if (Enum.TryParse<CustomerText>(name, out var kind))
                {
                    merged[kind] = text;
                }
            }

            all[language] = merged;
        }

        return all;
    }

    /// <summary>Sets a text; an empty one brings back what came with the desk, or removes it where nothing did.</summary>
    /// <returns>Why it cannot be used, in words; null where it is set.</returns>
    /// <exception cref="AccessDeniedException">It needs <see cref="AccountRole.Admin"/>.</exception>
    public async Task<string?> SetAsync(
        ClaimsPrincipal who,
        string language,
        CustomerText kind,
        string text,
        CancellationToken cancellationToken
    )
    {
        var actor = await guard.RequireAsync(who, AccountRole.Admin, cancellationToken);
        language = language.Trim().ToLowerInvariant();
        text = text.ReplaceLineEndings("\n").Trim();
        if (language.Length is < 2 or > LongestTag || !language.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-'))
        {
            return "The language is no tag such as en, ar or pt-br.";
        }

        if (text.Length > 0 && (text.Length > LongestText ? "The text is too long." : Template.Problem(text, kind)) is { } problem)
        {
            return problem;
        }

        await writer.WriteAsync(
            transaction =>
            {
                var all = CustomerTextSetting.Setting.Read(transaction);
                var own = all.Texts.GetValueOrDefault(language) ?? new(StringComparer.Ordinal);
                _ = text.Length == 0 ? own.Remove(kind.ToString()) : (own[kind.ToString()] = text) is not null;
                _ = own.Count == 0 ? all.Texts.Remove(language) : (all.Texts[language] = own) is not null;
                CustomerTextSetting.Setting.Write(transaction, all);
                audit.Append(
                    transaction,
                    new(AuditActions.TextsSet, $"{kind} in {language}", text.Length == 0 ? "reset to default" : null) { Actor = actor }
                );
            },
            cancellationToken
        );
        return null;
    }
}
