using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.Intake;
using EsimFly.Dashboard.Intake.Receiving;
using EsimFly.Dashboard.Intake.Signing;
using EsimFly.Dashboard.Storage;
using Microsoft.EntityFrameworkCore;

namespace EsimFly.Dashboard.Simulator;

/// <summary><c>simulate EVENT|SCENARIO</c>: the Simulator for scripts and load tests, against a desk that runs on this machine.</summary>
internal static class SimulateCommand
{
    private const int MostAtOnce = 64;

    /// <summary>How it is used.</summary>
    public static string Usage { get; } =
        $"""
            simulate EVENT|SCENARIO [--count N] [--rate R] [--retries quick|real] [--to URL] [--secret-env NAME]
                Sends test deliveries to a desk that runs on this machine, signed with its own test secret.
                --count N         so many times (1 by default, at most 1,000,000)
                --rate R          so many a second (as fast as they are answered by default), 64 at once at most
                --retries PACE    an event that is not answered with success is sent again as eSIMfly does, by its schedule: real, or
                                  quick (an hour in ten seconds)
                --to URL          where the desk listens (http://localhost:5080 by default); this machine only
                --secret-env NAME an event is signed with the secret in that variable instead: with one of eSIMfly's it is REAL
                Events:    {string.Join(' ', EventTypes.All.Select(type => type.Name()))}
                Scenarios: {string.Join(' ', Scenarios.All.Select(scenario => scenario.Name))}
            """;

    /// <summary>Whether the command line asks for it.</summary>
    public static bool IsAskedFor(IReadOnlyList<string> args) => args is ["simulate", ..];

    /// <summary>Runs it.</summary>
    /// <returns>The exit code of the process: 0 where all went as it should, 1 where not, 2 where it was not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, IServiceProvider services)
    {
        if (!TryRead(args, out var order, out var problem))
        {
            await Console.Error.WriteLineAsync($"{problem}\n\n{Usage}");
            return 2;
        }

        services.PrepareStorageForCommand();
        services.PrepareIntake();
        var key = order.SecretVariable is { } name
            ? Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(name) ?? "")
            : TestKeyOf(services);
        if (key.Length == 0)
        {
            await Console.Error.WriteLineAsync(
                order.SecretVariable is null
                    ? "The desk has no test secret yet: start it once."
                    : $"The variable {order.SecretVariable} is not set."
            );
            return 1;
        }

