namespace EsimFly.Dashboard.Storage;

/// <summary>The database does not answer, and may do so later: whatever supervises the process should start it again.</summary>
internal sealed class StorageAwayException(string message, Exception cause) : Exception(message, cause)
{
    /// <summary>The exit code of the process: EX_TEMPFAIL of sysexits.h.</summary>
    public const int ExitCode = 75;
}
