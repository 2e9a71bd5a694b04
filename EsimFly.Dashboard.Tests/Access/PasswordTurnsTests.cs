using EsimFly.Dashboard.Access.SignIn;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>How many passwords are checked at once.</summary>
public sealed class PasswordTurnsTests
{
    [Fact]
    public async Task Passwords_OfManyAtOnce_TakeHalfTheProcessorsAtMost_AndTooManyAreRefused()
    {
        using var turns = new PasswordTurns();
        var atOnce = Math.Max(1, Environment.ProcessorCount / 2);

        var asked = Enumerable.Range(0, atOnce + 25).Select(_ => turns.TakeAsync(TestContext.Current.CancellationToken)).ToList();

        Assert.Equal(atOnce, asked.Count(turn => turn is { IsCompleted: true, Result: not null }));
        Assert.Equal(5, asked.Count(turn => turn is { IsCompleted: true, Result: null }));
        foreach (var turn in asked.Take(atOnce))
        {
            (await turn)!.Dispose();
        }

        Assert.NotNull(await asked[atOnce]); // the next has its turn then
    }
}