        var client = services.GetRequiredService<SimulatorClient>();
        async Task<SimulatedAnswer> PostAsync(SimulatedRequest request, TimeSpan patience, CancellationToken cancellationToken)
        {
            using var http = request.ToHttp(order.To, key);
            return await client.SendAsync(http, patience, cancellationToken).ConfigureAwait(false);
        }

        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler interrupt = (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += interrupt;
        try
        {
            var time = services.GetRequiredService<TimeProvider>();
            return order.Scenario is { } scenario
                ? await PlayAsync(scenario, order.Count, new(PostAsync, services, time), stop.Token)
                : await SendAsync(order, PostAsync, time, stop.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 1;
        }
        finally
        {
            Console.CancelKeyPress -= interrupt;
        }
    }

    /// <summary>Reads the command line; false with the reason where it cannot be understood.</summary>
    internal static bool TryRead(
        IReadOnlyList<string> args,
        [NotNullWhen(true)] out SimulateOrder? order,
        [NotNullWhen(false)] out string? problem
    )
    {
        (order, problem) = (null, null);
        if (args.ElementAtOrDefault(1) is not { } what || what.StartsWith('-'))
        {
            problem = "Which event or scenario?";
            return false;
        }

        var read = new SimulateOrder(
            EventTypes.Find(what),
            Scenarios.Find(what),
            1,
            null,
            null,
            new Uri("http://localhost:5080" + WebhookAddress.Path),
            null
        );
        if (read is { Event: null, Scenario: null })
        {
            problem = $"There is no event or scenario {what}.";
            return false;
        }

        for (var i = 2; i < args.Count; i += 2)
        {
            var value = args.ElementAtOrDefault(i + 1);
            switch (args[i])
            {
                case "--count"
                    when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                        && count is > 0 and <= 1_000_000:
                    read = read with { Count = count };
                    break;
                case "--rate"
                    when double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
                        && rate is > 0 and <= 100_000:
                    read = read with { Rate = rate };
                    break;
                case "--retries" when value is "quick" or "real" && read.Event is not null:
                    read = read with { Retries = value is "quick" ? RetryPace.Quick : RetryPace.Real };
                    break;
                case "--to" when Uri.TryCreate(value, UriKind.Absolute, out var to) && to.IsLoopback && to.Scheme is "http" or "https":
                    read = read with { To = new Uri(to, WebhookAddress.Path) };
                    break;
                case "--to":
                    problem = "--to must be an address of this machine, such as http://localhost:5080.";
                    return false;
                case "--secret-env" when !string.IsNullOrWhiteSpace(value):
                    read = read with { SecretVariable = value };
                    break;
                case var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains(':', StringComparison.Ordinal):
                    // A setting of the application's own, such as --Storage:Directory.
                    i -= setting.Contains('=', StringComparison.Ordinal) ? 1 : 0;
                    break;
                default:
                    problem = $"{args[i]} {value} is not understood.";
                    return false;
            }
        }

        if (read is { Scenario: not null } and ({ Rate: not null } or { SecretVariable: not null }))
        {
            problem = "--rate and --secret-env go with an event: a scenario has its own pace, and checks test data.";
            return false;
        }

        order = read;
        return true;
    }

    private static byte[] TestKeyOf(IServiceProvider services)
    {
        var secrets = services.GetRequiredService<SigningSecrets>();
        secrets.Load();
        return secrets.Current.FirstOrDefault(secret => secret.IsTest)?.Key.ToArray() ?? [];
    }

    private static async Task<int> PlayAsync(Scenario scenario, int count, PlayMaker maker, CancellationToken stop)
    {
        var failed = 0;
        for (var i = 0; i < count; i++)
        {
            await Console.Out.WriteLineAsync($"{scenario.Title}: {scenario.Should}");
            foreach (var check in await maker.Make().RunAsync(scenario, stop))
            {
                await Console.Out.WriteLineAsync(
                    $"  {(check.Holds ? "ok  " : "FAIL")} {check.Says}{(check.Found is null ? "" : $" (found: {check.Found})")}"
                );
                failed += check.Holds ? 0 : 1;
            }
        }

        await Console.Out.WriteLineAsync(failed == 0 ? "All as it should be." : $"{failed} not as it should be.");
        return failed == 0 ? 0 : 1;
    }

    private static async Task<int> SendAsync(
        SimulateOrder order,
        Func<SimulatedRequest, TimeSpan, CancellationToken, Task<SimulatedAnswer>> post,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var type = order.Event!.Value;
        var tally = new Tally(order.Count, time);
        await Parallel.ForEachAsync(
            PacedAsync(order, time, stop),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = stop },
            async (_, cancellationToken) =>
            {
                var body = SimulatedEvents.Body(type, SimulatedSubject.New(Random.Shared), time.GetUtcNow());
                var request = new SimulatedRequest
                {
                    Body = body,
                    Contract = SimulatedEvents.ContractOf(type),
                    EventHeader = type.Name(),
                };
                tally.Add(
                    order.Retries is { } pace
                        ? (
                            await RetryingSender.SendAsync(
                                request,
                                pace,
                                post,
                                time,
                                order.Count == 1 ? new PrintedAttempts() : new Silence(),
                                cancellationToken
                            )
                        )[^1].Answer
                        : await post(request, SimulatorClient.LongestPatience, cancellationToken)
                );
            }
        );
        await Console.Out.WriteLineAsync(tally.Summary(type.Name()));
        return tally.AreAllTaken ? 0 : 1;
    }

