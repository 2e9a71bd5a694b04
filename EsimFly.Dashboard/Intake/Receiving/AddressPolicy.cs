namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>What is done about deliveries from addresses that are not on the list.</summary>
internal enum AddressPolicy
{
    /// <summary>Nothing: the signature alone decides.</summary>
    Off,

    /// <summary>They are taken, flagged and logged.</summary>
    Report,

    /// <summary>They are refused with 403.</summary>
    Enforce,
}
