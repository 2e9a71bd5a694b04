using System.Runtime.InteropServices;
using SQLitePCL;

namespace EsimFly.Dashboard.Storage.Sqlite;

/// <summary>Whether the file that a connection has open is still the one at its path.</summary>
internal static class FilePlace
{
    // sqlite.org/c3ref/c_fcntl_begin_atomic_write.html: SQLITE_FCNTL_HAS_MOVED compares the file's identity, which costs a system call.
    private const int HasMovedCode = 20;

    private static readonly byte[] Main = "main\0"u8.ToArray();

    /// <summary>Whether it was moved, deleted or replaced since the connection opened it.</summary>
    public static bool HasMoved(sqlite3 connection)
    {
        var moved = 0;
        return Control(connection, Main, HasMovedCode, ref moved) == raw.SQLITE_OK && moved != 0;
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_file_control", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
    private static extern int Control(sqlite3 connection, byte[] database, int code, ref int result);
}

/// <summary>The file is no longer at its path: what would be committed could not be found again.</summary>
internal sealed class FileMovedException(string file) : IOException($"{file} was moved, deleted or replaced while it was in use.");
