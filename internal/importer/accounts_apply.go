package importer

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ApplyAccounts brings the accounts of a file in. An account is known by its
// connection and its id there; every other one is new. It is linked to the
// owner whom the row names, else to the person who has its e-mail, else to
// nobody, with a note why. What people decided by hand is never overwritten:
// a manual link, an account that was unlinked, and the declared accesses and
// service accounts, for which the file counts only when the account is new.
// Nothing is removed. The same file again changes nothing.
//
// The principal of the context must hold the scope all. A refusal
// ([workforce.Fault]) comes with the report that says why.
func ApplyAccounts(ctx context.Context, db *store.DB, accounts *Accounts, opts ApplyOptions) (Report, error) {
	return apply(ctx, db, accounts, opts, "accounts", func(j *job) error {
		return (&accountsJob{job: j, accounts: accounts}).run(ctx)
	})
}

type accountsJob struct {
	*job
	accounts *Accounts
}

// place is a connection with the rows of the file about it.
type place struct {
	clientType workforce.ClientType
	alias      string
	rows       []*Row[Account]
}

func (j *accountsJob) run(ctx context.Context) error {
	all, err := j.tx.Connections(ctx)
	if err != nil {
		return err
	}
	for _, p := range j.places() {
		c, isNew, err := j.connectionNamed(ctx, all, p.clientType, p.alias)
		if err != nil {
			return err
		}
		var known map[string]workforce.Account
		if !isNew {
			if known, err = j.tx.AccountsOf(ctx, c.ID); err != nil {
				return err
			}
		}
		if err := j.apply(ctx, c.ID, p.rows, known); err != nil {
			return err
		}
	}
	return nil
}

// places parts the rows by connection, in the order of the file.
func (j *accountsJob) places() []*place {
	type key struct {
		clientType workforce.ClientType
		alias      string
	}
	var out []*place
	at := map[key]*place{}
	for i := range j.accounts.Rows {
		row := &j.accounts.Rows[i]
		k := key{row.Value.ClientType, workforce.Fold(row.Value.Connection)}
		if at[k] == nil {
			at[k] = &place{clientType: row.Value.ClientType, alias: row.Value.Connection}
			out = append(out, at[k])
		}
		at[k].rows = append(at[k].rows, row)
	}
	return out
}

// apply brings the rows about one connection in.
func (j *accountsJob) apply(ctx context.Context, id workforce.ConnectionID, rows []*Row[Account], known map[string]workforce.Account) error {
	var adding []workforce.Account
	type change struct {
		row     *Row[Account]
		account workforce.Account
	}
	var changing []change
	for _, row := range rows {
		before, found := known[row.Value.IdentityID]
		if found {
			changing = append(changing, change{row, before})
			continue
		}
		a, err := j.newAccount(ctx, id, row)
		if err != nil {
			return err
		}
		adding = append(adding, a)
	}
	for chunk := range slices.Chunk(adding, chunkSize) {
		if err := j.tx.CreateAccounts(ctx, chunk); err != nil {
			return err
		}
		j.report.Created += len(chunk)
		j.progress(len(chunk))
	}
	// One order of locking, so that two writers cannot wait for each other.
	slices.SortFunc(changing, func(a, b change) int { return cmp.Compare(a.account.ID, b.account.ID) })
	for _, c := range changing {
		if err := j.change(ctx, c.row, c.account); err != nil {
			return err
		}
		j.progress(1)
	}
	return nil
}

// newAccount is the account of a row that nobody knows yet.
func (j *accountsJob) newAccount(ctx context.Context, id workforce.ConnectionID, row *Row[Account]) (workforce.Account, error) {
	now, r := j.tx.Now(), &row.Value
	a := workforce.Account{
		Kind: r.Kind, ConnectionID: id, IdentityID: r.IdentityID, Username: r.Username, Email: r.Email, HasMFA: r.HasMFA,
		ConnectedAt: r.ConnectedAt, LastCheckedAt: r.LastCheckedAt, CreatedAt: now, UpdatedAt: now,
	}
	for _, f := range r.Kind.Flags() {
		d := r.Access(f)
		switch since := a.Flag(f); {
		case d.On == nil || !*d.On:
		case d.Since != nil:
			*since = d.Since
		default:
			*since = &now
		}
	}
	if r.ServiceAccount != nil && *r.ServiceAccount {
		a.ServiceAccountAt, a.ServiceAccountReason, a.ServiceAccountByUserID = &now, r.ServiceAccountReason, j.who.OwnerID
		return a, nil
	}
	return j.linked(ctx, row, a)
}