    private static async IAsyncEnumerable<int> PacedAsync(
        SimulateOrder order,
        TimeProvider time,
        [EnumeratorCancellation] CancellationToken stop
    )
    {
        var started = time.GetTimestamp();
        for (var i = 0; i < order.Count; i++)
        {
            if (order.Rate is { } rate && TimeSpan.FromSeconds(i / rate) - time.GetElapsedTime(started) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, time, stop);
            }

            yield return i;
        }
    }

    /// <summary>What came of many deliveries, with a line that shows how far it is.</summary>
    private sealed class Tally(int count, TimeProvider time)
    {
        private readonly Lock gate = new();
        private readonly SortedDictionary<string, int> statuses = new(StringComparer.Ordinal);
        private readonly List<double> times = new(Math.Min(count, 1_000_000));
        private readonly long started = time.GetTimestamp();
        private long sentAt = time.GetTimestamp();

        public bool AreAllTaken => statuses.Keys.All(status => status is "200");

        public void Add(SimulatedAnswer answer)
        {
            var status = answer.Status?.ToString(CultureInfo.InvariantCulture) ?? answer.Problem ?? "no answer";
            lock (gate)
            {
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
                times.Add(answer.Duration.TotalMilliseconds);
                if (!Console.IsErrorRedirected && time.GetElapsedTime(sentAt) > TimeSpan.FromMilliseconds(250))
                {
                    sentAt = time.GetTimestamp();
                    Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{times.Count} of {count}"));
                }
            }
        }

        public string Summary(string eventName)
        {
            times.Sort();
            var elapsed = time.GetElapsedTime(started).TotalSeconds;
            var rate = times.Count / Math.Max(elapsed, 0.001);
            var answers = string.Join(", ", statuses.Select(pair => $"{pair.Value} × {pair.Key}"));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{times.Count} {eventName} in {elapsed:0.0} s ({rate:0} a second); answered {answers}; "
                    + $"median {times[times.Count / 2]:0.0} ms, longest {times[^1]:0.0} ms"
            );
        }
    }

    /// <summary>Says each attempt as it is made.</summary>
    private sealed class PrintedAttempts : IProgress<RetryAttempt>
    {
        public void Report(RetryAttempt value) =>
            Console.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"attempt {value.Number}: {value.Answer.Status?.ToString(CultureInfo.InvariantCulture) ?? value.Answer.Problem} in "
                        + $"{value.Answer.Duration.TotalMilliseconds:0.0} ms"
                )
            );
    }

    /// <summary>Makes a playing for each round.</summary>
    private sealed record PlayMaker(
        Func<SimulatedRequest, TimeSpan, CancellationToken, Task<SimulatedAnswer>> Post,
        IServiceProvider Services,
        TimeProvider Time
    )
    {
        public ScenarioPlay Make() =>
            new(
                Post,
                Services.GetRequiredService<FaultRehearsal>(),
                Services.GetRequiredService<IDbContextFactory<DeskDbContext>>(),
                Services.GetRequiredService<IDbContextFactory<LogDbContext>>(),
                Services.GetRequiredService<WaitingDeliveries>(),
                Time,
                TimeSpan.Zero,
                new Silence()
            );
    }

    /// <summary>Hears steps and says nothing: the checks are what the console shows.</summary>
    private sealed class Silence : IProgress<ScenarioProgress>, IProgress<RetryAttempt>
    {
        public void Report(RetryAttempt value) { }

        public void Report(ScenarioProgress value) { }
    }
}

/// <summary>What the command line asks for.</summary>
internal sealed record SimulateOrder(
    EventType? Event,
    Scenario? Scenario,
    int Count,
    double? Rate,
    RetryPace? Retries,
    Uri To,
    string? SecretVariable
);
