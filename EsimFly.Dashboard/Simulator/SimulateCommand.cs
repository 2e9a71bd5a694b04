using System.CommandLine;
using System.CommandLine.Parsing;
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

    private static readonly Argument<string> What = new("event or scenario")
    {
        Description =
            $"Events: {string.Join(' ', EventTypes.All.Select(type => type.Name()))}. "
            + $"Scenarios: {string.Join(' ', Scenarios.All.Select(scenario => scenario.Name))}.",
    };

    private static readonly Option<int> Count = new("--count")
    {
        Description = "So many times, at most 1,000,000.",
        DefaultValueFactory = static _ => 1,
        Validators =
        {
            static result => Check(result, result.GetValueOrDefault<int>() is > 0 and <= 1_000_000, "--count is 1 to 1,000,000."),
        },
    };

    private static readonly Option<double?> Rate = new("--rate")
    {
        Description = "So many a second; as fast as they are answered where it is not given, 64 at once at most.",
        Validators =
        {
            static result =>
                Check(result, result.GetValueOrDefault<double?>() is null or (> 0 and <= 100_000), "--rate is at most 100,000."),
        },
    };

    private static readonly Option<RetryPace?> Retries = new("--retries")
    {
        Description =
            "An event that is not answered with success is sent again as eSIMfly does: real, by its schedule, or quick, "
            + "an hour in ten seconds.",
    };

    private static readonly Option<Uri> To = new("--to")
    {
        Description = "Where the desk listens; this machine only.",
        DefaultValueFactory = static _ => new Uri("http://localhost:5080"),
        CustomParser = static result => Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var to) ? to : null,
        Validators =
        {
            static result =>
                Check(
                    result,
                    result.GetValueOrDefault<Uri>() is { IsLoopback: true, Scheme: "http" or "https" },
                    "--to must be an address of this machine, such as http://localhost:5080."
                ),
        },
    };

    private static readonly Option<string?> SecretVariable = new("--secret-env")
    {
        Description = "The variable with the secret that an event is signed with instead: with one of eSIMfly's it is REAL.",
    };

    /// <summary>The command.</summary>
    /// <param name="build">Builds the application with the settings beside the command.</param>
    public static Command Describe(Func<WebApplication> build)
    {
        var simulate = new Command(
            "simulate",
            "Sends test deliveries to a desk that runs on this machine, signed with its own test secret."
        )
        {
            What,
            Count,
            Rate,
            Retries,
            To,
            SecretVariable,
        };
        simulate.Validators.Add(static result =>
        {
            var what = result.GetValue(What) ?? "";
            var isScenario = Scenarios.Find(what) is not null;
            Check(result, isScenario || EventTypes.Find(what) is not null, $"There is no event or scenario {what}.");
            Check(
                result,
                !isScenario
                    || (result.GetValue(Rate) is null && result.GetValue(SecretVariable) is null && result.GetValue(Retries) is null),
                "--rate, --retries and --secret-env go with an event: a scenario has its own pace, and checks test data."
            );
        });
        simulate.SetAction(
            async (read, stop) =>
            {
                await using var app = build();
                return await RunAsync(Read(read), app.Services, stop);
            }
        );
        return simulate;
    }

    /// <summary>What was asked for.</summary>
    internal static SimulateOrder Read(ParseResult read)
    {
        var what = read.GetRequiredValue(What);
        return new(
            EventTypes.Find(what),
            Scenarios.Find(what),
            read.GetValue(Count),
            read.GetValue(Rate),
            read.GetValue(Retries),
            new Uri(read.GetRequiredValue(To), WebhookAddress.Path),
            read.GetValue(SecretVariable)
        );
    }

    private static void Check(SymbolResult result, bool isGood, string problem)
    {
        if (!isGood)
        {
            result.AddError(problem);
        }
    }

    private static async Task<int> RunAsync(SimulateOrder order, IServiceProvider services, CancellationToken stop)
    {
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
            return await client.SendAsync(http, patience, cancellationToken);
        }

        try
        {
            var time = services.GetRequiredService<TimeProvider>();
            return order.Scenario is { } scenario
                ? await PlayAsync(scenario, order.Count, new(PostAsync, services, time), stop)
                : await SendAsync(order, PostAsync, time, stop);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return 1;
        }
    }

    private static byte[] TestKeyOf(IServiceProvider services)
    {
        var secrets = services.GetRequiredService<SigningSecrets>();
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
                Services.GetRequiredService<IDbContextFactory<ReadModelDbContext>>(),
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
