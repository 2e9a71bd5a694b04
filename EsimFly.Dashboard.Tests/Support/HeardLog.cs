using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EsimFly.Dashboard.Tests.Support;

/// <summary>Everything that is logged, at every level: messages with their exceptions, and scopes.</summary>
internal sealed class HeardLog : ILoggerProvider, ILogger
{
    /// <summary>What was logged so far, in its order.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>The log as a logger of one class.</summary>
    public ILogger<T> Of<T>() => LoggerFactory.Create(builder => builder.AddProvider(this)).CreateLogger<T>();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Lines.Enqueue(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose() { }
}
