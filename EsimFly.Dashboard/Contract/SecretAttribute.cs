namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Marks a setting that is a secret: <c>…File</c>, its name with that ending, names a file that has it on its first line.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
