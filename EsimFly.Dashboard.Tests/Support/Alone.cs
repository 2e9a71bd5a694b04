namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The tests that measure a time: they run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
