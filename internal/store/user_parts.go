package store

import (
	"database/sql"
	"slices"
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

func scanBackgroundCheck(rows interface{ Scan(...any) error }, b *workforce.BackgroundCheck) error {
	return rows.Scan(&b.ID, &b.UserID, &b.Status, &b.CaseID, &b.CaseInvitationID, &b.URL, &b.ManualCheckDate,
		&b.ManuallyCheckURL, &b.Type, &b.Source, &b.ReportData, &b.OutOfScopeReason, scanTimeOpt{&b.OutOfScopeAt},
		&b.InvitationEmail, scanTimeOpt{&b.LinkedAt}, scanTime{&b.CreatedAt}, scanTime{&b.UpdatedAt})
}

var documentColumns = []string{
	"id", "user_id", "name", "type", "file_url", "file_hash", "file_name", "media_type", "file_size", "completed_on", "renewal_date",
	"created_at", "updated_at",
}

func documentRow(d workforce.Document) []any {
	return slices.Concat(
		[]any{d.ID, int64(d.UserID), d.Name, string(d.Type), d.FileURL}, fileRow(d.File),
		[]any{textOpt(d.CompletedOn), textOpt(d.RenewalDate), ms(d.CreatedAt), ms(d.UpdatedAt)},
	)
}

func scanDocument(rows interface{ Scan(...any) error }, d *workforce.Document) error {
	var f scanFile
	err := rows.Scan(&d.ID, &d.UserID, &d.Name, &d.Type, &d.FileURL, &f.hash, &f.name, &f.mediaType, &f.size, &d.CompletedOn,
		&d.RenewalDate, scanTime{&d.CreatedAt}, scanTime{&d.UpdatedAt})
	d.File = f.file()
	return err
}

// fileRow is a file as stored, in four columns: all of them or none.
func fileRow(f *workforce.File) []any {
	if f == nil {
		return make([]any, 4)
	}
	return []any{f.Hash, f.Name, f.MediaType, f.Size}
}

// scanFile reads what fileRow stored.
type scanFile struct {
	hash, name, mediaType *string
	size                  *int64
}

func (f scanFile) file() *workforce.File {
	if f.hash == nil {
		return nil
	}
	out := &workforce.File{Hash: *f.hash, Name: workforce.Text(f.name), MediaType: workforce.Text(f.mediaType)}
	if f.size != nil {
		out.Size = *f.size
	}
	return out
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

var trainingColumns = []string{
	"id", "user_id", "type", "course", "course_key", "state", "assigned_at", "completed_at", "source", "created_at", "updated_at",
}

func trainingRow(t workforce.Training) []any {
	return []any{
		t.ID, int64(t.UserID), string(t.Type), t.Course, workforce.Fold(t.Course), string(t.State), msOpt(t.AssignedAt),
		msOpt(t.CompletedAt), t.Source, ms(t.CreatedAt), ms(t.UpdatedAt),
	}
}

const trainingFields = `id, user_id, type, course, state, assigned_at, completed_at, source, created_at, updated_at`

func scanTraining(rows interface{ Scan(...any) error }, t *workforce.Training) error {
	return rows.Scan(&t.ID, &t.UserID, &t.Type, &t.Course, &t.State, scanTimeOpt{&t.AssignedAt}, scanTimeOpt{&t.CompletedAt}, &t.Source,
		scanTime{&t.CreatedAt}, scanTime{&t.UpdatedAt})
}

var acknowledgementColumns = []string{"id", "user_id", "policy_id", "version", "acknowledged_at", "source", "created_at"}

func acknowledgementRow(a workforce.Acknowledgement) []any {
	return []any{a.ID, int64(a.UserID), int64(a.PolicyID), a.Version, ms(a.AcknowledgedAt), a.Source, ms(a.CreatedAt)}
}

func scanAcknowledgement(rows interface{ Scan(...any) error }, a *workforce.Acknowledgement) error {
	return rows.Scan(&a.ID, &a.UserID, &a.PolicyID, &a.Version, scanTime{&a.AcknowledgedAt}, &a.Source, scanTime{&a.CreatedAt})
}

// selectIn reads the rows of a table that belong to the listed users, by
// number.
func selectIn(columns []string, table, list string) string {
	return `SELECT ` + strings.Join(columns, ", ") + ` FROM ` + table + ` WHERE user_id IN (` + list + `) ORDER BY id`
}
