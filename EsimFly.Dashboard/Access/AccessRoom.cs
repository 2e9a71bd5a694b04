using EsimFly.Dashboard.Access.Accounts;
using EsimFly.Dashboard.Access.Audit;
using EsimFly.Dashboard.Access.Reveal;
using EsimFly.Dashboard.Access.Sessions;
using EsimFly.Dashboard.Access.SetUp;
using EsimFly.Dashboard.Access.SignIn;
using EsimFly.Dashboard.Access.Tokens;
using EsimFly.Dashboard.Storage.Entities;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace EsimFly.Dashboard.Access;

/// <summary>Registers who may do what: accounts, sessions, roles, tokens, the audit log, and the first run.</summary>
internal static class AccessRoom
{
    // What OWASP's password storage cheat sheet asks for PBKDF2 with HMAC-SHA512.
    private const int PasswordHashIterations = 210_000;

    public static IServiceCollection AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AdminOptions>().BindConfiguration(AdminOptions.Section);
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ApiOptions>, ApiOptionsValidator>();
        services.AddOptions<OidcOptions>().BindConfiguration(OidcOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<OidcOptions>, OidcOptionsValidator>();
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>();
        services.AddOptions<LiveSessionOptions>();

        services.AddSingleton<AccessNews>();
        services.AddSingleton<AccessGuard>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<AuditQueries>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<AccountActions>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<Account.SetUpKeys>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<CodeReveal>();
        services.AddHostedService<SetUpNotice>();

        services.AddAccounts();
        services.AddSessions();
        services.AddRoles();
        services.AddIdentityProvider(configuration.GetSection(OidcOptions.Section).Get<OidcOptions>());
        return services;
    }

    /// <summary>At start: makes the administrator that the settings name, where there is none.</summary>
    /// <exception cref="AccessSetupException">The settings are not good.</exception>
    public static Task PrepareAccessAsync(this IServiceProvider services) =>
        services.GetRequiredService<FirstRun>().PrepareAsync(CancellationToken.None);

    /// <summary>
    /// Refuses what other sites' pages ask for. To be used after routing: the webhook endpoint and the health checks have answered then.
    /// </summary>
    public static WebApplication UseOriginGuard(this WebApplication app)
    {
        app.UseMiddleware<OriginGuard>();
        return app;
    }

    /// <summary>Finds out who asks, and lets them pass or not. To be used after routing.</summary>
    public static WebApplication UseAccess(this WebApplication app)
    {
        app.UseCookiePolicy();
        app.UseMiddleware<FormCharset>();
        app.UseMiddleware<FirstRunRedirect>();
        app.UseAuthentication();
        app.UseMiddleware<SecondStepRedirect>();
        app.UseAuthorization();
        app.UseRateLimiter();
        return app;
    }

    public static WebApplication MapAccess(this WebApplication app)
    {
        AccountEndpoints.Map(app);
        app.MapGet(AuditExport.Path, AuditExport.GetAsync).RequireAuthorization(Policies.Admin);
        return app;
    }

