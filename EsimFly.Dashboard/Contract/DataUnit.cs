namespace EsimFly.Dashboard.Contract;

/// <summary>A unit of data sizes.</summary>
internal enum DataUnit
{
    /// <summary>Gigabytes.</summary>
    GB,

    /// <summary>Megabytes, 1,024 to a gigabyte.</summary>
    MB,
}
