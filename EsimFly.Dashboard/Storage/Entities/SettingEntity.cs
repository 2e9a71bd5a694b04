namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>Something that an administrator set on a page.</summary>
internal sealed class SettingEntity
{
    /// <summary>What it is.</summary>
    public required string Name { get; set; }

    /// <summary>Its value as JSON.</summary>
    public required string Value { get; set; }
}
