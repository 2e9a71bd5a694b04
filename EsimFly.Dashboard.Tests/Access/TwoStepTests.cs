using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EsimFly.Dashboard.Tests.Access;

/// <summary>Signing in with a second step: an authenticator's code, or a recovery code.</summary>
public sealed class TwoStepTests : IAsyncDisposable
{
    private static readonly string Viewer = People.EmailOf(AccountRole.Viewer);

    private readonly DashboardApp app = new();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Role_ThatNeedsASecondStep_LeadsToItsSetUp_AndOpensNothingBefore()
    {
        var clock = new ShiftedClock();
        await using var strict = new DashboardApp(
            [("Access:SecondStepFrom", "Support")],
            services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock))
        );
        await strict.JoinAsync(AccountRole.Support);
        await strict.JoinAsync(AccountRole.Viewer);
        using var support = new FormClient(strict);
        await support.SignInAsync(People.EmailOf(AccountRole.Support), People.Password);
        using var viewer = new FormClient(strict);
        await viewer.SignInAsync(People.EmailOf(AccountRole.Viewer), People.Password);

        foreach (var after in new[] { TimeSpan.Zero, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4) })
        {
            clock.Shift(after); // each minute the principal is made again
            Assert.Equal("/account/two-step-setup", (await support.GetAsync("/orders")).Headers.Location?.OriginalString);
            Assert.NotEqual(System.Net.HttpStatusCode.OK, (await support.GetAsync("/orders.csv")).StatusCode);
        }

        Assert.Equal(System.Net.HttpStatusCode.OK, (await support.GetAsync("/account/two-step-setup")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await viewer.GetAsync("/orders")).StatusCode);
    }

    [Fact]
    public async Task Key_WithoutThePassword_IsNotShown()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);
        var page = await browser.PageAsync("/account/two-step-setup");
        var fields = page.QuerySelectorAll("form input[type=hidden]")
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal);
        foreach (var ticket in new[] { "", "forged" })
        {
            fields["_handler"] = "two-step";
            fields["Input.Code"] = "000000";
            fields["Input.Ticket"] = ticket;

            using var answer = await browser.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, "/account/two-step-setup") { Content = new FormUrlEncodedContent(fields) }
            );

            Assert.DoesNotContain(
                "<code",
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
            Assert.Equal("/account/two-step-setup", answer.Headers.Location?.PathAndQuery ?? answer.Headers.Location?.OriginalString);
        }
    }

    [Fact]
    public async Task TwoStep_SetUpAndUsed_AsksForTheCode_AndTakesARecoveryCodeOnce()
    {
        await app.JoinAsync(AccountRole.Viewer);
        using var browser = new FormClient(app);
        await browser.SignInAsync(Viewer, People.Password);
        Assert.Empty((await browser.PageAsync("/account/two-step-setup")).QuerySelectorAll("code"));
        Assert.Contains(
            "not your current password",
            await FormClient.SaysAsync(await browser.SubmitAsync("/account/two-step-setup", "start", ("Start.Password", "wrong"))),
            StringComparison.Ordinal
        );
        var begun = await FormClient.ReadAsync(
            await browser.SubmitAsync("/account/two-step-setup", "start", ("Start.Password", People.Password))
        );
        var key = begun.QuerySelector("code")!.TextContent;
        Assert.Contains("not the code", await FormClient.SaysAsync(await PostCodeAsync(begun, "000000")), StringComparison.Ordinal);
        var first = Totp(key, stepsAgo: 1);
        var page = await FormClient.ReadAsync(await PostCodeAsync(begun, first));
        var recovery = page.QuerySelectorAll("ul.codes li").Select(item => item.TextContent).ToList();
        Assert.Equal(10, recovery.Count);

        using var next = new FormClient(app);
        using var asked = await next.SignInAsync(Viewer, People.Password);
        Assert.StartsWith("/account/two-step", FormClient.To(asked), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await next.GetAsync("/orders")).StatusCode);
        var code = Totp(key);
        foreach (var wrong in new[] { "123", first, "0" + code })
        {
            Assert.Contains(
                "not the right code",
                await FormClient.SaysAsync(await next.SubmitAsync("/account/two-step", "app", ("Input.Code", wrong))),
                StringComparison.Ordinal
            );
        }

        Assert.Equal(HttpStatusCode.Found, (await next.SubmitAsync("/account/two-step", "app", ("Input.Code", code))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("/orders")).StatusCode);
        Assert.Empty((await next.PageAsync("/account/two-step-setup")).QuerySelectorAll("code")); // the key is not shown again

        using var onlooker = new FormClient(app);
        await onlooker.SignInAsync(Viewer, People.Password);
        await onlooker.SubmitAsync("/account/two-step", "app", ("Input.Code", code)); // seen over a shoulder
        await onlooker.SubmitAsync("/account/two-step", "app", ("Input.Code", "0" + code));
        Assert.Equal(HttpStatusCode.Found, (await onlooker.GetAsync("/orders")).StatusCode);

        foreach (var isFirst in new[] { true, false })
        {
            using var lost = new FormClient(app);
            await lost.SignInAsync(Viewer, People.Password);
            await lost.SubmitAsync("/account/two-step?recovery=true", "recovery", ("Input.Code", recovery[0]));
            Assert.Equal(isFirst ? HttpStatusCode.OK : HttpStatusCode.Found, (await lost.GetAsync("/orders")).StatusCode);
        }

        var audit = await app.AuditAsync();
        Assert.Contains((AuditActions.TwoStepOn, Viewer), audit);
        Assert.Single(audit, (AuditActions.RecoveryCodeUsed, Viewer));
        await using var context = app.OpenContext();
        var stored = await context
            .Log.Set<IdentityUserToken<string>>()
            .Select(token => token.Value)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(stored);
        Assert.DoesNotContain(
            stored,
            value =>
                value!.Contains(key, StringComparison.Ordinal) || recovery.Exists(kept => value.Contains(kept, StringComparison.Ordinal))
        );

        // The password is right and a code is at hand, but the account was disabled, or reset, since the first step.
        foreach (var change in new[] { "disable", "reset" })
        {
            using var late = new FormClient(app);
            await late.SignInAsync(Viewer, People.Password);
            Assert.True(late.Cookies.ContainsKey(SessionCookie.Name + "-step"));
            var (admin, id) = (await app.JoinAsync(AccountRole.Admin), await app.IdOfAsync(Viewer));
            if (change is "disable")
            {
                await app.Get<AccountActions>().DisableAsync(admin, id, TestContext.Current.CancellationToken);
            }
            else
            {
                var link = (await app.Get<AccountActions>().IssueResetAsync(admin, id, TestContext.Current.CancellationToken)).LinkCode;
                using var owner = new FormClient(app);
                await owner.SubmitAsync(
                    $"{OneTimeLinks.Path}?code={link}",
                    "choose",
                    ("Input.Password", "a new long password"),
                    ("Input.Again", "a new long password")
                );
            }

            await late.SendAsync(Recovery(await late.PageAsync("/account/two-step?recovery=true"), recovery[1]));
            Assert.False(late.Cookies.ContainsKey(SessionCookie.Name), change);
            await app.Get<AccountActions>().EnableAsync(admin, id, TestContext.Current.CancellationToken);
        }

        HttpRequestMessage Recovery(AngleSharp.Html.Dom.IHtmlDocument form, string code) =>
            new(HttpMethod.Post, "/account/two-step?recovery=true")
            {
                Content = new FormUrlEncodedContent(
                    form.QuerySelectorAll("form input[type=hidden]")
                        .ToDictionary(
                            input => input.GetAttribute("name")!,
                            input => input.GetAttribute("value") ?? "",
                            StringComparer.Ordinal
                        )
                        .Append(new("Input.Code", code))
                ),
            };

        Task<HttpResponseMessage> PostCodeAsync(AngleSharp.Html.Dom.IHtmlDocument form, string code) =>
            browser.SendAsync(
                new HttpRequestMessage(HttpMethod.Post, "/account/two-step-setup")
                {
                    Content = new FormUrlEncodedContent(
                        form.QuerySelectorAll("form input[type=hidden]")
                            .ToDictionary(
                                input => input.GetAttribute("name")!,
                                input => input.GetAttribute("value") ?? "",
                                StringComparer.Ordinal
                            )
                            .Append(new("Input.Code", code))
                    ),
                }
            );
    }

    // RFC 6238 over RFC 4226, apart from the product's own library.
    private static string Totp(string base32, int stepsAgo = 0)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var bits = string.Concat(
            base32.Select(letter => Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0'))
        );
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) - stepsAgo);
#pragma warning disable CA5350 // what authenticator apps do
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var code = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return (code % 1_000_000).ToString("D6", System.Globalization.CultureInfo.InvariantCulture);
    }
}
