package directory

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// known is what the walk knows of the rows beside what it asks SQL: who there
// is, when they were added, and when the log says that they changed.
type known struct {
	personnel []workforce.PersonnelID
	users     []workforce.UserID
	userOf    map[workforce.PersonnelID]workforce.UserID
	hired     map[workforce.PersonnelID]int64 // milliseconds
	emails    map[workforce.UserID]string
	freed     []string // e-mails that nobody has any more

	accounts    map[workforce.AccountKind][]workforce.AccountID
	added       map[accountKey]int64 // milliseconds
	owners      []workforce.UserID   // who had an account once
	connections int                  // their ids count from 1
	groups      int                  // their ids count from 1

	position int64            // up to where the log was read
	changed  map[logged]int64 // the position of the latest change
	serial   int              // of names that must be new
}

type accountKey struct {
	kind workforce.AccountKind
	id   workforce.AccountID
}

type logged struct {
	subject store.Subject
	id      int64
}

func knownOf(c *storetest.Company) known {
	k := known{
		userOf: map[workforce.PersonnelID]workforce.UserID{}, hired: map[workforce.PersonnelID]int64{}, emails: map[workforce.UserID]string{},
		accounts: map[workforce.AccountKind][]workforce.AccountID{}, added: map[accountKey]int64{},
		connections: len(c.Connections), groups: len(c.Groups), changed: map[logged]int64{}, serial: 1000,
	}
	k.addPeople(c.People)
	k.addAccounts(c.Accounts)
	return k
}

func (k *known) addPeople(people []workforce.NewPerson) {
	for _, p := range people {
		k.personnel, k.users = append(k.personnel, p.Personnel.ID), append(k.users, p.User.ID)
		k.userOf[p.Personnel.ID], k.emails[p.User.ID] = p.User.ID, p.User.Email
		k.hired[p.Personnel.ID] = p.Personnel.CreatedAt.UnixMilli()
	}
}

func (k *known) addAccounts(accounts []workforce.Account) {
	for _, a := range accounts {
		k.accounts[a.Kind] = append(k.accounts[a.Kind], a.ID)
		k.added[accountKey{a.Kind, a.ID}] = a.CreatedAt.UnixMilli()
		if a.UserID != nil {
			k.owners = append(k.owners, *a.UserID)
		}
	}
}

// follow reads from the log what changed up to a position.
func (k *known) follow(ctx context.Context, r *store.Reader, pos int64) error {
	if pos == k.position {
		return nil
	}
	changes, err := r.Changes(ctx, k.position, int(pos-k.position))
	for _, c := range changes {
		k.changed[logged{c.Subject, c.SubjectID}] = c.Seq
		k.position = c.Seq
		if c.Subject != store.SubjectDevice {
			continue
		}
		for _, payload := range [][]byte{c.Before, c.After} { // it is a part of whoever had it, and has it
			var d workforce.Device
			if payload == nil {
				continue
			}
			if err := json.Unmarshal(payload, &d); err != nil {
				return err
			}
			k.changed[logged{store.SubjectPersonnel, int64(d.PersonnelID)}] = c.Seq
		}
	}
	return err
}

// personChanged is the position of the latest change of a person.
func (k *known) personChanged(id workforce.PersonnelID) int64 {
	return max(k.changed[logged{store.SubjectPersonnel, int64(id)}], k.changed[logged{store.SubjectUser, int64(k.userOf[id])}])
}

func (k *known) accountChanged(kind workforce.AccountKind, id workforce.AccountID) int64 {
	subject := store.SubjectInfrastructure
	if kind == workforce.VersionControl {
		subject = store.SubjectVersionControl
	}
	return k.changed[logged{subject, int64(id)}]
}

// byCreation sorts as workforce.SortCreated does.
func byCreation[ID ~int64](ids []ID, dir workforce.SortDir, at func(ID) int64) {
	slices.SortFunc(ids, func(a, b ID) int {
		c := cmp.Compare(at(a), at(b))
		if dir == workforce.Descending {
			c = -c
		}
		return cmp.Or(c, cmp.Compare(a, b))
	})
}

// sqlPersonnel is what SQL says, and for what its lists cannot be asked, the
// log and when people were added.
func (w *walk) sqlPersonnel(s *session, q workforce.PersonnelQuery) listed[workforce.PersonnelID] {
	w.Helper()
	if q.ChangedSince == 0 && q.Sort != workforce.SortCreated {
		ids, total, err := s.r.ListPersonnel(w.ctx, q)
		return must(w, ids, total, err)
	}
	whole := q
	whole.Page = everything
	if q.Sort == workforce.SortCreated {
		whole.Sort = "NAME"
	}
	ids, _, err := s.r.ListPersonnel(w.ctx, whole)
	all := must(w, ids, 0, err).IDs
	if q.ChangedSince > 0 {
		all = slices.DeleteFunc(all, func(id workforce.PersonnelID) bool { return w.known.personChanged(id) <= q.ChangedSince })
	}
	if q.Sort == workforce.SortCreated {
		byCreation(all, q.Dir, func(id workforce.PersonnelID) int64 { return w.known.hired[id] })
	}
	return cut(all, q.Page)
}

