using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Storage.Moving;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Tests.Storage.Moving;

/// <summary>An installation goes from files to a server and back with nothing lost.</summary>
public sealed partial class MoveTests : IDisposable
{
    private const string Iccid = "8901234567890123456";

    private static readonly (string Key, string? Value)[] OnFiles = [("Storage:Provider", "Sqlite")];

    private readonly TempFolder folder = new();
    private readonly TempFolder other = new();
    private readonly TestDatabase database = new(isEmpty: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string LogFile => Path.Combine(folder.Path, "esimfly.db");

    [Fact]
    public async Task ToPostgres_TheDeskThere_ShowsTheSame_AndGoesOn()
    {
        var (rows, entries) = await FillAsync();
        var before = SHA256.HashData(await File.ReadAllBytesAsync(LogFile, Token));

        var result = await MoveAsync(folder, StorageProvider.Postgres);

        AssertMoved(result);
        Assert.Equal(entries, result.Tables.Single(table => table.Table is "Log").Target.Rows);
        Assert.All<string>(["Accounts", "Audit", "AccountPasskeys", "Notes", "Rejected", "SigningSecrets"], HasRows);
        Assert.Equal(before, SHA256.HashData(await File.ReadAllBytesAsync(LogFile, Token)));

        await using var app = new DashboardApp(database.Settings, folder: folder.Path);
        await app.SettleAsync();
        Assert.Equal(rows, await RowsAsync(app));

        // What is sealed can be opened, and what is written gets numbers that nothing had before.
        var who = await app.JoinAsync(AccountRole.Admin);
        Assert.NotNull((await app.Get<CodeReveal>().RevealAsync(who, Iccid, isTest: false, Token)).Code);
        Assert.Contains(app.Get<SigningSecrets>().Current, secret => secret.Label is "Later");
        await app.DeliverAsync(Signing.Sample("2025-11/order.created", "another"));
        await app.DeliverAsync(Signing.Request(Samples.With("2025-11/order.created", data => data["order_id"] = "ORD-NEW")));
        await app.SettleAsync();
        Assert.NotEqual(rows, await RowsAsync(app), StringComparer.Ordinal);
        await using (var log = app.OpenLog())
        {
            log.Notes.Add(Note("after the move"));
            await log.SaveChangesAsync(Token);
            Assert.Equal([1, 3], await log.Notes.OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Token));
        }

        // While it runs nothing is moved from it, and nothing to it.
        await Eventually.IsTrueAsync(
            () => Task.FromResult(database.Scalar<long>("""SELECT COUNT(*) FROM log."Instances" """) == 1),
            "the instance is known"
        );
        Assert.Contains("is in use by", (await MoveAsync(other, StorageProvider.Sqlite)).Refusal, StringComparison.Ordinal);
        Assert.Contains("is in use by", (await MoveAsync(folder, StorageProvider.Postgres)).Refusal, StringComparison.Ordinal);

        void HasRows(string name) =>
            Assert.Contains(result.Tables, table => table.Source.Rows > 0 && string.Equals(table.Table, name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interrupted_NoDeskStartsOnIt_AndItGoesOnWhereItWas()
    {
        await FillAsync();
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            MoveAsync(
                folder,
                StorageProvider.Postgres,
                progress =>
                {
                    if (progress is { Table: "Log", Done: >= 6 })
                    {
                        stop.Cancel();
                    }
                },
                stop.Token
            )
        );
        Assert.Equal(6, database.Scalar<long>("""SELECT COUNT(*) FROM log."Log" """));
        Assert.Equal(0, database.Scalar<long>("""SELECT COUNT(*) FROM log."Notes" """));
        using (var readModel = new AppProcess(folder.Path, environment: EnvironmentOf(database)))
        {
            Assert.Equal(1, await readModel.ExitAsync());
            Assert.Contains("that is not done", readModel.Output, StringComparison.Ordinal);
        }

        var done = new List<MoveProgress>();
        var result = await MoveAsync(folder, StorageProvider.Postgres, done.Add);

        AssertMoved(result);
        Assert.Equal(6, done.First(progress => progress.Table is "Log").Done);
        AssertMoved(await MoveAsync(folder, StorageProvider.Postgres)); // once more: everything is there
    }

    [Fact]
    public async Task ARowThatIsChangedThere_IsFound_AndItsTableNamed()
    {
        await FillAsync();
        AssertMoved(await MoveAsync(folder, StorageProvider.Postgres));
        database.Execute("""UPDATE log."Notes" SET "Text" = 'Another' """);

        using (var move = new AppProcess(folder.Path, environment: ConnectionOf(database), arguments: ["move", "--to", "Postgres"]))
        {
            Assert.Equal(1, await move.ExitAsync());
            await Eventually.IsTrueAsync(
                () => Task.FromResult(move.Output.Contains("these tables differ: Notes.", StringComparison.Ordinal)),
                move.Output
            );
        }

        database.Execute("""DELETE FROM log."Notes" """);
        using var again = new AppProcess(folder.Path, environment: ConnectionOf(database), arguments: ["move", "--to", "Postgres"]);
        Assert.Equal(0, await again.ExitAsync());
        await Eventually.IsTrueAsync(
            () => Task.FromResult(again.Output.Contains("Set Storage:Provider=Postgres", StringComparison.Ordinal)),
            again.Output
        );
    }

    [Fact]
    public async Task ThereAndBack_IsTheSame_AndADeskStartsOnIt()
    {
        var (rows, entries) = await FillAsync();
        var there = await MoveAsync(folder, StorageProvider.Postgres);
        var back = await MoveAsync(other, StorageProvider.Sqlite);

        AssertMoved(there);
        AssertMoved(back);
        Assert.Equal(there.Tables.Select(table => table.Source), back.Tables.Select(table => table.Target));

        Directory.Delete(Path.Combine(other.Path, "keys"));
        Directory.Move(Path.Combine(folder.Path, "keys"), Path.Combine(other.Path, "keys"));
        await using var app = new DashboardApp(OnFiles, folder: other.Path);
        await app.SettleAsync();
        Assert.Equal(rows, await RowsAsync(app));
        await using var log = app.OpenLog();
        Assert.Equal(entries, await log.Log.CountAsync(Token));
        log.Notes.Add(Note("after the move"));
        await log.SaveChangesAsync(Token);
        Assert.Equal([1, 3], await log.Notes.OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Token));
    }

    [Fact]
    public async Task WhileTheDeskRuns_OrWhatIsThereIsAnothers_NothingIsMoved()
    {
        Assert.Contains("There is no store", (await MoveAsync(folder, StorageProvider.Postgres)).Refusal, StringComparison.Ordinal);
        await using (var app = new DashboardApp(OnFiles, folder: folder.Path))
        {
            Assert.Contains("A desk uses", (await MoveAsync(folder, StorageProvider.Postgres)).Refusal, StringComparison.Ordinal);
            Assert.False(database.Scalar<bool>("SELECT to_regnamespace('log') IS NOT NULL"));
        }

        // A store of its own at the other end: it is neither added to nor changed.
        await using (var app = new DashboardApp(OnFiles, folder: other.Path))
        {
            await app.DeliverAsync(Signing.Sample("2025-11/order.created"));
        }

        AssertMoved(await MoveAsync(other, StorageProvider.Postgres));
        Assert.Contains("another store", (await MoveAsync(folder, StorageProvider.Postgres)).Refusal, StringComparison.Ordinal);
        Assert.Contains("holds a store already", (await MoveAsync(folder, StorageProvider.Sqlite)).Refusal, StringComparison.Ordinal);
        Assert.Equal(1, database.Scalar<long>("""SELECT COUNT(*) FROM log."Log" """));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        database.Dispose();
        folder.Dispose();
        other.Dispose();
    }

    private static void AssertMoved(MoveResult result)
    {
        Assert.Null(result.Refusal);
        Assert.NotEmpty(result.Tables);
        Assert.Empty(result.Different);
    }

    private static IEnumerable<(string Key, string? Value)> ConnectionOf(TestDatabase database) =>
        [("ConnectionStrings__Desk", database.ConnectionString)];

    private static IEnumerable<(string Key, string? Value)> EnvironmentOf(TestDatabase database) =>
        [.. ConnectionOf(database), ("Storage__Provider", "Postgres")];

    // SQLite keeps an amount without the zeros at its end.
    private static async Task<string> RowsAsync(DashboardApp app) =>
        EndingZeros().Replace(await ProjectionBench.RowsAsync(app.OpenReadModel), static match => match.Groups["rest"].Value);

    private static NoteEntity Note(string text) =>
        new()
        {
            Kind = CaseKind.Esim,
            Key = Iccid,
            AuthorId = "a",
            AuthorName = "A",
            Text = text,
        };

    // Deliveries of all kinds, a repeat, one that is refused; and something of what people do.
    private async Task<(string Rows, int Entries)> FillAsync()
    {
        await using var app = new DashboardApp(OnFiles, folder: folder.Path);
        foreach (var name in Samples.Names)
        {
            await app.DeliverAsync(Signing.Sample(name, name));
        }

        await app.DeliverAsync(Signing.Sample("2025-11/order.completed", "again"));
        using (var forged = Signing.Request(Samples.Read("2025-11/order.created"), secret: "whsec_none"))
        using (var answer = await app.Client.SendAsync(forged, Token))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        await app.JoinAsync(AccountRole.Support);
        await app.Get<SigningSecrets>().AddAsync("Later", "whsec_later", null, null, Token);
        await using (var log = app.OpenLog())
        {
            var unwanted = Note("unwanted");
            log.Notes.Add(Note("Zürich 🛰 is \"asked\""));
            log.Add(Passkey());
            await log.SaveChangesAsync(Token);
            log.Notes.Add(unwanted);
            await log.SaveChangesAsync(Token);
            log.Notes.Remove(unwanted); // its number is not given again
            await log.SaveChangesAsync(Token);
        }

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var log = app.OpenLog();
                return await log.Rejected.AnyAsync(Token);
            },
            "the refused one is kept"
        );
        await app.SettleAsync();
        await using var store = app.OpenLog();
        return (await RowsAsync(app), await store.Log.CountAsync(Token));
    }

    private static IdentityUserPasskey<string> Passkey() =>
        new()
        {
            UserId = "a",
            CredentialId = [1, 2, 3],
            Data = new IdentityPasskeyData
            {
                Name = "A key",
                PublicKey = [4, 5],
                CreatedAt = DateTimeOffset.UnixEpoch,
                SignCount = 7,
                Transports = ["usb", "nfc"],
                AttestationObject = [],
                ClientDataJson = [6],
            },
        };

    private async Task<MoveResult> MoveAsync(
        TempFolder files,
        StorageProvider to,
        Action<MoveProgress>? progress = null,
        CancellationToken? stop = null
    )
    {
        var options = Options.Create(new StorageOptions { Directory = files.Path });
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Desk", database.ConnectionString)])
            .Build();
        using var sqlite = new SqliteEnd(new StoragePaths(options), options);
        using var postgres = new PostgresEnd(configuration, options);
        var (source, target) = to == StorageProvider.Postgres ? ((MoveEnd)sqlite, (MoveEnd)postgres) : (postgres, sqlite);
        try
        {
            return await new StoreMove(source, target, new Heard(progress)) { AtOnce = 3 }.RunAsync(stop ?? Token);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
        }
    }

    [GeneratedRegex(@"((?<rest>=\d+)\.0+|(?<rest>=\d+\.\d*[1-9])0+)(?=;)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EndingZeros();

    private sealed class Heard(Action<MoveProgress>? hear) : IProgress<MoveProgress>
    {
        public void Report(MoveProgress value) => hear?.Invoke(value);
    }
}
