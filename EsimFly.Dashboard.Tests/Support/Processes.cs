namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The tests that start several processes each: one after the other, or they would starve one another.</summary>
[CollectionDefinition(Name)]
public sealed class Processes
{
    /// <summary>The collection's name.</summary>
    public const string Name = "processes";
}
