namespace EsimFly.Dashboard.Desk.Settings;

/// <summary>A signing secret as administrators see it; its text is never shown again.</summary>
/// <param name="Id">Its number, as deliveries name it; 0 is the one from the environment.</param>
/// <param name="Label">What people call it.</param>
/// <param name="IsTest">Whether what it signs is test data.</param>
/// <param name="CreatedAtMs">When it was added, Unix milliseconds; null for the one from the environment.</param>
/// <param name="LastMatchedAtMs">When it last verified a delivery, Unix milliseconds.</param>
/// <param name="ExpiresAtMs">When it ends or ended, Unix milliseconds.</param>
internal sealed record SecretRow(int Id, string Label, bool IsTest, long? CreatedAtMs, long? LastMatchedAtMs, long? ExpiresAtMs);