func (w *walk) sqlAccounts(s *session, q workforce.AccountQuery) listed[workforce.AccountID] {
	w.Helper()
	if q.ChangedSince == 0 && q.UserID == nil && q.Sort != workforce.SortCreated {
		ids, total, err := s.r.ListAccounts(w.ctx, q)
		return must(w, ids, total, err)
	}
	whole := q
	whole.Page = everything
	if q.Sort == workforce.SortCreated {
		whole.Sort = "EMAIL"
	}
	ids, _, err := s.r.ListAccounts(w.ctx, whole)
	all := must(w, ids, 0, err).IDs
	if q.UserID != nil {
		ids, err := s.r.AccountIDsOf(w.ctx, q.Kind, *q.UserID)
		owned := must(w, ids, 0, err).IDs
		all = slices.DeleteFunc(all, func(id workforce.AccountID) bool { return !slices.Contains(owned, id) })
	}
	if q.ChangedSince > 0 {
		all = slices.DeleteFunc(all, func(id workforce.AccountID) bool { return w.known.accountChanged(q.Kind, id) <= q.ChangedSince })
	}
	if q.Sort == workforce.SortCreated {
		byCreation(all, q.Dir, func(id workforce.AccountID) int64 { return w.known.added[accountKey{q.Kind, id}] })
	}
	return cut(all, q.Page)
}

// since gives the roster for a question about changes.
func (w *walk) since(s *session, position int64) *listsAt {
	w.Helper()
	at, err := s.h.lists.changedSince(w.ctx, position)
	if err != nil || at.pos != s.at.pos {
		w.Fatalf("seed %d, %s: a roster of %+v for %d: %v", w.seed, w.dialect, at, s.at.pos, err)
	}
	return at
}

func (w *walk) personnel(s *session, q workforce.PersonnelQuery) (total int64) {
	w.Helper()
	want := w.sqlPersonnel(s, q)
	ids, total, err := w.since(s, q.ChangedSince).roster.Personnel(w.ctx, q)
	got := must(w, ids, total, err)
	w.compare(s, got.equal(want), "people", q, got, want)
	return total
}

func (w *walk) account(s *session, q workforce.AccountQuery) (total int64) {
	w.Helper()
	want := w.sqlAccounts(s, q)
	ids, total, err := w.since(s, q.ChangedSince).roster.Accounts(w.ctx, q)
	got := must(w, ids, total, err)
	w.compare(s, got.equal(want), "accounts", q, got, want)
	return total
}

// user compares a page of users, with how many there are in all, and where the
// next page begins.
func (w *walk) user(s *session, q workforce.UserQuery) (total int64) {
	w.Helper()
	ahead := q
	ahead.Limit++
	ahead.WithTotal = true
	rows, count, err := s.r.ListUsers(w.ctx, ahead)
	if err != nil {
		w.Fatal(err)
	}
	want := listed[workforce.UserID]{rows[:min(len(rows), q.Limit)], *count}
	ids, total, next, err := listUsers(w.ctx, s.at, q)
	got := must(w, ids, total, err)
	more := next != nil && next.ID == ids[len(ids)-1]
	same := got.equal(want) && (next == nil) == (len(rows) <= q.Limit) && (next == nil || more)
	w.compare(s, same, "users", q, got, want)
	return total
}

// walkPersonnel goes through a whole list, page by page.
func (w *walk) walkPersonnel(s *session, q workforce.PersonnelQuery) {
	w.Helper()
	q.Page = everything
	want := w.sqlPersonnel(s, q)
	r := w.since(s, q.ChangedSince).roster
	got := inPages(w, want.Total, func(after *workforce.ListPosition, limit int) ([]workforce.PersonnelID, int64, *workforce.ListPosition, error) {
		return r.PersonnelAfter(w.ctx, q, after, limit)
	})
	w.compare(s, got.equal(want), "people, page by page", q, got, want)
}

// walkAccounts is walkPersonnel for accounts.
func (w *walk) walkAccounts(s *session, q workforce.AccountQuery) {
	w.Helper()
	q.Page = everything
	want := w.sqlAccounts(s, q)
	r := w.since(s, q.ChangedSince).roster
	got := inPages(w, want.Total, func(after *workforce.ListPosition, limit int) ([]workforce.AccountID, int64, *workforce.ListPosition, error) {
		return r.AccountsAfter(w.ctx, q, after, limit)
	})
	w.compare(s, got.equal(want), "accounts, page by page", q, got, want)
}

// inPages stitches the pages of a list together. A page that is not full before
// the end, or says another total, makes the outcome another one.
func inPages[ID ~int64](
	w *walk, total int64, page func(*workforce.ListPosition, int) ([]ID, int64, *workforce.ListPosition, error),
) listed[ID] {
	w.Helper()
	limit := 1 + int(total)/(1+w.rng.IntN(6))
	out := listed[ID]{Total: total}
	for after := (*workforce.ListPosition)(nil); ; {
		ids, n, next, err := page(after, limit)
		if err != nil {
			w.Fatal(err)
		}
		out.IDs = append(out.IDs, ids...)
		if n != total {
			out.Total = n
		}
		if next == nil || len(ids) < limit {
			if next != nil || int64(len(out.IDs)) < total {
				out.Total = -1 // it ends too early, or says that it does not
			}
			return out
		}
		after = next
	}
}