// change applies a row to an account that is known.
func (j *accountsJob) change(ctx context.Context, row *Row[Account], seen workforce.Account) error {
	after, err := j.next(ctx, row, seen)
	if err != nil {
		return err
	}
	if reflect.DeepEqual(seen, after) {
		j.report.Unchanged++
		return nil
	}
	// Under lock the account may turn out to have been changed meanwhile.
	before, found, err := j.tx.LockAccount(ctx, seen.Kind, seen.ID)
	if err != nil || !found {
		return cmp.Or(err, fmt.Errorf("account %d is gone", seen.ID))
	}
	if !reflect.DeepEqual(seen, before) {
		if after, err = j.next(ctx, row, before); err != nil {
			return err
		}
	}
	j.report.Updated++
	return j.tx.UpdateAccount(ctx, before, after, "account.imported")
}

// next is the account after the file spoke.
func (j *accountsJob) next(ctx context.Context, row *Row[Account], before workforce.Account) (workforce.Account, error) {
	r, a := &row.Value, before
	a.Username = cmp.Or(r.Username, a.Username)
	a.Email = cmp.Or(r.Email, a.Email)
	a.HasMFA = cmp.Or(r.HasMFA, a.HasMFA)
	a.LastCheckedAt = cmp.Or(r.LastCheckedAt, a.LastCheckedAt)
	if a.RemovedAt != nil { // the system lists it again
		if workforce.Same(a.RemovedAt, a.DisconnectedAt) {
			a.DisconnectedAt = nil
		}
		a.RemovedAt = nil
	}
	a, err := j.linked(ctx, row, a)
	if err != nil || reflect.DeepEqual(before, a) {
		return before, err
	}
	a.UpdatedAt = j.tx.Now()
	return a, nil
}

// linked is the account with the person to whom the row gives it, where that
// is not for people to say.
func (j *accountsJob) linked(ctx context.Context, row *Row[Account], a workforce.Account) (workforce.Account, error) {
	manual := a.LinkMethod != nil && *a.LinkMethod == workforce.LinkManual
	unlinked := a.UserID == nil && a.DisconnectedAt != nil
	if manual || unlinked || a.ServiceAccountAt != nil {
		if row.Value.OwnerEmail != nil && (unlinked || a.ServiceAccountAt != nil) {
			j.report.note(row.Line, "the account was unlinked, or marked as a service account, by hand, and stays so; link it with the API if that has changed")
		}
		return a, nil
	}
	user, method, reason, err := j.ownerOf(ctx, row, a)
	if err != nil {
		return a, err
	}
	if user == nil {
		if a.UserID == nil {
			a.LinkReason = &reason
			j.report.note(row.Line, "not linked to a person: "+reason)
		}
		return a, nil // a link that was made earlier stays
	}
	if workforce.Same(a.UserID, user) && workforce.Same(a.LinkMethod, &method) {
		return a, nil
	}
	if !workforce.Same(a.UserID, user) {
		a.DisconnectedAt = nil
		if a.ConnectedAt == nil || a.UserID != nil {
			a.ConnectedAt = workforce.Ptr(j.tx.Now())
		}
	}
	a.UserID, a.LinkMethod, a.LinkReason = user, &method, &reason
	return a, nil
}

// ownerOf finds whose the account is and says how that is known, or why it is
// not. An owner who is named but unknown is not replaced by a guess.
func (j *accountsJob) ownerOf(ctx context.Context, row *Row[Account], a workforce.Account) (*workforce.UserID, workforce.LinkMethod, string, error) {
	if owner := row.Value.OwnerEmail; owner != nil {
		user, err := j.userBy(ctx, *owner)
		if user == nil {
			return nil, "", "the owner whom the file names is nobody here; import the people first", err
		}
		return user, workforce.LinkImported, "the imported file names the owner", err
	}
	if a.Email == nil {
		return nil, "", "the account has no e-mail address, and the file names no owner", nil
	}
	user, err := j.userBy(ctx, *a.Email)
	if user == nil {
		return nil, "", "nobody here has the account's e-mail address", err
	}
	// A link that a file made by name is not weakened to one by e-mail.
	if a.LinkMethod != nil && *a.LinkMethod == workforce.LinkImported {
		return a.UserID, workforce.LinkImported, workforce.Text(a.LinkReason), err
	}
	return user, workforce.LinkVerifiedEmail, "the account has the person's e-mail address", err
}
