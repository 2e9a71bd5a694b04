using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class KeepRetryStory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsTest",
                table: "Rejected",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "FailedTries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    DeliverySeq = table.Column<long>(type: "INTEGER", nullable: false),
                    AtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    Error = table.Column<string>(type: "TEXT", nullable: false),
                    NextTryAtMs = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FailedTries", x => x.Id);
                });

            // An order of which only eSIM events speak no longer counts as one whose order.created is missing: its contract has none.
            migrationBuilder.Sql(
                """
                UPDATE "Orders" SET "Flags" = "Flags" & ~1
                WHERE ("Flags" & 1) <> 0 AND "Status" <> 2
                    AND NOT EXISTS (SELECT 1 FROM "Events" E WHERE E."IsTest" = "Orders"."IsTest" AND E."OrderKey" = "Orders"."OrderKey" AND E."Type" = 2)
                """);

            migrationBuilder.CreateIndex(
                name: "IX_TopUps_OccurredAtMs",
                table: "TopUps",
                column: "OccurredAtMs");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_FailedAtMs",
                table: "Orders",
                column: "FailedAtMs",
                filter: "\"FailedAtMs\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Orders_IsTest_SortAtMs",
                table: "Orders",
                columns: new[] { "IsTest", "SortAtMs" },
                filter: "(\"Flags\" & 1) <> 0");

            migrationBuilder.CreateIndex(
                name: "IX_Esims_IsTest_SortAtMs",
                table: "Esims",
                columns: new[] { "IsTest", "SortAtMs" },
                filter: "(\"Flags\" & 1) <> 0");

            migrationBuilder.CreateIndex(
                name: "IX_Arrivals_ReceivedAtMs",
                table: "Arrivals",
                column: "ReceivedAtMs",
                filter: "\"Status\" <> 200 OR \"DurationUs\" > 5000000");

            migrationBuilder.CreateIndex(
                name: "IX_FailedTries_DeliverySeq",
                table: "FailedTries",
                column: "DeliverySeq");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "FailedTries");

            migrationBuilder.DropIndex(
                name: "IX_TopUps_OccurredAtMs",
                table: "TopUps");

            migrationBuilder.DropIndex(
                name: "IX_Orders_FailedAtMs",
                table: "Orders");

            migrationBuilder.DropIndex(
                name: "IX_Orders_IsTest_SortAtMs",
                table: "Orders");

            migrationBuilder.DropIndex(
                name: "IX_Esims_IsTest_SortAtMs",
                table: "Esims");

            migrationBuilder.DropIndex(
                name: "IX_Arrivals_ReceivedAtMs",
                table: "Arrivals");

            migrationBuilder.DropColumn(
                name: "IsTest",
                table: "Rejected");
        }
    }
}
