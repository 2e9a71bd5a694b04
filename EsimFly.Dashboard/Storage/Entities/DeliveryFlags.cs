namespace EsimFly.Dashboard.Storage.Entities;

/// <summary>What is odd about a delivery and worth a look. Stored as numbers: never renumber.</summary>
[Flags]
public enum DeliveryFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An earlier delivery with other signed bytes had the same delivery id.</summary>
    IdReused = 1,

    /// <summary>The same signed bytes came again under another delivery id.</summary>
    Replayed = 2,

    /// <summary>The event header disagrees with the body, which decides.</summary>
    HeaderDisagrees = 4,

    /// <summary>The timestamp is missing or cannot be read.</summary>
    NoTimestamp = 8,

    /// <summary>An ICCID is not 19 or 20 digits or fails its check digit.</summary>
    OddIccid = 16,

    /// <summary>It came from an address that is not on the allow-list, which only reports.</summary>
    AddressNotListed = 32,

    /// <summary>It was rejected when it came, and verified again after a secret had been added.</summary>
    Rescued = 64,

    /// <summary>A field of the payload was given and could not be read; the rest is applied.</summary>
    UnreadableField = 128,

    /// <summary>An ICCID is a placeholder for one that is still to come.</summary>
    PlaceholderIccid = 256,

    /// <summary>An eSIM or order that it was about was erased; of the rest, its event is kept.</summary>
    Erased = 512,
}
