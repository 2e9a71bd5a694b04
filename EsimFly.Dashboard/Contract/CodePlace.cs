namespace EsimFly.Dashboard.Contract;

/// <summary>Where a reader of a body is: all below a key that names a code is code, objects and arrays of them too.</summary>
internal struct CodePlace
{
    private int codeDepth;

    /// <summary>Whether what is read is a code.</summary>
    public bool IsCode { get; private set; }

    /// <summary>Whether what is read is a name or a word that other parts are found by.</summary>
    public bool IsName { get; private set; }

    /// <summary>A key was read at this depth.</summary>
    public void Enter(BodyKey key, int depth)
    {
        if (!IsCode || depth <= codeDepth)
        {
            (IsCode, IsName, codeDepth) = (key.IsCode, key.IsName, depth);
        }
    }

    /// <summary>An object or array ended at this depth.</summary>
    public void Leave(int depth) => IsCode = IsCode && depth >= codeDepth;
}
