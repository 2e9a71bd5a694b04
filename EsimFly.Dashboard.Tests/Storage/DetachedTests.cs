using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage.Workers;
using EsimFly.Dashboard.Storage.Writing;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EsimFly.Dashboard.Tests.Storage;

/// <summary>What others wait for does not wait for the page that began it.</summary>
public sealed class DetachedTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Figure_BegunByAPageThatIsBusy_IsThereForTheOthers()
    {
        var notifier = new ChangeNotifier(TimeProvider.System, NullLogger<ChangeNotifier>.Instance);
        var figure = new SharedFigure<int, int>(
            [Topic.Order],
            notifier,
            TimeProvider.System,
            TimeSpan.FromMilliseconds(50),
            TimeSpan.FromMinutes(1),
            async (key, token) =>
            {
                await Task.Delay(1, token);
                return key;
            }
        );
        Assert.Equal(1, await figure.GetAsync(1, Token));
        notifier.Publish([new Change(Topic.Order, "1", IsTest: false)]);

        _ = OnABusyPage(() => figure.GetAsync(1, Token)); // it begins it again, after the interval

        Assert.Equal(1, await figure.GetAsync(1, Token).WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task Write_OfAPageThatIsBusy_KeepsNobodyElseFromWriting()
    {
        await using var app = new DashboardApp();
        var writer = app.Get<LogWriter>();
        using var isHeld = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var holding = Task.Run(
            () =>
                writer.WriteAsync(
                    _ =>
                    {
                        isHeld.Set();
                        Assert.True(mayEnd.Wait(Patience, Token));
                    },
                    Token
                ),
            Token
        );
        Assert.True(isHeld.Wait(Patience, Token));
        var ofThePage = OnABusyPage(() => writer.WriteAsync(static _ => { }, Token));
        var delivered = app.DeliverAsync(Signing.Sample("2025-11/order.created"));

        mayEnd.Set();

        await holding.WaitAsync(Patience, Token);
        await delivered.WaitAsync(Patience, Token);
        await ofThePage.WaitAsync(Patience, Token);
    }

    [Fact]
    public void Fault_OfEachKind_IsLoggedOnce_AndThenCounted()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var faults = new RepeatedFaults(time);
        var logged = new List<int>();
        for (var i = 0; i < 10; i++)
        {
            Note(new TimeoutException("a"));
            Note(new IOException("b"));
        }

        Assert.Equal([1, 1], logged);
        time.Advance(TimeSpan.FromMinutes(1));
        Note(new IOException("b"));
        Assert.Equal([1, 1, 10], logged);

        void Note(Exception fault)
        {
            if (faults.IsToBeLogged(fault, out var times))
            {
                logged.Add(times);
            }
        }
    }

    // As a circuit whose thread has something else to do: what is posted to it waits.
    private static T OnABusyPage<T>(Func<T> work)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new BusyPage());
        try
        {
            return work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class BusyPage : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            // Not now.
        }
    }
}