    private static void AddAccounts(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services
            .AddIdentityCore<AccountEntity>(options =>
            {
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3; // with passkeys
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = ""; // any that an e-mail address may have
                options.Password = new PasswordOptions
                {
                    // Length over composition (NIST SP 800-63B).
                    RequiredLength = 12,
                    RequiredUniqueChars = 4,
                    RequireDigit = false,
                    RequireLowercase = false,
                    RequireUppercase = false,
                    RequireNonAlphanumeric = false,
                };
            })
            .AddUserManager<AccountManager>()
            .AddPasswordValidator<CommonPasswords>()
            .AddSignInManager<AccountSignIn>()
            .AddClaimsPrincipalFactory<AccountClaims>()
            .AddDefaultTokenProviders()
            .AddTokenProvider<AppCodes>(TokenOptions.DefaultAuthenticatorProvider);
        services.AddScoped<IUserStore<AccountEntity>, AccountStore>();
        services.AddSingleton<AccountTurns>();
        services.AddSingleton<PasswordTurns>();
        services.AddSingleton<SignInTries>();
        services.AddHostedService<SignInTrail>();
        services.AddSingleton<CallerAddress>();
        services.AddScoped<Profile>();
        services.AddScoped(provider => (AccountSignIn)provider.GetRequiredService<SignInManager<AccountEntity>>());
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashIterations);
        services
            .AddOptions<IdentityPasskeyOptions>()
            .Configure<IOptions<AccessOptions>>(
                static (options, origins) =>
                {
                    options.UserVerificationRequirement = "required"; // a passkey replaces both steps
                    options.ResidentKeyRequirement = "required";

                    // Not by the Origin header, which pages that send no referrer leave out of their forms: by what the authenticator
                    // signed.
                    options.ValidateOrigin = context =>
                        ValueTask.FromResult(!context.CrossOrigin && origins.Value.IsOwn(context.HttpContext.Request, context.Origin));
                }
            );
    }

    private static void AddSessions(this IServiceCollection services)
    {
        services
            .AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, configureOptions: null)
            .AddPolicyScheme(
                Policies.Listener,
                displayName: null,
                options =>
                    options.ForwardDefaultSelector = static context =>
                        context.Request.Cookies.ContainsKey(SessionCookie.Name)
                            ? IdentityConstants.ApplicationScheme
                            : ApiTokenHandler.SchemeName
            )
            .AddIdentityCookies(cookies =>
            {
                cookies.ApplicationCookie!.Configure(SessionCookie.Configure);
                cookies.ExternalCookie!.Configure(options => SessionCookie.Harden(options.Cookie, SessionCookie.Name + "-external"));
                cookies.TwoFactorUserIdCookie!.Configure(options => SessionCookie.Harden(options.Cookie, SessionCookie.Name + "-step"));
                cookies.TwoFactorRememberMeCookie!.Configure(options =>
                    SessionCookie.Harden(options.Cookie, SessionCookie.Name + "-remembered")
                );
            });
        services.Configure<SecurityStampValidatorOptions>(options =>
        {
            options.ValidationInterval = TimeSpan.FromMinutes(1);
            options.OnRefreshingPrincipal = SessionCookie.CarryOverAsync;
        });
        services.AddRateLimiter(options =>
        {
            options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            options.AddPolicy(SignInRate.Policy, SignInRate.Of);
            options.AddPolicy(HubConnections.Policy, HubConnections.Of);
        });

        services.AddAntiforgery(options =>
        {
            SessionCookie.Harden(options.Cookie, SessionCookie.Name + "-form");
            options.Cookie.SecurePolicy = CookieSecurePolicy.None; // or it would refuse http://localhost; the policy below adds it
        });
        services.Configure<CookiePolicyOptions>(options => options.Secure = CookieSecurePolicy.Always);
        services.AddCascadingAuthenticationState();
        services.AddScoped<CircuitSession>();
        services.AddScoped<AuthenticationStateProvider>(provider => provider.GetRequiredService<CircuitSession>());
        services.AddSingleton<CircuitLimit.Counts>();
        services.AddScoped<CircuitHandler, CircuitLimit>();
        services.AddScoped<CircuitHandler, CircuitConnection>();
        services.AddSingleton<HubSessions>();
        services.AddHostedService(provider => provider.GetRequiredService<HubSessions>());
    }

    // Whatever asks for nothing is for those who have signed in: a page that forgets to say so is closed, not open.
    private static void AddRoles(this IServiceCollection services)
    {
        var viewer = new AuthorizationPolicyBuilder(IdentityConstants.ApplicationScheme)
            .RequireRole(Policies.Viewer, Policies.Support, Policies.Admin)
            .Build();
        services
            .AddAuthorizationBuilder()
            .SetDefaultPolicy(viewer)
            .SetFallbackPolicy(viewer)
            .AddPolicy(Policies.Viewer, viewer)
            .AddPolicy(
                Policies.Support,
                policy => policy.AddAuthenticationSchemes(IdentityConstants.ApplicationScheme).RequireRole(Policies.Support, Policies.Admin)
            )
            .AddPolicy(
                Policies.Admin,
                policy => policy.AddAuthenticationSchemes(IdentityConstants.ApplicationScheme).RequireRole(Policies.Admin)
            )
            .AddPolicy(
                Policies.ApiToken,
                policy =>
                    policy
                        .AddAuthenticationSchemes(ApiTokenHandler.SchemeName)
                        .RequireClaim(ApiTokenHandler.ScopeClaim, nameof(ApiScopes.Read))
            )
            .AddPolicy(
                Policies.ApiWriter,
                policy =>
                    policy
                        .AddAuthenticationSchemes(ApiTokenHandler.SchemeName)
                        .RequireClaim(ApiTokenHandler.ScopeClaim, nameof(ApiScopes.Write))
            )
            .AddPolicy(
                Policies.Listener,
                policy =>
                    policy
                        .AddAuthenticationSchemes(Policies.Listener)
                        .RequireAuthenticatedUser()
                        .RequireAssertion(static asked =>
                            !string.Equals(asked.User.Identity?.AuthenticationType, ApiTokenHandler.SchemeName, StringComparison.Ordinal)
                            || asked.User.HasClaim(ApiTokenHandler.ScopeClaim, nameof(ApiScopes.Live))
                        )
            );
    }

    private static void AddIdentityProvider(this IServiceCollection services, OidcOptions? settings)
    {
        if (settings?.IsOn != true)
        {
            return;
        }

        services.AddScoped<ExternalSignIn>();
        services
            .AddAuthentication()
            .AddOpenIdConnect(
                ExternalSignIn.Scheme,
                settings.DisplayName,
                options =>
                {
                    options.Authority = settings.Authority;
                    options.ClientId = settings.ClientId;
                    options.ClientSecret = settings.ClientSecret;
                    options.SignInScheme = IdentityConstants.ExternalScheme;
                    options.CallbackPath = "/account/oidc";
                    options.ResponseType = "code";
                    options.ResponseMode = "query"; // comes back by a link, so that Lax cookies come along
                    options.UsePkce = true;
                    options.MapInboundClaims = false;
                    options.Scope.Add("email");
                    options.RequireHttpsMetadata = !new Uri(settings.Authority!).IsLoopback;
                    SessionCookie.Harden(options.CorrelationCookie, SessionCookie.Name + "-correlation-");
                    SessionCookie.Harden(options.NonceCookie, SessionCookie.Name + "-nonce-");
                    options.Events.OnRemoteFailure = static context =>
                    {
                        context.Response.Redirect("/account/sign-in?problem=refused");
                        context.HandleResponse();
                        return Task.CompletedTask;
                    };
                }
            );
    }
}
