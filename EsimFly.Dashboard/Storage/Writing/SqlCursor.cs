namespace EsimFly.Dashboard.Storage.Writing;

/// <summary>A query that is under way. It must be ended before it is run again.</summary>
internal abstract class SqlCursor
{
    /// <summary>The row at hand, after <see cref="Step"/> has returned true.</summary>
    public abstract SqlRow Row { get; }

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False where there is none.</returns>
    public abstract bool Step();

    /// <summary>Lets go of the rows.</summary>
    public abstract void End();
}
