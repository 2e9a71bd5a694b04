using EsimFly.Dashboard.Intake.Log;
using EsimFly.Dashboard.Live;
using EsimFly.Dashboard.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Intake;

/// <summary>Pages learn that something came, even while nothing is folded.</summary>
public sealed class WaitingNoticeTests
{
    private readonly FakeTimeProvider time = new();
    private readonly ReadModelState readModel = new() { Position = 4 };
    private readonly ChangeNotifier notifier;

    public WaitingNoticeTests() => notifier = new ChangeNotifier(time, NullLogger<ChangeNotifier>.Instance);

    [Fact]
    public void Appended_WhileNothingIsFolded_IsPublished_OnceForEachNewEntry()
    {
        using var notice = new WaitingNotice(readModel, notifier, time);

        notice.Appended(5);
        Wait(2);
        Assert.Equal(1, Published);

        Wait(4);
        Assert.Equal(1, Published);

        notice.Appended(6);
        Wait(2);
        Assert.Equal(2, Published);
    }

    [Fact]
    public void Appended_AndFoldedAtOnce_IsNotPublished()
    {
        using var notice = new WaitingNotice(readModel, notifier, time);

        notice.Appended(5);
        readModel.Position = 5;
        Wait(4);

        Assert.Equal(0, Published);
    }

    [Fact]
    public void Appended_WhileFoldingGoesOn_IsNotPublished()
    {
        using var notice = new WaitingNotice(readModel, notifier, time);

        for (var seq = 10; seq < 20; seq++)
        {
            notice.Appended(seq);
            readModel.Position = seq - 2;
            Wait(1);
        }

        Assert.Equal(0, Published);
    }

    private long Published => notifier.VersionOf([Topic.Delivery]);

    private void Wait(int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            time.Advance(WaitingNotice.Patience);
        }
    }
}
