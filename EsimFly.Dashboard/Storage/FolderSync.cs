using System.Runtime.InteropServices;

namespace EsimFly.Dashboard.Storage;

/// <summary>
/// Makes the names in a folder last: by POSIX, a file that was synced can still lose its name in a power cut until its folder is synced
/// too. .NET opens no folders, so this calls the system itself. Windows journals names and needs nothing.
/// </summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <summary>Syncs a folder.</summary>
    /// <exception cref="IOException">The system could not.</exception>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var file = Open(folder, ReadOnly);
        if (file < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened to be synced (error {Marshal.GetLastPInvokeError()}).");
        }

        var result = Sync(file);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(file);
        if (result != 0)
        {
            throw new IOException($"The folder {folder} could not be synced (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
