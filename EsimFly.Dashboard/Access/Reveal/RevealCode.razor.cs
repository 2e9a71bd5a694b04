using System.Security.Claims;
using Microsoft.AspNetCore.Components;

namespace EsimFly.Dashboard.Access.Reveal;

public sealed partial class RevealCode
{
    private RevealedCode? revealed;
    private ElementReference panel;
    private bool isNew;

    /// <summary>The eSIM.</summary>
    [Parameter, EditorRequired]
    public string Iccid { get; set; } = "";

    /// <summary>Whether it is test data.</summary>
    [Parameter]
    public bool IsTest { get; set; }

    /// <summary>What else is offered beside the opened code.</summary>
    [Parameter]
    public RenderFragment<RevealedCode>? ChildContent { get; set; }

    /// <summary>The code, where it was opened together with others; null otherwise.</summary>
    [Parameter]
    public RevealedCode? Given { get; set; }

    private RevealedCode? Shown => revealed ?? Given;

    /// <summary>Whether a code was received for it.</summary>
    [Parameter]
    public bool HasCode { get; set; }

    // The button that had the focus is gone: it goes on from what it revealed.
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (isNew)
        {
            isNew = false;
            await panel.FocusAsync(preventScroll: true);
        }
    }

    private async Task<string?> RevealAsync(ClaimsPrincipal who, CancellationToken cancellationToken)
    {
        (revealed, var problem) = await Reveal.RevealAsync(who, Iccid, IsTest, cancellationToken);
        isNew = revealed is not null;
        StateHasChanged();
        return problem ?? (revealed is null ? "No code is kept for this eSIM." : null);
    }
}
