namespace EsimFly.Dashboard.Intake.Receiving;

/// <summary>How the receiver is to fail for test deliveries. Kept as a name: never rename.</summary>
internal enum RehearsedFault
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>It answers 503 and keeps nothing.</summary>
    Answer503 = 1,

    /// <summary>It keeps the delivery, and answers only after the sender's deadline.</summary>
    AnswerLate = 2,

    /// <summary>It drops the connection without an answer and keeps nothing.</summary>
    DropConnection = 3,
}
