using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class CreateStore : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Arrivals",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DeliverySeq = table.Column<long>(type: "INTEGER", nullable: false),
                    ReceivedAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    DurationUs = table.Column<long>(type: "INTEGER", nullable: true),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    DeliveryId = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Arrivals", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "BalanceReadings",
                columns: table => new
                {
                    DeliverySeq = table.Column<long>(type: "INTEGER", nullable: false),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    BodyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Balance = table.Column<decimal>(type: "TEXT", nullable: true),
                    Threshold = table.Column<decimal>(type: "TEXT", nullable: true),
                    Message = table.Column<string>(type: "TEXT", nullable: true),
                    OccurredAtMs = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BalanceReadings", x => x.DeliverySeq);
                });

            migrationBuilder.CreateTable(
                name: "DataKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    WrappedKey = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CreatedAtMs = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Seq = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    BodyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    DeliveryId = table.Column<string>(type: "TEXT", nullable: true),
                    DeliveryIdSearch = table.Column<string>(type: "TEXT", nullable: true),
                    Contract = table.Column<int>(type: "INTEGER", nullable: false),
                    SignedForm = table.Column<int>(type: "INTEGER", nullable: false),
                    SecretId = table.Column<int>(type: "INTEGER", nullable: false),
                    EventName = table.Column<string>(type: "TEXT", nullable: true),
                    SealedBody = table.Column<byte[]>(type: "BLOB", nullable: false),
                    SafeBody = table.Column<string>(type: "TEXT", nullable: true),
                    Headers = table.Column<string>(type: "TEXT", nullable: false),
                    BodyBytes = table.Column<int>(type: "INTEGER", nullable: false),
                    ReceivedAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    NextTryAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    ProcessedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    Error = table.Column<string>(type: "TEXT", nullable: true),
                    Flags = table.Column<int>(type: "INTEGER", nullable: false),
                    Arrivals = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Seq);
                });

            migrationBuilder.CreateTable(
                name: "Esims",
                columns: table => new
                {
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    Iccid = table.Column<string>(type: "TEXT", nullable: false),
                    IccidReversed = table.Column<string>(type: "TEXT", nullable: false),
                    OrderKey = table.Column<string>(type: "TEXT", nullable: true),
                    PlanStatus = table.Column<int>(type: "INTEGER", nullable: false),
                    PlanStatusRaw = table.Column<string>(type: "TEXT", nullable: true),
                    ProfileStatus = table.Column<int>(type: "INTEGER", nullable: false),
                    ProfileStatusRaw = table.Column<string>(type: "TEXT", nullable: true),
                    PackageCode = table.Column<string>(type: "TEXT", nullable: true),
                    PackageName = table.Column<string>(type: "TEXT", nullable: true),
                    EsimId = table.Column<string>(type: "TEXT", nullable: true),
                    Eid = table.Column<string>(type: "TEXT", nullable: true),
                    Imsi = table.Column<string>(type: "TEXT", nullable: true),
                    ProvisionedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    InstalledAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    ActivatedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    ExpiresAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    ExpiredAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    DataUsedGb = table.Column<decimal>(type: "TEXT", nullable: true),
                    DataTotalGb = table.Column<decimal>(type: "TEXT", nullable: true),
                    UsageAsOfMs = table.Column<long>(type: "INTEGER", nullable: true),
                    SortAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    LastEventAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    Flags = table.Column<int>(type: "INTEGER", nullable: false),
                    SealedCodes = table.Column<byte[]>(type: "BLOB", nullable: true),
                    FoldState = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Esims", x => new { x.IsTest, x.Iccid });
                });

            migrationBuilder.CreateTable(
                name: "EventEsims",
                columns: table => new
                {
                    DeliverySeq = table.Column<long>(type: "INTEGER", nullable: false),
                    Iccid = table.Column<string>(type: "TEXT", nullable: false),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    SealedCodes = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_EventEsims", x => new { x.DeliverySeq, x.Iccid });
                });

            migrationBuilder.CreateTable(
                name: "Events",
                columns: table => new
                {
                    DeliverySeq = table.Column<long>(type: "INTEGER", nullable: false),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    BodyHash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Type = table.Column<int>(type: "INTEGER", nullable: false),
                    OccurredAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    ReceivedAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    OrderId = table.Column<string>(type: "TEXT", nullable: true),
                    OrderReference = table.Column<string>(type: "TEXT", nullable: true),
                    OrderKey = table.Column<string>(type: "TEXT", nullable: true),
                    Facts = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Events", x => x.DeliverySeq);
                });

            migrationBuilder.CreateTable(
                name: "Orders",
                columns: table => new
                {
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    OrderKey = table.Column<string>(type: "TEXT", nullable: false),
                    OrderId = table.Column<string>(type: "TEXT", nullable: true),
                    OrderReference = table.Column<string>(type: "TEXT", nullable: true),
                    OrderIdSearch = table.Column<string>(type: "TEXT", nullable: true),
                    OrderReferenceSearch = table.Column<string>(type: "TEXT", nullable: true),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    PackageCode = table.Column<string>(type: "TEXT", nullable: true),
                    PackageName = table.Column<string>(type: "TEXT", nullable: true),
                    Quantity = table.Column<int>(type: "INTEGER", nullable: true),
                    Amount = table.Column<decimal>(type: "TEXT", nullable: true),
                    ErrorCode = table.Column<string>(type: "TEXT", nullable: true),
                    ErrorMessage = table.Column<string>(type: "TEXT", nullable: true),
                    CanRetry = table.Column<bool>(type: "INTEGER", nullable: true),
                    CreatedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    CompletedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    FailedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    SortAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    LastEventAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    EsimCount = table.Column<int>(type: "INTEGER", nullable: false),
                    Flags = table.Column<int>(type: "INTEGER", nullable: false),
                    FoldState = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Orders", x => new { x.IsTest, x.OrderKey });
                });

            migrationBuilder.CreateTable(
                name: "Rejected",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    ReceivedAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", nullable: false),
                    Address = table.Column<string>(type: "TEXT", nullable: true),
                    DeliveryId = table.Column<string>(type: "TEXT", nullable: true),
                    Headers = table.Column<string>(type: "TEXT", nullable: false),
                    SealedRequest = table.Column<byte[]>(type: "BLOB", nullable: true),
                    SafeBody = table.Column<string>(type: "TEXT", nullable: true),
                    Bytes = table.Column<int>(type: "INTEGER", nullable: false),
                    Suppressed = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Rejected", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SigningSecrets",
                columns: table => new
                {
                    Id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Label = table.Column<string>(type: "TEXT", nullable: false),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    SealedSecret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CreatedAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAtMs = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SigningSecrets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "TopUps",
                columns: table => new
                {
                    DeliverySeq = table.Column<long>(type: "INTEGER", nullable: false),
                    IsTest = table.Column<bool>(type: "INTEGER", nullable: false),
                    Iccid = table.Column<string>(type: "TEXT", nullable: false),
                    Succeeded = table.Column<bool>(type: "INTEGER", nullable: false),
                    PackageCode = table.Column<string>(type: "TEXT", nullable: true),
                    PackageName = table.Column<string>(type: "TEXT", nullable: true),
                    Amount = table.Column<decimal>(type: "TEXT", nullable: true),
                    NewExpiryMs = table.Column<long>(type: "INTEGER", nullable: true),
                    ErrorCode = table.Column<string>(type: "TEXT", nullable: true),
                    ErrorMessage = table.Column<string>(type: "TEXT", nullable: true),
                    OccurredAtMs = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_TopUps", x => x.DeliverySeq);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Arrivals_DeliverySeq",
                table: "Arrivals",
                column: "DeliverySeq");

            migrationBuilder.CreateIndex(
                name: "IX_BalanceReadings_IsTest_OccurredAtMs",
                table: "BalanceReadings",
                columns: new[] { "IsTest", "OccurredAtMs" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_DeliveryId",
                table: "Deliveries",
                column: "DeliveryId");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_DeliveryIdSearch",
                table: "Deliveries",
                column: "DeliveryIdSearch");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_EventName_Seq",
                table: "Deliveries",
                columns: new[] { "EventName", "Seq" });

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_IsTest_BodyHash",
                table: "Deliveries",
                columns: new[] { "IsTest", "BodyHash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_ReceivedAtMs",
                table: "Deliveries",
                column: "ReceivedAtMs");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_State_Seq",
                table: "Deliveries",
                columns: new[] { "State", "Seq" });

            migrationBuilder.CreateIndex(
                name: "IX_Esims_Iccid",
                table: "Esims",
                column: "Iccid");

            migrationBuilder.CreateIndex(
                name: "IX_Esims_IccidReversed",
                table: "Esims",
                column: "IccidReversed");

            migrationBuilder.CreateIndex(
                name: "IX_Esims_IsTest_OrderKey",
                table: "Esims",
                columns: new[] { "IsTest", "OrderKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Esims_PlanStatus_ExpiresAtMs",
                table: "Esims",
                columns: new[] { "PlanStatus", "ExpiresAtMs" });

            migrationBuilder.CreateIndex(
                name: "IX_Esims_PlanStatus_SortAtMs_Iccid",
                table: "Esims",
                columns: new[] { "PlanStatus", "SortAtMs", "Iccid" });

            migrationBuilder.CreateIndex(
                name: "IX_Esims_SortAtMs_Iccid",
                table: "Esims",
                columns: new[] { "SortAtMs", "Iccid" });

            migrationBuilder.CreateIndex(
                name: "IX_EventEsims_IsTest_Iccid_DeliverySeq",
                table: "EventEsims",
                columns: new[] { "IsTest", "Iccid", "DeliverySeq" });

            migrationBuilder.CreateIndex(
                name: "IX_Events_IsTest_OrderKey",
                table: "Events",
                columns: new[] { "IsTest", "OrderKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Events_IsTest_OrderReference_OrderId",
                table: "Events",
                columns: new[] { "IsTest", "OrderReference", "OrderId" });

            migrationBuilder.CreateIndex(
                name: "IX_Orders_IsTest_OrderReference",
                table: "Orders",
                columns: new[] { "IsTest", "OrderReference" });

            migrationBuilder.CreateIndex(
                name: "IX_Orders_OrderIdSearch",
                table: "Orders",
                column: "OrderIdSearch");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_OrderReferenceSearch",
                table: "Orders",
                column: "OrderReferenceSearch");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_SortAtMs_OrderKey",
                table: "Orders",
                columns: new[] { "SortAtMs", "OrderKey" });

            migrationBuilder.CreateIndex(
                name: "IX_Orders_Status_SortAtMs_OrderKey",
                table: "Orders",
                columns: new[] { "Status", "SortAtMs", "OrderKey" });

            migrationBuilder.CreateIndex(
                name: "IX_TopUps_IsTest_Iccid",
                table: "TopUps",
                columns: new[] { "IsTest", "Iccid" });

            migrationBuilder.CreateIndex(
                name: "IX_TopUps_IsTest_Succeeded_OccurredAtMs",
                table: "TopUps",
                columns: new[] { "IsTest", "Succeeded", "OccurredAtMs" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Arrivals");

            migrationBuilder.DropTable(
                name: "BalanceReadings");

            migrationBuilder.DropTable(
                name: "DataKeys");

            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "Esims");

            migrationBuilder.DropTable(
                name: "EventEsims");

            migrationBuilder.DropTable(
                name: "Events");

            migrationBuilder.DropTable(
                name: "Orders");

            migrationBuilder.DropTable(
                name: "Rejected");

            migrationBuilder.DropTable(
                name: "SigningSecrets");

            migrationBuilder.DropTable(
                name: "TopUps");
        }
    }
}
