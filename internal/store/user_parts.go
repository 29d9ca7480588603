package store

import (
	"database/sql"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The rows of what belongs to a user.

var backgroundCheckColumns = []string{
	"id", "user_id", "status", "case_id", "case_invitation_id", "url", "manual_check_date", "manually_check_url", "type", "source",
	"report_data", "out_of_scope_reason", "out_of_scope_at", "invitation_email", "linked_at", "created_at", "updated_at",
}

func backgroundCheckRow(b workforce.BackgroundCheck) []any {
	return []any{
		b.ID, int64(b.UserID), string(b.Status), b.CaseID, b.CaseInvitationID, b.URL, textOpt(b.ManualCheckDate),
		b.ManuallyCheckURL, string(b.Type), textOpt(b.Source), b.ReportData, b.OutOfScopeReason, msOpt(b.OutOfScopeAt),
		b.InvitationEmail, msOpt(b.LinkedAt), ms(b.CreatedAt), ms(b.UpdatedAt),
	}
}

func scanBackgroundCheck(rows *sql.Rows, b *workforce.BackgroundCheck) error {
	return rows.Scan(&b.ID, &b.UserID, &b.Status, &b.CaseID, &b.CaseInvitationID, &b.URL, &b.ManualCheckDate,
		&b.ManuallyCheckURL, &b.Type, &b.Source, &b.ReportData, &b.OutOfScopeReason, scanTimeOpt{&b.OutOfScopeAt},
		&b.InvitationEmail, scanTimeOpt{&b.LinkedAt}, scanTime{&b.CreatedAt}, scanTime{&b.UpdatedAt})
}

var documentColumns = []string{"id", "user_id", "name", "type", "file_url", "renewal_date", "created_at", "updated_at"}

func documentRow(d workforce.Document) []any {
	return []any{d.ID, int64(d.UserID), d.Name, string(d.Type), d.FileURL, textOpt(d.RenewalDate), ms(d.CreatedAt), ms(d.UpdatedAt)}
}

func scanDocument(rows *sql.Rows, d *workforce.Document) error {
	return rows.Scan(&d.ID, &d.UserID, &d.Name, &d.Type, &d.FileURL, &d.RenewalDate, scanTime{&d.CreatedAt}, scanTime{&d.UpdatedAt})
}

var identityColumns = []string{
	"id", "user_id", "connection_id", "identity_id", "username", "email", "secondary_email", "first_name", "last_name",
	"connected_at", "disconnected_at", "has_mfa", "has_idp", "started_at", "separated_at", "is_contractor", "job_title",
	"manager_id", "manager_name", "created_at", "updated_at",
}

func identityRow(i workforce.Identity) []any {
	return []any{
		i.ID, int64(i.UserID), int64(i.ConnectionID), i.IdentityID, i.Username, i.Email, i.SecondaryEmail, i.FirstName,
		i.LastName, msOpt(i.ConnectedAt), msOpt(i.DisconnectedAt), bitOpt(i.HasMFA), bit(i.HasIDP), msOpt(i.StartedAt),
		msOpt(i.SeparatedAt), bitOpt(i.IsContractor), i.JobTitle, i.ManagerID, i.ManagerName, ms(i.CreatedAt), ms(i.UpdatedAt),
	}
}

func scanIdentity(rows *sql.Rows, i *workforce.Identity) error {
	return rows.Scan(&i.ID, &i.UserID, &i.ConnectionID, &i.IdentityID, &i.Username, &i.Email, &i.SecondaryEmail, &i.FirstName,
		&i.LastName, scanTimeOpt{&i.ConnectedAt}, scanTimeOpt{&i.DisconnectedAt}, &i.HasMFA, &i.HasIDP, scanTimeOpt{&i.StartedAt},
		scanTimeOpt{&i.SeparatedAt}, &i.IsContractor, &i.JobTitle, &i.ManagerID, &i.ManagerName, scanTime{&i.CreatedAt}, scanTime{&i.UpdatedAt})
}

// selectIn reads the rows of a table that belong to the listed users, by
// number.
func selectIn(columns []string, table, list string) string {
	return `SELECT ` + strings.Join(columns, ", ") + ` FROM ` + table + ` WHERE user_id IN (` + list + `) ORDER BY id`
}
