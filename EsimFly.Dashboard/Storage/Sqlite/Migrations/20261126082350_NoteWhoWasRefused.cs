using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EsimFly.Dashboard.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class NoteWhoWasRefused : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsSigned",
                table: "Rejected",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Sender",
                table: "Rejected",
                type: "TEXT",
                nullable: true);

            // Refused though they had verified: something of ours kept them out.
            migrationBuilder.Sql(
                """
                UPDATE "Rejected" SET "IsSigned" = 1
                WHERE "Reason" IN ('queue_full', 'disk_low', 'storage_failing', 'too_late', 'rehearsed', 'rehearsed_drop')
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "IsSigned",
                table: "Rejected");

            migrationBuilder.DropColumn(
                name: "Sender",
                table: "Rejected");
        }
    }
}
