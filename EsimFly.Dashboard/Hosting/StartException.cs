namespace EsimFly.Dashboard.Hosting;

/// <summary>The process cannot start as it is set up; the message says what to change.</summary>
internal sealed class StartException(string message) : Exception(message);
