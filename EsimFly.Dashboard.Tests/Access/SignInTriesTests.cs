using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>How wrong tries are counted, and what is left of them.</summary>
public sealed class SignInTriesTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 26, 22, 0, 0, TimeSpan.Zero));

    [Fact]
    public void WrongTries_CloseTheAccountLongerEachTime()
    {
        var tries = new SignInTries(clock);
        var minutes = new List<double>();
        for (var round = 0; round < 9; round++)
        {
            TimeSpan? closed = null;
            for (var i = 0; i < SignInTries.Allowed; i++)
            {
                Assert.Null(closed);
                closed = tries.NoteWrong("a", "a@example.com", "192.0.2.1");
            }

            Assert.True(tries.IsClosed("a", "192.0.2.1"));
            Assert.False(tries.IsClosed("a", "192.0.2.2"));
            Assert.False(tries.IsClosed("b", "192.0.2.1"));
            minutes.Add(closed!.Value.TotalMinutes);
            clock.Advance(closed.Value + TimeSpan.FromSeconds(1));
            Assert.False(tries.IsClosed("a", "192.0.2.1"));
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 480, 480], minutes);
    }

    [Fact]
    public void WrongTries_AreForgottenByARightOne_AndAfterADay()
    {
        var tries = new SignInTries(clock);
        for (var day = 0; day < 3; day++)
        {
            for (var i = 1; i < SignInTries.Allowed; i++)
            {
                Assert.Null(tries.NoteWrong("a", "a@example.com", "192.0.2.1"));
            }

            if (day == 0)
            {
                tries.NoteRight("a", "192.0.2.1");
            }
            else
            {
                clock.Advance(TimeSpan.FromHours(25));
            }
        }
    }

    [Fact]
    public void WrongTries_OfManyNetworks_TakeNoMoreRoomThanABound()
    {
        var tries = new SignInTries(clock);
        for (var i = 0; i < 50_000; i++)
        {
            tries.NoteWrong("a", "a@example.com", $"network {i}");
        }

        Assert.Equal(
            ("a@example.com", "50000 wrong tries on 2026-11-26 from 100 networks or more"),
            Assert.Single(tries.Take(isEnding: true))
        );
    }

    [Fact]
    public async Task WrongTries_OfADay_AreOneLineAnAccountInTheAuditLog()
    {
        var folder = new TempFolder();
        using (folder)
        {
            await using (var app = new DashboardApp(folder: folder.Path))
            {
                await app.JoinAsync(AccountRole.Viewer);
                using var browser = new FormClient(app);
                for (var i = 0; i < 3; i++)
                {
                    await browser.SignInAsync(People.EmailOf(AccountRole.Viewer), $"wrong password {i}");
                }

                await browser.SignInAsync("who@example.com", "wrong password");
            }

            await using var again = new DashboardApp(folder: folder.Path);
            var lines = (await again.AuditAsync()).FindAll(entry => entry.Action is AuditActions.SignInsRefused);
            string?[] subjects = [.. lines.Select(entry => entry.Subject).Order(StringComparer.Ordinal)];
            Assert.Equal(["addresses without an account", People.EmailOf(AccountRole.Viewer)], subjects);
        }
    }
}
