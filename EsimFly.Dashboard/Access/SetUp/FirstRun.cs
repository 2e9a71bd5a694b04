using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.SetUp;

/// <summary>
/// Takes an installation from no administrator to its first: by settings, or by a one-time link that only the person who started
/// the process can see. There is no default password, and no desk without an account.
/// </summary>
internal sealed class FirstRun(
    IDbContextFactory<LogDbContext> contexts,
    OneTimeLinks links,
    AccountActions accounts,
    StoragePaths paths,
    IOptions<AdminOptions> options
) : IDisposable
{
    /// <summary>The page that sets the installation up.</summary>
    public const string Path = "/setup";

    private readonly SemaphoreSlim completing = new(1, 1);
    private volatile bool isDone;

    /// <summary>The file that holds the link, readable by this account alone.</summary>
    public string LinkFile { get; } = System.IO.Path.Combine(paths.Root, "setup-link.txt");

    /// <summary>Whether there is an administrator.</summary>
    public async ValueTask<bool> IsDoneAsync(CancellationToken cancellationToken)
    {
        if (!isDone)
        {
            await using var context = await contexts.CreateDbContextAsync(cancellationToken);
            isDone = await context.Accounts.AnyAsync(row => row.Role == AccountRole.Admin, cancellationToken);
        }

        return isDone;
    }

    /// <summary>At start: makes the administrator that the settings name, where there is none.</summary>
    /// <exception cref="AccessSetupException">The settings are not good.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Email is not { Length: > 0 } email || await IsDoneAsync(cancellationToken))
        {
            return;
        }

        if (options.Value.PasswordFile is not { Length: > 0 } file)
        {
            throw new AccessSetupException(
                "Admin:Email is set but Admin:PasswordFile is not: name a file that holds the administrator's password."
            );
        }

        string? password;
        try
        {
            password = (await File.ReadAllLinesAsync(file, cancellationToken)).FirstOrDefault();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AccessSetupException($"The file that Admin:PasswordFile names cannot be read: {fault.Message}");
        }

        var (_, problem) = await accounts.CreateAsync(
            email,
            "Administrator",
            AccountRole.Admin,
            password ?? "",
            new(AuditActions.SetUp, Detail: "from the settings")
        );
        if (problem is not null)
        {
            throw new AccessSetupException($"The administrator that Admin:Email names cannot be made: {problem}");
        }
    }

    /// <summary>
    /// Makes a fresh link for set-up, and puts it into <see cref="LinkFile"/>; removes the file where there is an administrator.
    /// </summary>
    /// <param name="address">The address that the link begins with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The link; null where there is an administrator.</returns>
    public async Task<string?> IssueLinkAsync(string address, CancellationToken cancellationToken)
    {
        if (await IsDoneAsync(cancellationToken))
        {
            File.Delete(LinkFile);
            return null;
        }

        var code = await links.IssueAsync(OneTimeLinkPurpose.SetUp, accountId: null, cancellationToken);
        var link = $"{address.TrimEnd('/')}{Path}?code={code}";
        await WriteAsync(link, cancellationToken);
        return link;
    }

    /// <summary>Makes the first administrator, and uses the link up.</summary>
    /// <param name="code">The link's code.</param>
    /// <param name="email">The administrator's e-mail address.</param>
    /// <param name="name">What they are called.</param>
    /// <param name="password">Their password.</param>
    /// <param name="address">The address that the request came from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The administrator, or why there is none.</returns>
    public async Task<(AccountEntity? Account, string? Problem)> CompleteAsync(
        string? code,
        string email,
        string name,
        string password,
        string? address,
        CancellationToken cancellationToken
    )
    {
        await completing.WaitAsync(cancellationToken);
        try
        {
            if (await IsDoneAsync(cancellationToken) || await links.FindAsync(code, isForSetUp: true, cancellationToken) is not { } link)
            {
                return (null, LinkIsOver);
            }

            // The account first: a password that is refused must not use the link up. The gate lets one through at a time.
            var entry = new AuditEntry(AuditActions.SetUp) { Address = address };
            var (account, problem) = await accounts.CreateAsync(email, name, AccountRole.Admin, password, entry);
            if (account is null)
            {
                return (null, problem);
            }

            isDone = true;
            // From here on to the end, even if the caller hangs up.
            await links.UseAsync(link, CancellationToken.None);
            File.Delete(LinkFile);
            return (account, null);
        }
        finally
        {
            completing.Release();
        }
    }

    /// <summary>What to say of a link that is not good.</summary>
    public const string LinkIsOver =
        "This link has ended, has been used, or is not the one on the console. Starting the program again makes a new one.";

    /// <inheritdoc/>
    public void Dispose() => completing.Dispose();

    private async Task WriteAsync(string link, CancellationToken cancellationToken)
    {
        File.Delete(LinkFile);
        var file = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(new FileStream(LinkFile, file));
        await writer.WriteLineAsync(link.AsMemory(), cancellationToken);
    }
}
