using EsimFly.Dashboard.Storage.Entities;

namespace EsimFly.Dashboard.Components.Status;

/// <summary>The desk's words for states: each stands here alone.</summary>
internal static class StatusWords
{
    /// <summary>The desk's word for one of eSIMfly's or a network's; one that is not known stays unchanged.</summary>
    public static string Of(string word) =>
        StatusMeaning.Profile(word) is { } profile ? Of(profile)
        : StatusMeaning.Plan(word) is { } plan ? Of(plan)
        : word;

    /// <summary>The word for a profile's state that came as a raw word and a label: the raw word has more to say.</summary>
    public static string? OfProfile(string? raw, string? label) =>
        (StatusMeaning.Profile(raw) ?? StatusMeaning.Profile(label)) is { } profile ? Of(profile) : raw ?? label;

    /// <summary>The word for a plan's state.</summary>
    public static string Of(PlanStatus status) =>
        status switch
        {
            PlanStatus.New => "New",
            PlanStatus.Active => "Active",
            PlanStatus.Depleted => "Used up",
            PlanStatus.Expired => "Expired",
            PlanStatus.Cancelled => "Cancelled",
            _ => "Unknown",
        };

    /// <summary>The word for a profile's state.</summary>
    public static string Of(ProfileStatus status) =>
        status switch
        {
            ProfileStatus.NotInstalled => "Not installed",
            ProfileStatus.Downloading => "Downloading",
            ProfileStatus.Enabled => "Switched on",
            ProfileStatus.Disabled => "Switched off",
            ProfileStatus.Deleted => "Deleted",
            _ => "Not reported",
        };
}
