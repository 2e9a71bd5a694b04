using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Desk.Esims;

/// <summary>Whether an eSIM is installed, and whether it was used: by whatever proves it, with or without an event of its own.</summary>
internal static class EsimUsage
{
    /// <summary>Whether it was used: data or an activation were reported.</summary>
    public static bool IsUsed(EsimEntity esim) => esim.DataUsedGb > 0 || esim.ActivatedAtMs is not null;

    /// <summary>Whether a phone has or had it: an installation was reported, or a state of the profile that comes after one.</summary>
    public static bool IsInstalled(EsimEntity esim) =>
        esim.InstalledAtMs is not null || esim.ProfileStatus is ProfileStatus.Enabled or ProfileStatus.Disabled or ProfileStatus.Deleted;
}
