using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class KeepAlerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Esims_IsTest_PlanStatus_ExpiresAtMs",
                table: "Esims");

            migrationBuilder.CreateTable(
                name: "Alerts",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", nullable: false),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    Stamp = table.Column<long>(type: "INTEGER", nullable: false),
                    Facts = table.Column<string>(type: "TEXT", nullable: false),
                    RaisedAtMs = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    AcknowledgedAtMs = table.Column<long>(type: "INTEGER", nullable: true),
                    AcknowledgedBy = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Alerts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Settings",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Value = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Settings", x => x.Name);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Esims_IsTest_PlanStatus_ExpiresAtMs_Iccid",
                table: "Esims",
                columns: new[] { "IsTest", "PlanStatus", "ExpiresAtMs", "Iccid" });

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_Kind_Key",
                table: "Alerts",
                columns: new[] { "Kind", "Key" },
                unique: true,
                filter: "\"EndedAtMs\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Alerts_RaisedAtMs",
                table: "Alerts",
                column: "RaisedAtMs");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Alerts");

            migrationBuilder.DropTable(
                name: "Settings");

            migrationBuilder.DropIndex(
                name: "IX_Esims_IsTest_PlanStatus_ExpiresAtMs_Iccid",
                table: "Esims");

            migrationBuilder.CreateIndex(
                name: "IX_Esims_IsTest_PlanStatus_ExpiresAtMs",
                table: "Esims",
                columns: new[] { "IsTest", "PlanStatus", "ExpiresAtMs" });
        }
    }
}
