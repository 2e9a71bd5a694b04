using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Live;

public sealed class SubscriptionTests
{
    private readonly FakeTimeProvider time = new();
    private readonly List<ChangeSet> calls = [];

    [Fact]
    public void Publish_ManyChanges_AreOneCallAtOnceAndOneAfterTheLast()
    {
        var notifier = NewNotifier();
        using var subscription = notifier.Subscribe([Topic.Order], Record);

        for (var i = 0; i < 50; i++)
        {
            notifier.Publish([new Change(Topic.Order, $"O{i % 10}", false)]);
        }

        Assert.Single(calls);
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Single(calls);
        notifier.Publish([new Change(Topic.Order, "late", false)]);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(2, calls.Count);
        Assert.Equal(11, calls[1].Changes.Count);
        Assert.True(calls[1].Concerns(Topic.Order, "late"));

        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, calls.Count);
    }

    [Fact]
    public void Publish_OtherTopics_AreNotHeardOf()
    {
        var notifier = NewNotifier();
        using var subscription = notifier.Subscribe([Topic.Order], Record);

        notifier.Publish([new Change(Topic.Balance, "", false)]);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(calls);
    }

    [Fact]
    public void Publish_MoreThanCanBeNamed_MayConcernAnything()
    {
        var notifier = NewNotifier();
        using var subscription = notifier.Subscribe([Topic.Order], Record);

        notifier.Publish([.. Enumerable.Range(0, 2000).Select(i => new Change(Topic.Order, $"O{i}", false))]);
        time.Advance(TimeSpan.Zero);

        Assert.True(calls[0].IsPartial);
        Assert.True(calls[0].Concerns(Topic.Order, "O1999"));
    }

    [Fact]
    public async Task Callback_AmongManyBusyOnes_RunsForItsShareOfTheTime()
    {
        var notifier = NewNotifier();
        using var others = new Disposables(Enumerable.Range(0, 40 * Environment.ProcessorCount).Select(_ => Idle(notifier)));
        var running = new TaskCompletionSource();
        var count = 0;
        using var subscription = notifier.Subscribe(
            [Topic.Order],
            async _ =>
            {
                Interlocked.Increment(ref count);
                await running.Task;
            }
        );

        notifier.Publish([new Change(Topic.Order, "a", false)]);
        time.Advance(TimeSpan.FromMilliseconds(20));
        running.SetResult();
        notifier.Publish([new Change(Topic.Order, "b", false)]);

        // 40 times 20 ms after it began, where alone it would be 100 ms.
        time.Advance(TimeSpan.FromMilliseconds(750));
        Assert.Equal(1, count);
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.IsTrueAsync(() => Volatile.Read(ref count) == 2, "it runs when its share has come");
    }

    [Fact]
    public async Task Callback_ThatIsStillRunning_IsNotCalledAgainUntilItEnds()
    {
        var notifier = NewNotifier();
        var running = new TaskCompletionSource();
        var count = 0;
        using var subscription = notifier.Subscribe(
            [Topic.Order],
            async _ =>
            {
                Interlocked.Increment(ref count);
                await running.Task;
            }
        );

        notifier.Publish([new Change(Topic.Order, "a", false)]);
        time.Advance(TimeSpan.Zero);
        notifier.Publish([new Change(Topic.Order, "b", false)]);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, count);

        running.SetResult();
        await Eventually.IsTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
                return Volatile.Read(ref count) == 2;
            },
            "the change during the call is heard of after it"
        );
    }

    [Fact]
    public void Callback_ThatThrows_IsCalledTheNextTimeAllTheSame()
    {
        var notifier = NewNotifier();
        var count = 0;
        using var subscription = notifier.Subscribe(
            [Topic.Order],
            _ =>
            {
                count++;
                throw new InvalidOperationException("on purpose");
            }
        );

        notifier.Publish([new Change(Topic.Order, "a", false)]);
        time.Advance(TimeSpan.FromSeconds(1));
        notifier.Publish([new Change(Topic.Order, "a", false)]);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, count);
    }

    [Fact]
    public void Dispose_EndsCallsAndLeavesNothingBehind()
    {
        var notifier = NewNotifier();
        var subscription = notifier.Subscribe([Topic.Order], Record);
        notifier.Publish([new Change(Topic.Order, "a", false)]);
        notifier.Publish([new Change(Topic.Order, "b", false)]);
        subscription.Dispose();
        subscription.Dispose();

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(calls);
        Assert.Equal(0, notifier.SubscriptionCount);
    }

    private ChangeNotifier NewNotifier() => new(time, NullLogger<ChangeNotifier>.Instance);

    private Task Record(ChangeSet changes)
    {
        calls.Add(changes);
        return Task.CompletedTask;
    }

    private static IDisposable Idle(ChangeNotifier notifier) => notifier.Subscribe([Topic.Balance], _ => Task.CompletedTask);

    private sealed class Disposables(IEnumerable<IDisposable> all) : IDisposable
    {
        private readonly List<IDisposable> all = [.. all];

        public void Dispose() => all.ForEach(item => item.Dispose());
    }
}
