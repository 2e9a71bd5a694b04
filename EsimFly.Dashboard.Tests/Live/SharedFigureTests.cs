using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Live;

public sealed class SharedFigureTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly FakeTimeProvider time = new();
    private readonly ChangeNotifier notifier;
    private readonly SharedFigure<int, int> figure;
    private int readings;
    private int value;

    public SharedFigureTests()
    {
        notifier = new(time, NullLogger<ChangeNotifier>.Instance);
        figure = new(
            [Topic.Order],
            notifier,
            time,
            Interval,
            TimeSpan.FromSeconds(10),
            (_, _) =>
            {
                Interlocked.Increment(ref readings);
                return Task.FromResult(Volatile.Read(ref value));
            }
        );
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ByManyWhileNothingChanges_IsWorkedOutOnce()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(0, await figure.GetAsync(1, Token));
        }

        Change(Topic.Esim); // concerns others
        Assert.Equal(0, await figure.GetAsync(1, Token));
        Assert.Equal(1, readings);
        await figure.GetAsync(2, Token);
        Assert.Equal(2, readings);
    }

    [Fact]
    public async Task Get_AfterAChange_IsNeverWhatWasBeforeIt()
    {
        await figure.GetAsync(1, Token);
        time.Advance(Interval);
        value = 7;
        Change(Topic.Order);

        Assert.Equal(7, await figure.GetAsync(1, Token)); // after quiet nobody waits
        value = 8;
        Change(Topic.Order);
        var waiting = Enumerable.Range(0, 50).Select(_ => figure.GetAsync(1, Token)).ToList();
        value = 9; // changes until it begins are in it
        Change(Topic.Order);
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(10));
                return waiting.TrueForAll(task => task.IsCompleted);
            },
            "all have it"
        );

        Assert.All(await Task.WhenAll(waiting), shown => Assert.Equal(9, shown));
        Assert.Equal(3, readings); // one for all fifty
    }

    [Fact]
    public async Task Get_WhenItIsOld_IsWorkedOutAgain()
    {
        await figure.GetAsync(1, Token);
        time.Advance(TimeSpan.FromSeconds(11));

        await figure.GetAsync(1, Token);

        Assert.Equal(2, readings);
    }

    [Fact]
    public async Task Get_ByOneWhoLeaves_GoesOnForTheOthers()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => figure.GetAsync(1, gone.Token));
        Assert.Equal(0, await figure.GetAsync(1, Token));
    }

    private void Change(Topic topic) => notifier.Publish([new Change(topic, "x", IsTest: false)]);
}
