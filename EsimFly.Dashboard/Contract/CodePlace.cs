namespace EsimFly.Dashboard.Contract;

/// <summary>
/// Where a reader of a body is: which key a value stands under, through arrays too. All below a key that names a code is code, objects and
/// arrays of them as well.
/// </summary>
internal struct CodePlace()
{
    private int codeDepth;
    private UInt128 keys; // a bit for each depth that a key was read at
    private UInt128 known;
    private UInt128 names;
    private UInt128 texts;

    /// <summary>Whether what is read is a code.</summary>
    public bool IsCode { get; private set; }

    /// <summary>Whether what is read is a name or a word that other parts are found by.</summary>
    public readonly bool IsName => IsUnderKeyOf(names);

    /// <summary>Whether what is read is a text of eSIMfly's for people, in which a code may stand.</summary>
    public readonly bool IsFreeText => IsUnderKeyOf(texts);

    /// <summary>Whether what is read stands under none of the contract's keys: nobody knows what it is.</summary>
    public readonly bool IsUnknown => !IsCode && !IsUnderKeyOf(known);

    /// <summary>A key was read at this depth.</summary>
    public void Enter(PayloadKey key, int depth)
    {
        if (!IsCode || depth <= codeDepth)
        {
            (IsCode, codeDepth) = (key.IsCode, depth);
        }

        var bit = UInt128.One << depth;
        keys = (keys & (bit - 1)) | bit;
        known = Set(known, bit, key.IsKnown);
        names = Set(names, bit, key.IsName);
        texts = Set(texts, bit, key.IsFreeText);
    }

    /// <summary>An object or array ended at this depth.</summary>
    public void Leave(int depth)
    {
        IsCode = IsCode && depth >= codeDepth;
        keys &= (UInt128.One << (depth + 1)) - 1;
    }

    private readonly bool IsUnderKeyOf(UInt128 kind) =>
        keys != UInt128.Zero && (kind & (UInt128.One << (127 - (int)UInt128.LeadingZeroCount(keys)))) != UInt128.Zero;

    private static UInt128 Set(UInt128 bits, UInt128 bit, bool isOn) => isOn ? bits | bit : bits & ~bit;
}
