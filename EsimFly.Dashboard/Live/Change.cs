namespace EsimFly.Dashboard.Live;

/// <summary>Something that is stored has changed: read it again.</summary>
/// <param name="Topic">What it is about.</param>
/// <param name="Key">Which one: see <see cref="Live.Topic"/>.</param>
/// <param name="IsTest">Whether it is test data.</param>
internal readonly record struct Change(Topic Topic, string Key, bool IsTest);
