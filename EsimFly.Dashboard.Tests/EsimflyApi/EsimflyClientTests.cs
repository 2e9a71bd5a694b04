using System.Text;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Desk.Wholesale;
using EsimFly.Dashboard.EsimflyApi;
using EsimFly.Dashboard.EsimflyApi.Sync;
using EsimFly.Dashboard.Storage.Entities;
using EsimFly.Dashboard.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace EsimFly.Dashboard.Tests.EsimflyApi;

/// <summary>Asking eSIMfly's API: signed, within a budget, its faults in words, its keys sealed.</summary>
public sealed class EsimflyClientTests : IAsyncLifetime
{
    private EsimflyStandIn esimfly = default!;
    private DashboardApp app = default!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        esimfly = await EsimflyStandIn.StartAsync();
        app = new DashboardApp([("EsimflyApi:BaseUrl", esimfly.Address)]);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await esimfly.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task Answer_ThatStalls_IsGivenUp_AndTheNextOneIsRead(int bytesBefore)
    {
        await using var patient = new DashboardApp(
            [("EsimflyApi:BaseUrl", esimfly.Address)],
            all => all.AddSingleton(new ApiDeadlines(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(400)))
        );
        var admin = await patient.JoinAsync(AccountRole.Admin);
        var actions = patient.Get<WholesaleAccountActions>();
        await actions.SetAsync(admin, EsimflyStandIn.AccessCode, EsimflyStandIn.SecretKey, Token);
        esimfly.Instead = async context =>
        {
            context.Response.ContentLength = 500;
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.WriteAsync(new byte[bytesBefore], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        Assert.Same(ApiProblem.Unreachable, (await actions.TestAsync(admin, Token)).Problem);

        esimfly.Instead = null;
        Assert.NotNull((await actions.TestAsync(admin, Token)).Value);
    }

    [Fact]
    public async Task Answer503_ThatAsksToWaitAnHour_HoldsNoCall()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        var actions = app.Get<WholesaleAccountActions>();
        await actions.SetAsync(admin, EsimflyStandIn.AccessCode, EsimflyStandIn.SecretKey, Token);
        esimfly.Instead = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "3600";
            return context.Response.WriteAsync("{}", context.RequestAborted);
        };

        var answer = await actions.TestAsync(admin, Token).WaitAsync(TimeSpan.FromSeconds(15), Token);

        Assert.NotNull(answer.Problem);
        esimfly.Instead = null;
        Assert.Same(ApiProblem.NoBudget, (await actions.TestAsync(admin, Token)).Problem); // it was asked to wait
    }

    // Computed by the documented rule; the signature that the documents print is a placeholder.
    [Theory]
    [InlineData("""{"packageCode":"PHAJHEAYP"}""", "FA2050B34D3C61025B991E8C82967BC583C02A92ED625D985F46DC7E25BFA934")]
    [InlineData("", "F0B625B05DD9B5D5402286987CE4A6D14AC52B0056D2A1592ABBB57BA5FC3BC4")]
    public void Signature_IsAsDocumented(string body, string expected) =>
        Assert.Equal(
            expected,
            ApiSignature.Of(
                new("esf_11111", "sk_1111"),
                1628670421000,
                "4ce9d9cd-ac9e-4e17-b3a2-c66c358c1ce2",
                Encoding.UTF8.GetBytes(body)
            )
        );

    [Fact]
    public async Task Keys_ThatAreGood_AreKeptSealed_AndGoAtOnceWhenRemoved()
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        var actions = app.Get<WholesaleAccountActions>();
        Assert.Same(ApiProblem.NoKeys, (await actions.TestAsync(admin, Token)).Problem);

        var answer = await actions.SetAsync(admin, $" {EsimflyStandIn.AccessCode} ", EsimflyStandIn.SecretKey, Token);

        Assert.Equal(new WholesaleBalance(1500.25m, "USD"), answer.Value);
        Assert.Equal(answer.Value, (await actions.TestAsync(admin, Token)).Value);
        await using (var log = app.OpenLog())
        {
            var stored = (await log.Settings.SingleAsync(row => row.Name == SealedApiKeys.SettingName, Token)).Value;
            Assert.DoesNotContain("sk_", stored, StringComparison.Ordinal);
            var noted = await log.Audit.SingleAsync(row => row.Action == AuditActions.ApiKeysSet, Token);
            Assert.Equal("esf_stan…", noted.Subject);
        }

