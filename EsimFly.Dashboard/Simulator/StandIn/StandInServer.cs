using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Contract;
using EsimFly.Dashboard.EsimflyApi;

namespace EsimFly.Dashboard.Simulator.StandIn;

/// <summary>
/// Answers as eSIMfly's business API does, and as strictly: the signature, time and id of each request are checked as documented, and the
/// rate limit is kept. Source: eSIMfly's API reference.
/// </summary>
internal sealed class StandInServer(StandInAccount account, TimeProvider time)
{
    private static readonly TimeSpan OldestRequest = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions AsNamed = new() { PropertyNamingPolicy = null };

    private readonly Lock gate = new();
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> lately = new();
    private int requests;

    /// <summary>How far its clock is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    private DateTimeOffset Now => time.GetUtcNow() + Ahead;

    /// <summary>How many requests came.</summary>
    public int Requests => Volatile.Read(ref requests);

    /// <summary>How many requests a minute are answered.</summary>
    public int MostAMinute { get; set; } = 60;

    /// <summary>What is answered instead, once the request is known to be good: false for what was asked. Null for always that.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    /// <summary>Answers every request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref requests);
        context.Response.Headers.Date = Now.ToString("R", CultureInfo.InvariantCulture);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (RefusalOf(context, body.ToArray()) is { } code)
        {
            await RefuseAsync(context, code is "INVALID_REQUEST_ID" or "DUPLICATE_REQUEST" ? 400 : 401, code);
            return;
        }

        if (Instead is not null && await Instead(context))
        {
            return;
        }

        if (!TakeTurn(context))
        {
            await RefuseAsync(context, StatusCodes.Status429TooManyRequests, "RATE_LIMIT_EXCEEDED");
            return;
        }

