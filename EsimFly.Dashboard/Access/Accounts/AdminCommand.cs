using System.CommandLine;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access.Accounts;

/// <summary><c>admin reset [e-mail]</c>: a way back in for an administrator who is locked out. It works while the desk runs.</summary>
internal static class AdminCommand
{
    /// <summary>The command.</summary>
    /// <param name="build">Builds the application with the settings beside the command.</param>
    /// <param name="findAddress">Finds the address that people open the desk by; null where none is known.</param>
    public static Command Describe(Func<WebApplication> build, Func<IServiceProvider, Task<string?>> findAddress)
    {
        var email = new Argument<string?>("e-mail")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The administrator; not needed where there is one only.",
        };
        var reset = new Command("reset", "Prints a link to a new password for an administrator who is locked out.") { email };
        reset.SetAction(
            async (read, _) =>
            {
                await using var app = build();
                return await ResetAsync(read.GetValue(email), app.Services, findAddress);
            }
        );
        return new Command("admin", "Ways back in for administrators; they work while the desk runs.") { reset };
    }

    private static async Task<int> ResetAsync(string? email, IServiceProvider services, Func<IServiceProvider, Task<string?>> findAddress)
    {
        services.PrepareStorageForCommand();
        await using var context = await services.GetRequiredService<IDbContextFactory<LogDbContext>>().CreateDbContextAsync();
        var administrators = await context
            .Accounts.AsNoTracking()
            .Where(row => row.Role == AccountRole.Admin)
            .OrderBy(row => row.NormalizedEmail)
            .ToListAsync();
        if (administrators.Count == 0)
        {
            await Console.Error.WriteLineAsync("There is no administrator yet. Start the desk: it prints a link to set it up.");
            return 1;
        }

        var chosen = administrators
            .Where(row => email is null || string.Equals(row.Email, email, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (chosen is not [var administrator])
        {
            await Console.Error.WriteLineAsync(
                chosen.Count == 0
                    ? $"{email} is no administrator."
                    : $"Which one? {string.Join(", ", administrators.Select(row => row.Email))}"
            );
            return 1;
        }

        await services
            .GetRequiredService<AuditLog>()
            .WriteAsync(new(AuditActions.ResetIssued, administrator.Email) { ActorName = "the command line" }, CancellationToken.None);
        var code = await services
            .GetRequiredService<OneTimeLinks>()
            .IssueAsync(OneTimeLinkPurpose.Recovery, administrator.Id, CancellationToken.None);
        var address =
            services.GetRequiredService<IOptions<AccessOptions>>().Value.AllowedOrigins.FirstOrDefault()
            ?? await findAddress(services)
            ?? (services.GetRequiredService<IConfiguration>()[WebHostDefaults.ServerUrlsKey] ?? "http://localhost:5080").Split(';')[0];
        await Console.Out.WriteLineAsync(
            $"""
            Open this link while the desk runs, and choose a new password for {administrator.Email}.
            It is good once, for {OneTimeLinks.ResetLifetime.TotalHours:0} hours,
            and ends that account's two-step sign-in, passkeys and sessions:

                {address.TrimEnd('/')}{OneTimeLinks.Path}?code={code}

            """
        );
        return 0;
    }
}