        await actions.RemoveAsync(admin, Token);
        await app.Get<Synchroniser>().RunDueAsync(Token); // what was under way has ended
        var before = esimfly.Requests;
        Assert.Same(ApiProblem.NoKeys, (await actions.TestAsync(admin, Token)).Problem);
        Assert.Equal(before, esimfly.Requests);
    }

    [Theory]
    [InlineData("esf_another", EsimflyStandIn.SecretKey, "does not know the access code")]
    [InlineData(EsimflyStandIn.AccessCode, "sk_wrong", "secret key is not the one")]
    [InlineData("", "sk", "both needed")]
    public async Task Keys_ThatAreWrong_AreNotKept_AndTheFaultIsNamed(string code, string key, string words)
    {
        var admin = await app.JoinAsync(AccountRole.Admin);
        var actions = app.Get<WholesaleAccountActions>();

        var answer = await actions.SetAsync(admin, code, key, Token);

        Assert.Contains(words, answer.Problem!.Says, StringComparison.Ordinal);
        Assert.Null((await actions.ReadAsync(admin, Token)).AccessCode);
    }

    [Fact]
    public async Task Clock_ThatIsWrong_IsNamed_ByHowMuch()
    {
        esimfly.Ahead = TimeSpan.FromMinutes(-12);

        var problem = (await AskAsync()).Problem!;

        Assert.Equal("INVALID_TIMESTAMP", problem.Code);
        Assert.Contains("12 minutes ahead", problem.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "{\"success\":false,\"error\":\"Failed to fetch balance\"}", "http_500", "a problem just now")]
    [InlineData(502, "<html>Bad gateway</html>", "http_502", "a problem just now")]
    [InlineData(404, "{\"success\":false,\"message\":\"User not found\"}", "http_404", "User not found")]
    [InlineData(403, "{\"success\":false,\"code\":\"INVALID_USER\"}", "INVALID_USER", "no business account")]
    [InlineData(400, "{\"error\":\"odd\",\"code\":\"BRAND_NEW\",\"details\":[]}", "BRAND_NEW", "eSIMfly answered: odd")]
    [InlineData(200, "{\"success\":true,\"data\":{}}", "odd_answer", "Is the address right?")]
    [InlineData(200, "{\"success\":true,", "odd_answer", "Is the address right?")]
    [InlineData(200, "[]", "odd_answer", "Is the address right?")]
    [InlineData(302, "", "odd_answer", "Is the address right?")]
    public async Task Answer_ThatIsNone_IsSaidInWords(int status, string body, string code, string words)
    {
        esimfly.Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = status == 302 ? "/balance" : default;
            await context.Response.WriteAsync(body, Token);
        };

        var problem = (await AskAsync()).Problem!;

        Assert.Equal(code, problem.Code);
        Assert.Contains(words, problem.Says, StringComparison.Ordinal);
        Assert.Equal(status >= 500 ? 3 : 1, esimfly.Requests); // a redirect is not followed; a fault of theirs is tried again
    }

    // Every code of eSIMfly's API reference.
    [Theory]
    [InlineData(
        "INVALID_API_KEY INVALID_SIGNATURE INVALID_TIMESTAMP INVALID_REQUEST_ID DUPLICATE_REQUEST HMAC_REQUIRED INVALID_USER "
            + "RATE_LIMIT_EXCEEDED INSUFFICIENT_BALANCE INVALID_PACKAGE PACKAGE_NOT_FOUND MISSING_PACKAGE_CODE PRICE_MISMATCH "
            + "ORDER_NOT_FOUND ORDER_PROCESSING_ERROR MISSING_FIELDS MISSING_ICCID MISSING_IDENTIFIER ESIM_NOT_FOUND ESIM_ACCESS_DENIED "
            + "ESIM_NOT_TOPPABLE INVALID_TOPUP_PACKAGE TOPUP_NOT_SUPPORTED NOT_ELIGIBLE ALREADY_CANCELLED INVALID_ACTION "
            + "UNSUPPORTED_PROVIDER NOT_SUPPORTED MISSING_MESSAGE MESSAGE_TOO_LONG SMS_NOT_SUPPORTED SMS_FAILED FORBIDDEN PROVIDER_ERROR"
    )]
    public void Code_OfTheReference_HasWordsOfItsOwn(string codes) =>
        Assert.All(
            codes.Split(' '),
            code =>
            {
                var says = ApiProblem.Of(code, "raw words", System.Net.HttpStatusCode.BadRequest, skew: null).Says;
                Assert.True(says[^1] is '.' or '?', says);
                Assert.DoesNotContain("raw words", says, StringComparison.Ordinal);
                Assert.DoesNotContain("400", says, StringComparison.Ordinal);
            }
        );

    [Theory]
    [InlineData(429)]
    [InlineData(401)]
    public async Task RateLimit_IsObeyed_WhateverItsStatus(int status)
    {
        esimfly.Instead = context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("{\"success\":false,\"code\":\"RATE_LIMIT_EXCEEDED\"}", Token);
        };

        Assert.Equal("RATE_LIMIT_EXCEEDED", (await AskAsync()).Problem!.Code);
        Assert.Same(ApiProblem.NoBudget, (await AskAsync()).Problem);
        Assert.Equal(1, esimfly.Requests);
    }

    [Fact]
    public async Task Budget_OfFiftyClicksAtOnce_LetsThirtyThrough_AndLeavesNothingToTheBackground()
    {
        var client = app.Get<EsimflyClient>();
        var keys = new ApiKeys(EsimflyStandIn.AccessCode, EsimflyStandIn.SecretKey);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.TryAsync(keys, Token)));

        Assert.Equal(30, answers.Count(answer => answer.Value is not null));
        Assert.All(answers.Where(answer => answer.Value is null), answer => Assert.Same(ApiProblem.NoBudget, answer.Problem));
        Assert.False(app.Get<ApiBudget>().TryTake(isClick: false));
    }

    [Fact]
    public void Budget_OfTheBackground_LeavesAThirdToClicks()
    {
        using var budget = new ApiBudget(Microsoft.Extensions.Options.Options.Create(new EsimflyApiOptions()), TimeProvider.System);

        var background = Enumerable.Range(0, 40).Count(_ => budget.TryTake(isClick: false));
        var clicks = Enumerable.Range(0, 40).Count(_ => budget.TryTake(isClick: true));

        Assert.Equal((20, 10), (background, clicks));
    }

    private Task<ApiAnswer<WholesaleBalance>> AskAsync() =>
        app.Get<EsimflyClient>().TryAsync(new(EsimflyStandIn.AccessCode, EsimflyStandIn.SecretKey), Token);
}
