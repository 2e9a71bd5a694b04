namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What an account may do; each role may all that the ones before it may. Stored as numbers: never renumber.</summary>
internal enum AccountRole
{
    /// <summary>Sees everything, codes masked.</summary>
    Viewer = 1,

    /// <summary>Also reveals codes, acknowledges alerts, requeues deliveries and simulates.</summary>
    Support = 2,

    /// <summary>Also keeps accounts, secrets, tokens and settings, and reads the audit log.</summary>
    Admin = 3,
}
