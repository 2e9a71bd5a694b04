using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Storage.Moving;

/// <summary><c>move --to Postgres|Sqlite</c>: takes the event log of an installation to the other kind of database.</summary>
internal static class MoveCommand
{
    private static readonly Option<StorageProvider> To = new("--to")
    {
        Required = true,
        Description = "Postgres: from Storage:Directory to the database that ConnectionStrings:Desk names. Sqlite: back.",
    };

    /// <summary>The command.</summary>
    /// <param name="build">Builds the application with the settings beside the command.</param>
    public static Command Describe(Func<WebApplication> build)
    {
        var move = new Command(
            "move",
            "Copies the data of an installation to the other kind of database while no desk runs; the source stays."
        )
        {
            To,
        };
        move.SetAction(
            async (read, stop) =>
            {
                await using var app = build();
                return await RunAsync(read.GetValue(To), app.Services, stop);
            }
        );
        return move;
    }

    private static async Task<int> RunAsync(StorageProvider to, IServiceProvider services, CancellationToken stop)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var options = services.GetRequiredService<IOptions<StorageOptions>>();
        var paths = services.GetRequiredService<StoragePaths>();
        if (string.IsNullOrWhiteSpace(configuration.GetConnectionString("Desk")))
        {
            return await RefuseAsync("name the PostgreSQL database with ConnectionStrings:Desk.");
        }

        if (options.Value.KeyCertificate.Length > 0)
        {
            return await RefuseAsync(
                "Storage:KeyCertificate is set, with which keys are in the database. What is moved is sealed with those in the folder "
                    + $"{paths.Keys}."
            );
        }

        try
        {
            using var files = new SqliteEnd(paths, options);
            using var server = new PostgresEnd(configuration, options);
            var (source, target) = to == StorageProvider.Postgres ? ((MoveEnd)files, (MoveEnd)server) : (server, files);
            await Console.Out.WriteLineAsync($"From {source.Log.Place} to {target.Log.Place}.");
            var move = new StoreMove(source, target, new PrintedProgress(services.GetRequiredService<TimeProvider>()));
            return await ReportAsync(await move.RunAsync(stop), target, paths);
        }
        catch (OperationCanceledException)
        {
            return await RefuseAsync("it was stopped. Run the command again: it goes on where it was.");
        }
        catch (Exception fault) when (fault is StorageSetupException or DbException or IOException or UnauthorizedAccessException)
        {
            return await RefuseAsync(
                $"{fault.GetBaseException().Message.TrimEnd('.')}. When that is mended, run the command again: it goes on."
            );
        }
    }

    private static async Task<int> RefuseAsync(string why)
    {
        await Console.Error.WriteLineAsync($"The data were not moved: {why}");
        return 1;
    }

    private static async Task<int> ReportAsync(MoveResult result, MoveEnd target, StoragePaths paths)
    {
        if (result.Refusal is { } refusal)
        {
            return await RefuseAsync(refusal);
        }

        await Console.Out.WriteLineAsync(Line("Table", "Source", "Target", "SHA-256"));
        foreach (var table in result.Tables)
        {
            await Console.Out.WriteLineAsync(
                Line(
                    table.Table,
                    table.Source.Rows.ToString(CultureInfo.InvariantCulture),
                    table.Target.Rows.ToString(CultureInfo.InvariantCulture),
                    table.IsSame ? table.Source.Sha256[..16] : $"DIFFERENT: {table.Source.Sha256[..16]}, {table.Target.Sha256[..16]}"
                )
            );
        }

        if (result.Different.Any())
        {
            return await RefuseAsync(
                $"these tables differ: {string.Join(", ", result.Different)}. No desk starts on {target.Log.Place} as it is. "
                    + $"To begin again: {target.HowToEmpty}"
            );
        }

        await Console.Out.WriteLineAsync(
            $"""

            All rows are the same in {target.Log.Place}.
            The keys were not copied: the readModel goes on with those in {paths.Keys}, so leave Storage:Directory as it is, or take that
            folder along. Without it nothing can be opened.
            {target.HowToUse}
            Start no readModel on the source again: what it received would be in one of the two alone.
            """
        );
        return 0;
    }

    private static string Line(string table, string source, string target, string digest) =>
        string.Concat(table.PadRight(20), source.PadLeft(12), target.PadLeft(12), "  ", digest);

    /// <summary>A line for a table's beginning and end, and for each second of it.</summary>
    private sealed class PrintedProgress(TimeProvider time) : IProgress<MoveProgress>
    {
        private string table = "";
        private long printedAt;

        public void Report(MoveProgress value)
        {
            var isNew = !string.Equals(table, value.Table, StringComparison.Ordinal);
            if (isNew || value.Done == value.Total || time.GetElapsedTime(printedAt) > TimeSpan.FromSeconds(1))
            {
                (table, printedAt) = (value.Table, time.GetTimestamp());
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Table}: {value.Done} of {value.Total}"));
            }
        }
    }
}
