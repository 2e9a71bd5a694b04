using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.Net.Http.Headers;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>
/// A browser's plainest half: keeps cookies, fills forms in, follows no redirect. It keeps Secure cookies over HTTP too, as browsers do on
/// localhost.
/// </summary>
internal sealed class FormClient(HttpClient client) : IDisposable
{
    /// <summary>One for an app of this process.</summary>
    public FormClient(DashboardApp app)
        : this(app.Visitor()) { }

    /// <summary>The address that a proxy in between reports; null for none.</summary>
    public string? ForwardedFor { get; init; }

    /// <summary>The cookies it has.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>The cookies as the answers set them, attributes and all.</summary>
    public List<SetCookieHeaderValue> Set { get; } = [];

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }

        if (ForwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", ForwardedFor);
        }

        request.Headers.Accept.ParseAdd("text/html");
        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var lines))
        {
            foreach (var cookie in SetCookieHeaderValue.ParseList([.. lines]))
            {
                Set.Add(cookie);
                if (cookie.Expires < DateTimeOffset.UnixEpoch.AddDays(1) || cookie.Value.Length == 0)
                {
                    Cookies.Remove(cookie.Name.ToString());
                }
                else
                {
                    Cookies[cookie.Name.ToString()] = cookie.Value.ToString();
                }
            }
        }

        return response;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>The page at a path, which must answer 200.</summary>
    public async Task<IHtmlDocument> PageAsync(string path)
    {
        using var response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await ReadAsync(response);
    }

    /// <summary>Opens the page, fills the form of that name in, and sends it.</summary>
    public async Task<HttpResponseMessage> SubmitAsync(string path, string form, params (string Name, string Value)[] values)
    {
        var page = await PageAsync(path);
        var element = page.QuerySelectorAll("form")
            .Single(item =>
                string.Equals(item.QuerySelector("input[name=_handler]")?.GetAttribute("value"), form, StringComparison.Ordinal)
            );
        var fields = element
            .QuerySelectorAll("input[type=hidden]")
            .Where(input => input.GetAttribute("name") is not null)
            .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "", StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            fields[name] = value;
        }

        return await SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields) });
    }

    /// <summary>Signs in by the form.</summary>
    public Task<HttpResponseMessage> SignInAsync(string email, string password, string path = "/account/sign-in") =>
        SubmitAsync(path, "password", ("Input.Email", email), ("Input.Password", password));

    public static async Task<IHtmlDocument> ReadAsync(HttpResponseMessage response) =>
        await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

    /// <summary>Where an answer leads to.</summary>
    public static string To(HttpResponseMessage response) => response.Headers.Location!.PathAndQuery;

    /// <summary>What the page of an answer says of what was sent; the answer must be 200.</summary>
    public static async Task<string> SaysAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await ReadAsync(response)).QuerySelector(".notice")?.TextContent ?? "";
    }

    /// <summary>What a page says, without its markup.</summary>
    public static string TextOf(INode page) => page.TextContent;

    public void Dispose() => client.Dispose();
}
