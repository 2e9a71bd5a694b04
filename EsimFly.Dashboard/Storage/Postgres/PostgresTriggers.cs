namespace EsimFly.Dashboard.Storage.Postgres;

/// <summary>What the database itself sees to in the event log, as its migration makes it.</summary>
internal static class PostgresTriggers
{
    /// <summary>
    /// The audit log is append-only. Retention alone may end entries: it says so within its transaction
    /// (<see cref="PostgresLogDatabase.EndAudit"/>).
    /// </summary>
    public const string KeepAudit = """
        CREATE FUNCTION "RefuseAuditChange"() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND current_setting('esimfly.audit_ends', true) = 'on' THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'the audit log is append-only';
        END $$;
        CREATE TRIGGER "Audit_IsNotChanged" BEFORE UPDATE OR DELETE ON "Audit"
            FOR EACH ROW EXECUTE FUNCTION "RefuseAuditChange"();
        CREATE TRIGGER "Audit_IsNotEmptied" BEFORE TRUNCATE ON "Audit"
            FOR EACH STATEMENT EXECUTE FUNCTION "RefuseAuditChange"();
        """;

    /// <summary>
    /// Tells all instances, with the commit, that a table was written of which each keeps something in memory: who may sign in, what
    /// verifies, what opens, what was erased.
    /// </summary>
    public static string TellOfChanges { get; } =
        """
            CREATE FUNCTION "TellOfChange"() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                PERFORM pg_notify('esimfly', '|stored|' || TG_TABLE_NAME);
                RETURN NULL;
            END $$;
            """
        + string.Concat(
            new[] { "Accounts", "ApiTokens", "DataKeys", "Erasures", "SigningSecrets" }.Select(static table =>
                $"CREATE TRIGGER \"{table}_TellOfChange\" AFTER INSERT OR UPDATE OR DELETE ON \"{table}\" "
                + "FOR EACH STATEMENT EXECUTE FUNCTION \"TellOfChange\"();"
            )
        );
}
