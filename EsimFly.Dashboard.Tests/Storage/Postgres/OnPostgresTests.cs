using EsimFly.Dashboard.Tests.Access;
using EsimFly.Dashboard.Tests.Api;
using EsimFly.Dashboard.Tests.Desk.Cases;
using EsimFly.Dashboard.Tests.Intake;
using EsimFly.Dashboard.Tests.Live;
using EsimFly.Dashboard.Tests.Projection;
using EsimFly.Dashboard.Tests.Support;

// The tests of what uses the stores, once more on PostgreSQL.
namespace EsimFly.Dashboard.Tests.Storage.Postgres;

[OnPostgres]
public sealed class DeliveryLogOnPostgresTests : DeliveryLogTests;

[OnPostgres]
public sealed class AnswersOnPostgresTests : AnswersTests;

[OnPostgres]
public sealed class RejectedRingOnPostgresTests : RejectedRingTests;

[OnPostgres]
public sealed class ConvergenceOnPostgresTests(ITestOutputHelper output) : ConvergenceTests(output)
{
    private protected override int Cases => 60; // a case is a hundred round trips
}

[OnPostgres]
public sealed class DeliveryEffectsOnPostgresTests : DeliveryEffectsTests;

[OnPostgres]
public sealed class LinkingOnPostgresTests : LinkingTests;

[OnPostgres]
public sealed class ReadingOnPostgresTests : ReadingTests;

[OnPostgres]
public sealed class ProjectionWorkerOnPostgresTests : ProjectionWorkerTests;

[OnPostgres]
public sealed class RebuildOnPostgresTests : RebuildTests;

[OnPostgres]
public sealed class ReadApiOnPostgresTests : ReadApiTests;

[OnPostgres]
public sealed class LiveHubOnPostgresTests : LiveHubTests;

[OnPostgres]
public sealed class CaseOnPostgresTests : CaseTests;

[OnPostgres]
public sealed class AuditOnPostgresTests : AuditTests;
