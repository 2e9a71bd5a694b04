namespace EsimFly.Dashboard.Live;

/// <summary>What a change is about.</summary>
internal enum Topic
{
    /// <summary>An order; the key is its id or, where only that is known, its reference.</summary>
    Order,

    /// <summary>An eSIM; the key is its ICCID.</summary>
    Esim,

    /// <summary>A top-up; the key is the eSIM's ICCID.</summary>
    TopUp,

    /// <summary>The balance; the key is empty.</summary>
    Balance,

    /// <summary>A delivery, or its arrivals; the key is its sequence number.</summary>
    Delivery,

    /// <summary>The log of rejected requests; the key is empty.</summary>
    Rejected,

    /// <summary>The alerts; the key is empty.</summary>
    Alert,

    /// <summary>The owner of a case, its notes, and who looks at it; the key is of the subject.</summary>
    Case,

    /// <summary>The account at eSIMfly: how far synchronising is, and its webhook; the key is empty.</summary>
    Account,
}
