using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EsimFly.Dashboard.Contract;

namespace EsimFly.Dashboard.Simulator;

/// <summary>Makes the bodies of eSIMfly's events, as its documentation has them.</summary>
internal static class SimulatedEvents
{
    private static readonly JsonSerializerOptions Printed = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The contract that an event belongs to.</summary>
    public static ContractVersion ContractOf(EventType type) =>
        type switch
        {
            EventType.EsimProvisioned
            or EventType.EsimInstalled
            or EventType.EsimProfileUpdated
            or EventType.EsimStatusChanged
            or EventType.EsimUsageThreshold => ContractVersion.V2026_04,
            _ => ContractVersion.V2025_11,
        };

    /// <summary>A body as text, to be sent or edited.</summary>
    /// <param name="type">The event.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="at">When it takes place.</param>
    /// <param name="change">What to change in its data; null for nothing.</param>
    public static string Body(EventType type, SimulatedSubject subject, DateTimeOffset at, Action<JsonObject>? change = null)
    {
        var data = Data(type, subject, at);
        change?.Invoke(data);
        return new JsonObject
        {
            ["event"] = type.Name(),
            ["timestamp"] = Text(at),
            ["data"] = data,
        }.ToJsonString(Printed);
    }

    /// <summary>An instant as eSIMfly writes it.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Data(EventType type, SimulatedSubject subject, DateTimeOffset at)
    {
        var package = subject.Package;
        return type switch
        {
            EventType.OrderCreated => new()
            {
                ["order_id"] = subject.OrderId,
                ["order_reference"] = subject.OrderReference,
                ["package_code"] = package.Code,
                ["package_name"] = package.Name,
                ["quantity"] = 1,
                ["amount"] = package.Amount,
                ["status"] = "processing",
            },
            EventType.OrderCompleted => new()
            {
                ["order_id"] = subject.OrderId,
                ["order_reference"] = subject.OrderReference,
                ["esims"] = new JsonArray(Esim(subject.Iccid)),
            },
            EventType.OrderFailed => new()
            {
                ["order_id"] = subject.OrderId,
                ["order_reference"] = subject.OrderReference,
                ["error_code"] = "PROVIDER_ERROR",
                ["error_message"] = "Temporary provider issue",
                ["can_retry"] = true,
            },
            EventType.EsimActivated => new()
            {
                ["iccid"] = subject.Iccid,
                ["package_name"] = package.Name,
                ["activated_at"] = Text(at),
                ["expires_at"] = Text(at.AddDays(package.Days)),
            },
            EventType.EsimExpired => new()
            {
                ["iccid"] = subject.Iccid,
                ["package_name"] = package.Name,
                ["data_used"] = decimal.Round(package.DataGb * 0.85m, 2),
                ["data_total"] = package.DataGb,
                ["expired_at"] = Text(at),
            },
            EventType.BalanceLow => new()
            {
                ["current_balance"] = 15.50m,
                ["threshold"] = 20.00m,
                ["message"] = "Account balance is running low",
            },
            EventType.TopUpCompleted => new()
            {
                ["iccid"] = subject.Iccid,
                ["package_code"] = package.Code,
                ["package_name"] = package.Name,
                ["amount"] = package.Amount,
                ["new_expiry"] = Text(at.AddDays(package.Days * 2)),
            },
            EventType.TopUpFailed => new()
            {
                ["iccid"] = subject.Iccid,
                ["package_code"] = package.Code,
                ["error_code"] = "TOPUP_NOT_ALLOWED",
                ["error_message"] = "eSIM has expired and cannot be topped up",
            },
            EventType.EsimProvisioned => new()
            {
                ["order_reference"] = subject.OrderReference,
                ["iccid"] = subject.Iccid,
                ["lpa_string"] = Code(subject.Iccid),
                ["package_name"] = package.Name,
            },
            EventType.EsimInstalled => Newer(
                subject,
                new()
                {
                    ["eid"] = "89049032020008884800235164256791",
                    ["imsi"] = "999010166196940",
                    ["installed_at"] = Text(at),
                }
            ),
            EventType.EsimProfileUpdated => Newer(
                subject,
                new()
                {
                    ["profile_status"] = "Enable",
                    ["profile"] = "Enabled",
                    ["previous_profile_status"] = "BPP installation",
                    ["changed_at"] = Text(at),
                }
            ),
            EventType.EsimStatusChanged => Newer(
                subject,
                new()
                {
                    ["old_status"] = "NEW",
                    ["new_status"] = "ACTIVE",
                    ["changed_at"] = Text(at),
                    ["expiry_date"] = Text(at.AddDays(package.Days)),
                }
            ),
            EventType.EsimUsageThreshold => Newer(
                subject,
                new()
                {
                    ["source"] = "usage_threshold",
                    ["threshold_remaining_mb"] = 100,
                    ["used_percent"] = decimal.Round((package.DataGb - 0.1m) / package.DataGb * 100, 1),
                    ["used_gb"] = package.DataGb - 0.1m,
                    ["total_gb"] = package.DataGb,
                    ["remaining_gb"] = 0.1m,
                    ["reported_at"] = Text(at),
                }
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(type)),
        };
    }

    /// <summary>An eSIM as a completed order lists it.</summary>
    public static JsonObject Esim(string iccid) =>
        new()
        {
            ["iccid"] = iccid,
            ["qr_code"] = Code(iccid),
            ["activation_code"] = Code(iccid),
            ["status"] = "new",
        };

    // Its server is of a name that cannot exist (RFC 2606), so no phone will ever install it.
    private static string Code(string iccid) => $"LPA:1$simulator.invalid$TEST-{iccid[^8..]}";

    private static JsonObject Newer(SimulatedSubject subject, JsonObject data)
    {
        data.Insert(0, "iccid", subject.Iccid);
        data.Insert(1, "esim_id", 990000 + (subject.Iccid[^1] - '0'));
        data.Insert(2, "package_code", subject.Package.Code);
        data.Insert(3, "order_reference", subject.OrderReference);
        return data;
    }
}
