namespace EsimFly.Dashboard.Access;

/// <summary>The accounts cannot be set up as configured; the message says what to change.</summary>
internal sealed class AccessSetupException(string message) : Exception(message);
