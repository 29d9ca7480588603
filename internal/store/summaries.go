package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Summaries are records with little beside their own row: what a list of
// thousands shows. How many statements are run does not depend on how many
// numbers there are, as long as they fit one statement (1,024).

// PersonSummary is a personnel record with its pins and what lists show of the
// person.
type PersonSummary struct {
	workforce.Personnel
	User    workforce.User    // with roles
	Checks  []workforce.Check // in the order of [workforce.AllCheckTypes]
	Groups  []GroupName       // by number
	Devices DeviceCounts
}

// GroupName is a group as a member's record shows it.
type GroupName struct {
	ID   workforce.GroupID
	Name string
}

// DeviceCounts counts the active devices of a person, and those of them of
// which a check fails.
type DeviceCounts struct {
	Active, Failing int64
}

// AccountSummary is an account with the names of what it refers to.
type AccountSummary struct {
	workforce.Account
	ClientType      workforce.ClientType
	ConnectionAlias *string
	Owner           *AccountOwner // nil: nobody's
}

// AccountOwner is the person whom an account belongs to, by name.
type AccountOwner struct {
	ID                  workforce.UserID
	Email               string
	FirstName, LastName *string
}

// PersonSummaries gives the records with the numbers, in the order given;
// numbers that are nobody's are left out.
func (r *Reader) PersonSummaries(ctx context.Context, ids []workforce.PersonnelID) ([]PersonSummary, error) {
	records, err := r.PersonnelParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	byID := make(map[workforce.PersonnelID]*workforce.PersonnelRecord, len(records))
	users := make([]workforce.UserID, len(records))
	for i := range records {
		byID[records[i].ID] = &records[i]
		users[i] = records[i].UserID
	}
	people, err := r.BareUsers(ctx, users)
	if err != nil {
		return nil, err
	}
	byUser := make(map[workforce.UserID]*workforce.User, len(people))
	for i := range people {
		byUser[people[i].ID] = &people[i].User
	}
	groups, err := r.groupNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]PersonSummary, 0, len(records))
	for _, id := range ids {
		rec, ok := byID[id]
		if !ok {
			continue
		}
		active, failing := rec.ActiveDevices()
		s := PersonSummary{
			Personnel: rec.Personnel, Checks: rec.Checks, Groups: groups[id],
			Devices: DeviceCounts{int64(active), int64(failing)},
		}
		if u := byUser[rec.UserID]; u != nil {
			s.User = *u
		}
		out = append(out, s)
	}
	return out, nil
}

// groupNames gives the groups of people, by number.
func (r *Reader) groupNames(ctx context.Context, ids []workforce.PersonnelID) (map[workforce.PersonnelID][]GroupName, error) {
	out := map[workforce.PersonnelID][]GroupName{}
	err := inChunks(ids, func(ids []workforce.PersonnelID) error {
		list, args := inList(1, ids)
		return r.eachKept(ctx, func(rows *sql.Rows) error {
			var id workforce.PersonnelID
			var g GroupName
			err := rows.Scan(&id, &g.ID, &g.Name)
			out[id] = append(out[id], g)
			return err
		}, `SELECT m.personnel_id, g.id, g.name FROM group_members m JOIN groups g ON g.id = m.group_id
			WHERE m.personnel_id IN (`+list+`) ORDER BY m.personnel_id, g.id`, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the groups of people: %w", err)
	}
	return out, nil
}

// AccountSummaries gives the accounts of a kind with the numbers, in the order
// given; numbers that are no account's are left out.
func (r *Reader) AccountSummaries(ctx context.Context, kind workforce.AccountKind, ids []workforce.AccountID) ([]AccountSummary, error) {
	byID := make(map[workforce.AccountID]*AccountSummary, len(ids))
	err := inChunks(ids, func(ids []workforce.AccountID) error {
		list, args := inList(2, ids)
		return r.eachKept(ctx, func(rows *sql.Rows) error {
			s := &AccountSummary{}
			err := scanAccountSummary(rows, s)
			byID[s.ID] = s
			return err
		}, `SELECT `+accountFields+`, c.client_type, c.client_alias, u.email, u.first_name, u.last_name
			FROM accounts a JOIN connections c ON c.id = a.connection_id LEFT JOIN users u ON u.id = a.user_id
			WHERE a.kind = $1 AND a.id IN (`+list+`)`, append([]any{string(kind)}, args...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading accounts: %w", err)
	}
	out := make([]AccountSummary, 0, len(byID))
	for _, id := range ids {
		if s, ok := byID[id]; ok {
			out = append(out, *s)
		}
	}
	return out, nil
}

func scanAccountSummary(rows *sql.Rows, s *AccountSummary) error {
	var email *string
	var owner AccountOwner
	err := scanAccount(withMore{rows, []any{&s.ClientType, &s.ConnectionAlias, &email, &owner.FirstName, &owner.LastName}}, &s.Account)
	if err == nil && s.UserID != nil && email != nil {
		owner.ID, owner.Email = *s.UserID, *email
		s.Owner = &owner
	}
	return err
}

// withMore is a row with more columns than the function that scans it knows.
type withMore struct {
	rows *sql.Rows
	more []any
}

// Scan gives the columns that come last to more.
func (w withMore) Scan(dest ...any) error { return w.rows.Scan(append(dest, w.more...)...) }
