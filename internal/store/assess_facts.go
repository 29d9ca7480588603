package store

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/passmuster/passmuster/internal/check"
	"github.com/passmuster/passmuster/internal/workforce"
)

// PersonFacts is everything that is known of one person, for an assessment.
type PersonFacts struct {
	check.Facts
	User workforce.User

	record *workforce.PersonnelRecord
	user   *workforce.UserRecord
}

// Facts reads everything that is known of people, in a fixed number of
// statements for up to a thousand of them, in the order given; numbers that are
// nobody's are left out. Accounts are those of people of whom OFFBOARDING may be
// asked.
func (r *Reader) Facts(ctx context.Context, company *check.Company, ids []workforce.PersonnelID) ([]PersonFacts, error) {
	records, err := r.personnelParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	users := make([]workforce.UserID, 0, len(records))
	for _, id := range ids {
		if rec, ok := records[id]; ok {
			users = append(users, rec.UserID)
		}
	}
	people, err := r.userParts(ctx, users)
	if err != nil {
		return nil, err
	}
	groups, err := r.GroupsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	accounts, err := r.LinkedAccounts(ctx, leaving(company, records))
	if err != nil {
		return nil, err
	}
	acknowledgements, err := r.Acknowledgements(ctx, users)
	if err != nil {
		return nil, err
	}
	trainings, err := r.Trainings(ctx, users)
	if err != nil {
		return nil, err
	}
	exclusions, err := r.ExclusionsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]PersonFacts, 0, len(users))
	for _, id := range ids {
		rec, ok := records[id]
		if !ok {
			continue
		}
		u := people[rec.UserID]
		if u == nil {
			return nil, fmt.Errorf("personnel %d has no user: run passmuster verify", id)
		}
		f := PersonFacts{User: u.User, record: rec, user: u, Facts: check.Facts{
			Company: company, Personnel: rec.Personnel, GroupIDs: groups[id],
			Accounts: accounts[rec.UserID], BackgroundChecks: u.BackgroundChecks, Documents: u.Documents, Devices: rec.Devices,
			Acknowledgements: acknowledgements[rec.UserID], Trainings: trainings[rec.UserID], Exclusions: exclusions[id],
			Previous: rec.Checks,
		}}
		f.Identities = make([]workforce.Identity, len(u.Identities))
		for i := range u.Identities {
			f.Identities[i] = u.Identities[i].Identity
		}
		out = append(out, f)
	}
	return out, nil
}

// leaving are the users of whom OFFBOARDING may be asked: nothing else asks for
// accounts.
func leaving(company *check.Company, records map[workforce.PersonnelID]*workforce.PersonnelRecord) []workforce.UserID {
	rule := company.Rules.Of(workforce.CheckOffboarding)
	var out []workforce.UserID
	for _, rec := range records {
		if slices.Contains(rule.Statuses, rec.EmploymentStatus) {
			out = append(out, rec.UserID)
		}
	}
	slices.Sort(out)
	return out
}

// companySubjects are the subjects that say what is the same for everyone.
var companySubjects = []Subject{SubjectCompany, SubjectConnection, SubjectPolicy, SubjectRules}

// companyCache keeps what is the same for everyone, as of a position of the log.
type companyCache struct {
	mu    sync.Mutex
	seq   int64
	facts *check.Company
}

// AssessedCompany gives what is the same for everyone, for an assessment.
func (r *Reader) AssessedCompany(ctx context.Context) (*check.Company, error) {
	head, err := r.Position(ctx)
	if err != nil {
		return nil, err
	}
	kept := &r.db.company
	kept.mu.Lock()
	seq, facts := kept.seq, kept.facts
	kept.mu.Unlock()
	if facts != nil && seq <= head {
		changed := false
		if seq < head {
			list, args := textList(2, companySubjects)
			if changed, err = r.exists(ctx, `SELECT 1 FROM changes WHERE seq > $1 AND subject IN (`+list+`) LIMIT 1`, append([]any{seq}, args...)...); err != nil {
				return nil, err
			}
		}
		if !changed {
			r.db.keepCompany(head, facts)
			return facts, nil
		}
	}
	if facts, err = r.readCompany(ctx); err != nil {
		return nil, err
	}
	r.db.keepCompany(head, facts)
	return facts, nil
}

func (db *DB) keepCompany(seq int64, facts *check.Company) {
	kept := &db.company
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.facts == nil || seq > kept.seq {
		kept.seq, kept.facts = seq, facts
	}
}

func (r *Reader) readCompany(ctx context.Context) (*check.Company, error) {
	company, err := r.Company(ctx)
	if err != nil {
		return nil, err
	}
	rules, err := r.Rules(ctx)
	if err != nil {
		return nil, err
	}
	policies, err := r.Policies(ctx)
	if err != nil {
		return nil, err
	}
	connections, err := r.Connections(ctx)
	if err != nil {
		return nil, err
	}
	out := &check.Company{
		Location: company.Location(), Rules: &rules, AgentEnabled: company.AgentEnabled,
		Sources:  map[workforce.ConnectionID]check.Source{},
		Policies: slices.DeleteFunc(policies, func(p workforce.Policy) bool { return p.ArchivedAt != nil }),
	}
	for _, c := range connections {
		if c.DeletedAt == nil {
			out.Sources[c.ID] = check.Source{ClientType: c.ClientType, Working: c.Connected()}
		}
	}
	return out, nil
}

// assessedCompany is [Reader.AssessedCompany] with what this transaction itself
// has changed of it.
func (tx *Tx) assessedCompany(ctx context.Context) (*check.Company, error) {
	for _, c := range tx.changes {
		if slices.Contains(companySubjects, c.key.subject) {
			return tx.readCompany(ctx)
		}
	}
	return tx.AssessedCompany(ctx)
}
