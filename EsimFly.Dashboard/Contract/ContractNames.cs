namespace EsimFly.Dashboard.Contract;

/// <summary>The written names of contract versions and signed forms, as pages, logs and the API show them.</summary>
internal static class ContractNames
{
    /// <summary>The version's publication month, such as <c>2025-11</c>.</summary>
    public static string Name(this ContractVersion version) =>
        version switch
        {
            ContractVersion.V2025_11 => "2025-11",
            ContractVersion.V2026_04 => "2026-04",
            _ => "unknown",
        };

    /// <summary>The form in snake case, such as <c>json_stringify</c>.</summary>
    public static string Name(this SignedForm form) =>
        form switch
        {
            SignedForm.RawBody => "raw_body",
            SignedForm.JsonStringify => "json_stringify",
            SignedForm.JsonDumps => "json_dumps",
            _ => "unknown",
        };
}
