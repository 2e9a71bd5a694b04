namespace EsimFly.Dashboard.Tests.Support;

/// <summary>The tests of this class, as a rule inherited from one that runs on SQLite, run on PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnPostgresAttribute : Attribute;
