namespace EsimFly.Dashboard.Desk.CustomerTexts;

/// <summary>What is written to customers. The names are in the settings: never rename.</summary>
internal enum CustomerText
{
    /// <summary>How to install the eSIM, by link or code.</summary>
    Install,

    /// <summary>How to install it by hand, server and code apart, as iPhones ask for them.</summary>
    InstallByHand,

    /// <summary>The eSIM is switched off on the phone.</summary>
    SwitchedOff,

    /// <summary>The data is used up.</summary>
    UsedUp,

    /// <summary>The plan has expired.</summary>
    Expired,

    /// <summary>A top-up has succeeded.</summary>
    ToppedUp,
}