        var asked = body.Length == 0 ? null : Parse(body.ToArray());
        await (
            (context.Request.Method, context.Request.Path.Value) switch
            {
                ("GET", "/balance") => AnswerAsync(context, new { balance = account.Balance, currency = account.Currency }),
                ("GET", "/orders") => OrdersAsync(context),
                ("GET", "/esims") => EsimsAsync(context),
                ("GET", "/esims/usage/query") => UsageAsync(context, context.Request.Query["iccid"]),
                ("POST", "/esims/status") => StatusAsync(context, Text(asked, "iccid")),
                ("POST", "/esims/network-events") => NetworkEventsAsync(context, Text(asked, "iccid")),
                ("POST", "/esims/usage-report") => UsageReportAsync(context, Text(asked, "iccid")),
                ("GET", "/webhooks") => WebhooksAsync(context),
                ("PUT", "/webhooks") => SetWebhookAsync(context, asked),
                _ => RefuseAsync(context, StatusCodes.Status404NotFound, code: null),
            }
        );
    }

    private string? RefusalOf(HttpContext context, byte[] body)
    {
        var headers = context.Request.Headers;
        var (code, id, at, signature) = (
            headers[ApiSignature.AccessCodeHeader].ToString(),
            headers[ApiSignature.RequestIdHeader].ToString(),
            headers[ApiSignature.TimestampHeader].ToString(),
            headers[ApiSignature.SignatureHeader].ToString()
        );
        if (id.Length == 0 || at.Length == 0 || signature.Length == 0)
        {
            return "HMAC_REQUIRED";
        }

        if (code is not StandInAccount.AccessCode)
        {
            return "INVALID_API_KEY";
        }

        if (!Guid.TryParse(id, out var guid) || guid.Version != 4)
        {
            return "INVALID_REQUEST_ID";
        }

        lock (gate)
        {
            if (!seen.Add(id))
            {
                return "DUPLICATE_REQUEST";
            }
        }

        if (
            !long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || (Now - DateTimeOffset.FromUnixTimeMilliseconds(ms)).Duration() > OldestRequest
        )
        {
            return "INVALID_TIMESTAMP";
        }

        // Computed here independently, not by the client's own code.
        byte[] signed = [.. Encoding.UTF8.GetBytes(at + id + code), .. body];
        var expected = Convert.ToHexString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(StandInAccount.SecretKey), signed));
        return string.Equals(expected, signature, StringComparison.Ordinal) ? null : "INVALID_SIGNATURE";
    }

    private bool TakeTurn(HttpContext context)
    {
        var now = Now;
        lock (gate)
        {
            while (lately.TryPeek(out var first) && now - first > TimeSpan.FromMinutes(1))
            {
                lately.Dequeue();
            }

            var headers = context.Response.Headers;
            headers["X-RateLimit-Limit"] = MostAMinute.ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Remaining"] = Math.Max(0, MostAMinute - lately.Count - 1).ToString(CultureInfo.InvariantCulture);
            headers["X-RateLimit-Reset"] = now.AddMinutes(1).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            if (lately.Count >= MostAMinute)
            {
                return false;
            }

            lately.Enqueue(now);
            return true;
        }
    }

    private Task OrdersAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var (from, to, status) = (Instant(query["from_date"]), Instant(query["to_date"]), query["status"].ToString());
        var orders = account
            .Orders.Where(order => (from is null || order.CreatedAt >= from) && (to is null || order.CreatedAt <= to))
            .Where(order => status is "" or "all" || string.Equals(order.Status, status, StringComparison.Ordinal));
        orders =
            query["sort_order"] == "asc" ? orders.OrderBy(order => order.CreatedAt) : orders.OrderByDescending(order => order.CreatedAt);
        return PageAsync(context, "orders", [.. orders], Shown);
    }

    private JsonNode Shown(StandInOrder order) =>
        JsonSerializer.SerializeToNode(
            new
            {
                id = order.Id,
                order_reference = order.Reference,
                package_name = order.PackageName,
                package_code = order.PackageCode,
                amount = order.Amount,
                currency = order.Currency,
                status = order.Status,
                flag_url = "/img/flags/XX.png",
                created_at = order.CreatedAt.UtcDateTime,
                esim = order.Iccid is { } iccid && account.Esims.TryGetValue(iccid, out var esim)
                    ? new
                    {
                        iccid,
                        imsi = (string?)null,
                        sim_status = "AFFECTED",
                        esim_status = esim.Profile is null ? "Assigned (Not Installed)" : "Active",
                        profile_status = esim.Profile,
                        total_volume = (long)(esim.TotalMb * 1024 * 1024),
                        total_duration = esim.Days,
                    }
                    : null,
            },
            AsNamed
        )!;

    private Task EsimsAsync(HttpContext context)
    {
        var status = context.Request.Query["status"].ToString();
        return PageAsync(
            context,
            "esims",
            [.. account.Esims.Values.Where(esim => status is "" or "all" || string.Equals(esim.Status, status, StringComparison.Ordinal))],
            esim =>
                JsonSerializer.SerializeToNode(
                    new
                    {
                        id = esim.Id,
                        iccid = esim.Iccid,
                        package_name = esim.PackageName,
                        package_code = esim.PackageCode,
                        countries = new[] { esim.Country },
                        status = esim.Status,
                        data = Data(esim),
                        validity = Validity(esim),
                        qr_code = "https://stand-in.example/qr/" + esim.Lpa,
                        manual_installation = new
                        {
                            smdp_address = "rsp.stand-in.example",
                            activation_code = esim.Lpa.Split('$')[2],
                            lpa_format = esim.Lpa,
                        },
                        direct_apple_installation_url = "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=" + esim.Lpa,
                        created_at = esim.CreatedAt.UtcDateTime,
                        profile_status = esim.Profile,
                    },
                    AsNamed
                )!
        );
    }

    private Task UsageAsync(HttpContext context, string? iccid) =>
        OfEsimAsync(
            context,
            iccid,
            esim => new
            {
                esim = new
                {
                    iccid = esim.Iccid,
                    package_name = esim.PackageName,
                    status = esim.Status,
                },
                data = Data(esim),
                validity = Validity(esim),
            }
        );

    private Task StatusAsync(HttpContext context, string? iccid) =>
        OfEsimAsync(
            context,
            iccid,
            esim => new
            {
                iccid = esim.Iccid,
                status = esim.Status,
                esim_status = esim.Profile is null ? "Assigned (Not Installed)" : "Active",
                profile = esim.Profile switch
                {
                    "Enable" => "Enabled",
                    "Disable" => "Disabled",
                    _ => "Not Installed",
                },
                unlimited = false,
                last_network = esim.Profile is null
                    ? null
                    : new
                    {
                        @operator = "Stand-in Mobile",
                        country = esim.Country,
                        connection_type = "4G",
                    },
                device = esim.Profile is null ? null : new { model = "Pixel 9" },
                activation_date = esim.ActivatedAt?.UtcDateTime,
                last_usage_date = esim.ActivatedAt is null ? (DateTime?)null : Now.AddHours(-2).UtcDateTime,
                expiry_date = esim.ExpiresAt?.UtcDateTime,
                data_usage = new
                {
                    used_gb = Math.Round(esim.UsedMb / 1024, 3),
                    total_gb = esim.TotalMb / 1024,
                    unlimited = false,
                },
            }
        );

    private Task NetworkEventsAsync(HttpContext context, string? iccid) =>
        OfEsimAsync(
            context,
            iccid,
            esim => new
            {
                iccid = esim.Iccid,
                total_events = esim.Profile is null ? 0 : 6,
                wrong_network_count = esim.WrongNetworks,
                events = Enumerable
                    .Range(0, esim.Profile is null ? 0 : 6)
                    .Select(number => new
                    {
                        time = Now.AddHours(-2 - (number * 5)).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture),
                        event_type = number % 3 == 2 ? "data_session"
                        : number % 3 == 1 ? "location_update"
                        : "attach",
                        @operator = number < esim.WrongNetworks ? "Border Telecom" : "Stand-in Mobile",
                        country = number < esim.WrongNetworks ? "Syria" : esim.Country,
                        is_allowed = number >= esim.WrongNetworks,
                        connection_type = "4G",
                    }),
            }
        );

    private Task UsageReportAsync(HttpContext context, string? iccid) =>
        OfEsimAsync(
            context,
            iccid,
            esim => new
            {
                iccid = esim.Iccid,
                period_days = 30,
                summary = new { total_data_mb = esim.UsedMb, total_data_gb = Math.Round(esim.UsedMb / 1024, 3) },
                daily_usage = Enumerable
                    .Range(0, 10)
                    .Select(day => new
                    {
                        date = Now.AddDays(day - 9).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        data_mb = Math.Round(esim.UsedMb * (day % 4 + 1) / 24, 1),
                    }),
                by_country = new[] { new { country = esim.Country, data_mb = esim.UsedMb } },
            }
        );

    private Task WebhooksAsync(HttpContext context) =>
        WriteAsync(
            context,
            StatusCodes.Status200OK,
            new
            {
                success = true,
                webhook = new
                {
                    url = account.WebhookUrl,
                    events = account.WebhookEvents,
                    api_key_name = "Stand-in",
                },
                available_events = Available().Select(static name => new { @event = name, description = name }),
                recent_deliveries = account.Recent.Select(
                    (delivery, index) =>
                        new
                        {
                            id = index + 1,
                            @event = delivery.Event,
                            order_reference = delivery.OrderReference,
                            status = delivery.Status,
                            attempts = delivery.Attempts,
                            last_attempt = delivery.LastAttempt.UtcDateTime,
                        }
                ),
            }
        );

    private Task SetWebhookAsync(HttpContext context, JsonNode? asked)
    {
        account.WebhookUrl = Text(asked, "webhook_url");
        account.WebhookEvents.Clear();
        account.WebhookEvents.AddRange((asked?["events"] as JsonArray ?? []).Select(static item => item?.ToString() ?? ""));
        account.WebhookSecret = "whsec_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        return WriteAsync(
            context,
            StatusCodes.Status200OK,
            new
            {
                success = true,
                message = "Webhook settings updated",
                webhook = new
                {
                    url = account.WebhookUrl,
                    secret = account.WebhookSecret,
                    events = account.WebhookEvents,
                },
            }
        );
    }

    private static IEnumerable<string> Available() =>
        new[]
        {
            EventType.EsimInstalled,
            EventType.EsimProfileUpdated,
            EventType.EsimUsageThreshold,
            EventType.EsimStatusChanged,
            EventType.EsimProvisioned,
            EventType.OrderCompleted,
        }.Select(static type => type.Name());

    private static object Data(StandInEsim esim) =>
        new
        {
            total_mb = esim.TotalMb,
            used_mb = esim.UsedMb,
            remaining_mb = esim.TotalMb - esim.UsedMb,
            is_unlimited = false,
        };

    private static object Validity(StandInEsim esim) =>
        new
        {
            days = esim.Days,
            activated_at = esim.ActivatedAt?.UtcDateTime,
            expires_at = esim.ExpiresAt?.UtcDateTime,
            is_expired = esim.Status is "EXPIRED",
        };

    private Task OfEsimAsync(HttpContext context, string? iccid, Func<StandInEsim, object> show) =>
        iccid is null ? RefuseAsync(context, StatusCodes.Status400BadRequest, "MISSING_IDENTIFIER")
        : account.Esims.TryGetValue(iccid, out var esim) ? AnswerAsync(context, show(esim))
        : RefuseAsync(context, StatusCodes.Status404NotFound, "ESIM_NOT_FOUND");

    private static Task PageAsync<T>(HttpContext context, string name, List<T> all, Func<T, JsonNode> show)
    {
        var page = int.TryParse(context.Request.Query["page"], CultureInfo.InvariantCulture, out var number) ? number : 1;
        var limit = int.TryParse(context.Request.Query["limit"], CultureInfo.InvariantCulture, out var most)
            ? Math.Clamp(most, 1, 100)
            : 20;
        var data = new JsonObject
        {
            [name] = new JsonArray([.. all.Skip((page - 1) * limit).Take(limit).Select(show)]),
            ["pagination"] = new JsonObject
            {
                ["page"] = page,
                ["limit"] = limit,
                ["total"] = all.Count,
                ["total_pages"] = (all.Count + limit - 1) / limit,
            },
        };
        return AnswerAsync(context, data);
    }

    private static Task AnswerAsync(HttpContext context, object data) =>
        WriteAsync(context, StatusCodes.Status200OK, new { success = true, data });

    private static Task RefuseAsync(HttpContext context, int status, string? code) =>
        WriteAsync(
            context,
            status,
            new
            {
                success = false,
                message = code ?? "Not found",
                code,
            }
        );

    private static Task WriteAsync(HttpContext context, int status, object value)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, AsNamed, context.RequestAborted);
    }

    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    private static string? Text(JsonNode? node, string name) => (node as JsonObject)?[name]?.ToString();

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
