using EsimFly.Dashboard.Storage.Sqlite;

namespace EsimFly.Dashboard.Tests.Storage.Sqlite;

/// <summary>A file that is replaced: nobody is let in, nobody waits on a lock, and it opens again.</summary>
public sealed class FileUseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileUse use = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryEnter_WhileTheFileIsReplaced_IsFalseAtOnce_AndEnterWaits()
    {
        using var isReplacing = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var replacing = Task.Run(
            () =>
                use.Alone(
                    Patience,
                    () =>
                    {
                        isReplacing.Set();
                        Assert.True(mayEnd.Wait(Patience, Token));
                    }
                ),
            Token
        );
        Assert.True(isReplacing.Wait(Patience, Token));

        Assert.False(await Task.Run(use.TryEnter, Token).WaitAsync(Patience, Token));
        var entering = use.EnterAsync(Patience, Token).AsTask();
        Assert.False(entering.IsCompleted);
        await Assert.ThrowsAsync<TimeoutException>(() => use.EnterAsync(TimeSpan.FromMilliseconds(1), Token).AsTask());
        Assert.Throws<InvalidOperationException>(() => use.Alone(Patience, static () => { }));

        mayEnd.Set();
        await replacing;
        await entering.WaitAsync(Patience, Token);
        Assert.True(use.TryEnter());
    }

    [Fact]
    public async Task Alone_WaitsForTheLastUser_OrGivesUpAndOpensAgain()
    {
        Assert.True(use.TryEnter());
        var isDone = false;

        Assert.Throws<TimeoutException>(() => use.Alone(TimeSpan.FromMilliseconds(1), () => isDone = true));
        Assert.False(isDone);
        Assert.True(use.TryEnter());

        var replacing = Task.Run(() => use.Alone(Patience, () => isDone = true), Token);
        use.Exit();
        use.Exit();
        await replacing;
        Assert.True(isDone);
    }

    [Fact]
    public void Alone_WhoseWorkFails_OpensAgain()
    {
        Assert.Throws<IOException>(() => use.Alone(Patience, static () => throw new IOException()));

        Assert.True(use.TryEnter());
    }
}
