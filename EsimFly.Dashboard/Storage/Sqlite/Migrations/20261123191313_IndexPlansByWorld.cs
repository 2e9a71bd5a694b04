using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class IndexPlansByWorld : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Esims_PlanStatus_ExpiresAtMs",
                table: "Esims");

            migrationBuilder.CreateIndex(
                name: "IX_Esims_IsTest_PlanStatus_ExpiresAtMs",
                table: "Esims",
                columns: new[] { "IsTest", "PlanStatus", "ExpiresAtMs" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Esims_IsTest_PlanStatus_ExpiresAtMs",
                table: "Esims");

            migrationBuilder.CreateIndex(
                name: "IX_Esims_PlanStatus_ExpiresAtMs",
                table: "Esims",
                columns: new[] { "PlanStatus", "ExpiresAtMs" });
        }
    }
}
