package importer

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/passmuster/passmuster/internal/reconcile"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ApplyPeople brings the people of a file in. A person is known by their id at
// the source, else by their e-mail; everybody else is new. What the file says
// is kept as the source's word and applied to the record, except to fields
// that are pinned. Nobody is removed. The same file again changes nothing.
//
// The principal of the context must hold the scope all. A refusal
// ([workforce.Fault]) comes with the report that says why.
func ApplyPeople(ctx context.Context, db *store.DB, people *People, opts ApplyOptions) (Report, error) {
	alias, err := sourceAlias(opts.Source)
	if err != nil {
		return Report{}, err
	}
	return apply(ctx, db, people, opts, "people", func(j *job) error {
		j.report.Source = alias
		return (&peopleJob{job: j, people: people, alias: alias}).run(ctx)
	})
}

type peopleJob struct {
	*job
	people *People
	alias  string

	has        map[string]bool // the fields that the file has a column for
	connection workforce.Connection
	types      map[workforce.ConnectionID]workforce.ClientType
	known      map[string]workforce.SourceRecord // by the id at the source
	idOf       map[workforce.UserID]string       // the other way round
	groups     map[string]workforce.GroupID      // by folded name
	managers   map[string]manager                // by folded e-mail
	lineOf     map[workforce.UserID]int          // which row spoke of a user
	adding     []*Row[Person]                    // new people
	changing   []*knownPerson                    // known people, by number
}

// manager is how a person's manager is named at the source.
type manager struct {
	id   *string // nil: not known to the source
	name *string
}

// knownPerson is a row about somebody who is recorded.
type knownPerson struct {
	row    *Row[Person]
	user   workforce.UserID
	record workforce.UserRecord
}

func (j *peopleJob) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		j.findSource, j.match, j.readKnown, j.makeGroups, j.findManagers, j.addNew, j.changeKnown,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// findSource finds or makes the file's connection and reads what it said.
func (j *peopleJob) findSource(ctx context.Context) error {
	j.has = map[string]bool{}
	for _, c := range j.people.Mapping {
		j.has[c.Field] = true
	}
	all, err := j.tx.Connections(ctx)
	if err != nil {
		return err
	}
	j.types = map[workforce.ConnectionID]workforce.ClientType{}
	for _, c := range all {
		j.types[c.ID] = c.ClientType
	}
	var isNew bool
	if j.connection, isNew, err = j.connectionNamed(ctx, all, workforce.ClientFile, j.alias); err != nil {
		return err
	}
	j.types[j.connection.ID] = workforce.ClientFile
	j.idOf = map[workforce.UserID]string{}
	if isNew {
		return nil
	}
	if j.known, err = j.tx.SourceRecordsOf(ctx, j.connection.ID); err != nil {
		return err
	}
	for id, rec := range j.known {
		j.idOf[rec.UserID] = id
	}
	return nil
}

// match finds out of whom each row speaks.
func (j *peopleJob) match(ctx context.Context) error {
	j.lineOf = map[workforce.UserID]int{}
	for i := range j.people.Rows {
		row := &j.people.Rows[i]
		p := &row.Value
		rec, found := j.known[p.ExternalID]
		byEmail, hasEmail, err := j.tx.UserIDByEmail(ctx, p.Email)
		if err != nil {
			return err
		}
		user := rec.UserID
		switch id, other := j.idOf[byEmail]; {
		case found && hasEmail && byEmail != user:
			j.problem(row.Line, fieldEmail, p.Email, "the id is that of one person and the e-mail address that of another; correct one of them")
			continue
		case !found && !hasEmail:
			j.adding = append(j.adding, row)
			continue
		case !found && other:
			j.problem(row.Line, fieldExternalID, p.ExternalID, fmt.Sprintf("the source %q knows this person by the id %q; keep it, leave the column out with --map, or give the file another --source", j.alias, clip(id)))
			continue
		case !found:
			user = byEmail
		}
		if first, twice := j.lineOf[user]; twice {
			j.problem(row.Line, fieldEmail, p.Email, fmt.Sprintf("line %d speaks of the same person; keep one of them", first))
			continue
		}
		j.lineOf[user] = row.Line
		j.changing = append(j.changing, &knownPerson{row: row, user: user})
	}
	// One order of locking, so that two writers cannot wait for each other.
	slices.SortFunc(j.changing, func(a, b *knownPerson) int { return cmp.Compare(a.user, b.user) })
	j.total = len(j.adding) + len(j.changing)
	return nil
}

// readKnown reads the people whom rows speak of.
func (j *peopleJob) readKnown(ctx context.Context) error {
	for chunk := range slices.Chunk(j.changing, chunkSize) {
		ids := make([]workforce.UserID, len(chunk))
		of := make(map[workforce.UserID]*knownPerson, len(chunk))
		for i, k := range chunk {
			ids[i], of[k.user] = k.user, k
		}
		records, err := j.tx.UserRecords(ctx, ids, true)
		if err != nil {
			return err
		}
		for _, rec := range records {
			of[rec.ID].record = rec
		}
	}
	return nil
}

// makeGroups finds the groups that rows name, and makes those that are new.
func (j *peopleJob) makeGroups(ctx context.Context) error {
	if !j.has[fieldGroups] {
		return nil
	}
	all, err := j.tx.Groups(ctx)
	if err != nil {
		return err
	}
	j.groups = map[string]workforce.GroupID{}
	for _, g := range all {
		j.groups[workforce.Fold(g.Name)] = g.ID
	}
	var made []workforce.Group
	for i := range j.people.Rows {
		row := &j.people.Rows[i]
		if j.skipped[row.Line] {
			continue
		}
		for _, name := range row.Value.Groups {
			key := workforce.Fold(name)
			if _, ok := j.groups[key]; !ok {
				j.groups[key] = 0
				made = append(made, workforce.Group{Name: name, CreatedAt: j.tx.Now(), UpdatedAt: j.tx.Now()})
			}
		}
	}
	if len(made) == 0 {
		return nil
	}
	if err := j.tx.CreateGroups(ctx, made); err != nil {
		return err
	}
	for _, g := range made {
		j.groups[workforce.Fold(g.Name)] = g.ID
	}
	return nil
}

func (j *peopleJob) groupIDs(p *Person) []workforce.GroupID {
	var out []workforce.GroupID
	for _, name := range p.Groups {
		out = append(out, j.groups[workforce.Fold(name)])
	}
	return union(nil, out)
}

// findManagers finds how the source names the managers: in the file itself,
// else among the people whom it knows already.
func (j *peopleJob) findManagers(ctx context.Context) error {
	j.managers = map[string]manager{}
	for i := range j.people.Rows {
		p := &j.people.Rows[i].Value
		before := j.known[p.ExternalID].Facts
		j.managers[workforce.Fold(p.Email)] = named(p.ExternalID,
			said(p.FirstName, before.FirstName, j.has[fieldFirstName]), said(p.LastName, before.LastName, j.has[fieldLastName]))
	}
	look := func(email *string) error {
		if email == nil {
			return nil
		}
		key := workforce.Fold(*email)
		if _, ok := j.managers[key]; ok {
			return nil
		}
		m, err := j.managerElsewhere(ctx, key)
		j.managers[key] = m
		return err
	}
	for i := range j.people.Rows {
		p := &j.people.Rows[i].Value
		if err := look(p.ManagerEmail); err != nil {
			return err
		}
		if err := look(j.known[p.ExternalID].Facts.ManagerEmail); err != nil {
			return err
		}
	}
	return nil
}

// managerElsewhere looks a manager up of whom no row speaks.
func (j *peopleJob) managerElsewhere(ctx context.Context, email string) (manager, error) {
	user, found, err := j.tx.UserIDByEmail(ctx, email)
	if err != nil || !found {
		return manager{}, err
	}
	id, known := j.idOf[user]
	if !known {
		return manager{}, nil
	}
	facts := j.known[id].Facts
	return named(id, facts.FirstName, facts.LastName), nil
}

func named(id string, first, last *string) manager {
	m := manager{id: &id}
	if name := workforce.FullName(first, last); name != "" {
		m.name = &name
	}
	return m
}

// addNew adds the people who are new.
func (j *peopleJob) addNew(ctx context.Context) error {
	for chunk := range slices.Chunk(j.adding, chunkSize) {
		people := make([]workforce.NewPerson, 0, len(chunk))
		for _, row := range chunk {
			facts, reason := j.factsOf(&row.Value, workforce.SourceFacts{})
			if reason != "" {
				j.problem(row.Line, fieldEmploymentStatus, "", reason)
				continue
			}
			people = append(people, j.newPerson(&row.Value, facts))
		}
		if err := j.tx.CreatePeople(ctx, people); err != nil {
			return err
		}
		j.report.Created += len(people)
		j.progress(len(chunk))
	}
	return nil
}

// newPerson is the record of somebody of whom only this source speaks.
func (j *peopleJob) newPerson(p *Person, facts workforce.SourceFacts) workforce.NewPerson {
	now, none := j.tx.Now(), workforce.SourceFacts{}
	user := workforce.User{Email: p.Email, CreatedAt: now, UpdatedAt: now}
	record := workforce.Personnel{EmploymentStatus: workforce.UnknownStatus, CreatedAt: now, UpdatedAt: now}
	record = j.nextPersonnel(record, p, none, facts, now)
	return workforce.NewPerson{
		User:       nextUser(user, p, nil, none, facts, now),
		Personnel:  record,
		Identities: []workforce.Identity{j.identityOf(p, facts, nil, now)},
		GroupIDs:   j.groupIDs(p),
		Sources: []workforce.SourceRecord{{
			ConnectionID: j.connection.ID, ExternalID: p.ExternalID, Facts: facts, ObservedAt: now,
		}},
	}
}

// changeKnown applies the rows about people who are known.
func (j *peopleJob) changeKnown(ctx context.Context) error {
	for _, k := range j.changing {
		same, err := j.unchanged(ctx, k)
		if err != nil {
			return err
		}
		if same {
			j.report.Unchanged++
		} else if err := j.change(ctx, k); err != nil {
			return err
		}
		j.progress(1)
	}
	return nil
}

// unchanged reports whether the source said all of this before. If so the
// record is left alone, whatever it says: it is the outcome of what all
// sources and people said since.
func (j *peopleJob) unchanged(ctx context.Context, k *knownPerson) (bool, error) {
	p, rec := &k.row.Value, k.record
	before, known := j.known[p.ExternalID]
	identity := j.identity(rec)
	if !known || identity == nil || rec.Personnel == nil {
		return false, nil
	}
	facts, reason := j.factsOf(p, before.Facts)
	if reason != "" || !reflect.DeepEqual(facts, before.Facts) ||
		!reflect.DeepEqual(*identity, j.identityOf(p, facts, identity, j.tx.Now())) ||
		len(p.Roles) > 0 && !slices.Equal(p.Roles, rec.Roles) {
		return false, nil
	}
	if p.status == string(workforce.OutOfScope) &&
		(rec.Personnel.EmploymentStatus != workforce.OutOfScope || !workforce.Same(rec.Personnel.NotHumanReason, p.NotHumanReason)) {
		return false, nil
	}
	if len(p.Groups) == 0 {
		return true, nil
	}
	groups, err := j.tx.GroupIDsOf(ctx, rec.Personnel.ID)
	return slices.Equal(union(groups, j.groupIDs(p)), union(groups, nil)), err
}

// identity is the person's identity at the source; nil if they have none.
func (j *peopleJob) identity(rec workforce.UserRecord) *workforce.Identity {
	for i := range rec.Identities {
		if id := &rec.Identities[i].Identity; id.ConnectionID == j.connection.ID {
			return id
		}
	}
	return nil
}

// change applies a row to a person, after reading them again under lock.
func (j *peopleJob) change(ctx context.Context, k *knownPerson) error {
	p, at := &k.row.Value, j.tx.Now()
	now, err := j.lock(ctx, k.user)
	if err != nil {
		return err
	}
	var said *workforce.SourceRecord
	others := slices.Clone(now.sources)
	if i := slices.IndexFunc(others, func(r workforce.SourceRecord) bool { return r.ConnectionID == j.connection.ID }); i >= 0 {
		said = workforce.Ptr(others[i])
		others = slices.Delete(others, i, i+1)
	}
	says := workforce.SourceRecord{ConnectionID: j.connection.ID, ExternalID: p.ExternalID, UserID: k.user, ObservedAt: at}
	var old workforce.SourceFacts
	if said != nil {
		old = said.Facts
	}
	var reason string
	if says.Facts, reason = j.factsOf(p, old); reason != "" {
		j.problem(k.row.Line, fieldEmploymentStatus, "", reason)
		return nil
	}
	before := reconcile.Employment(now.sources, j.types)
	after := reconcile.Employment(append(others, says), j.types)
	var oldEmail *string
	if now.identity != nil {
		oldEmail = now.identity.Email
	}
	identity := j.identityOf(p, says.Facts, now.identity, at)
	identity.UserID = k.user
	next := knownState{
		user:      nextUser(now.user, p, oldEmail, before, after, at),
		personnel: j.nextPersonnel(now.personnel, p, before, after, at),
		identity:  &identity,
	}
	if reason := contradiction(next.personnel, j.today); reason != "" {
		j.problem(k.row.Line, fieldSeparationDate, "", reason)
		return nil
	}
	return j.save(ctx, p, now, next, said, says)
}

// knownState is a person as they are, under lock, or shall be.
type knownState struct {
	user      workforce.User
	personnel workforce.Personnel
	identity  *workforce.Identity // at the source; nil if there is none
	sources   []workforce.SourceRecord
	groups    []workforce.GroupID
}

// lock reads a person and keeps other writers from changing them.
func (j *peopleJob) lock(ctx context.Context, id workforce.UserID) (knownState, error) {
	var s knownState
	var ok bool
	var err error
	if s.user, ok, err = j.tx.LockUser(ctx, id); err != nil || !ok {
		return s, cmp.Or(err, fmt.Errorf("user %d is gone", id))
	}
	personnel, _, err := j.tx.PersonnelIDOf(ctx, id)
	if err != nil {
		return s, err
	}
	if s.personnel, ok, err = j.tx.LockPersonnel(ctx, personnel); err != nil || !ok {
		return s, cmp.Or(err, fmt.Errorf("user %d has no personnel record", id))
	}
	if s.sources, err = j.tx.SourceRecords(ctx, id); err != nil {
		return s, err
	}
	if s.groups, err = j.tx.GroupIDsOf(ctx, personnel); err != nil {
		return s, err
	}
	records, err := j.tx.UserRecords(ctx, []workforce.UserID{id}, false)
	if err != nil {
		return s, err
	}
	if found := j.identity(records[0]); found != nil {
		s.identity = workforce.Ptr(*found)
	}
	return s, nil
}

// save writes what differs.
func (j *peopleJob) save(ctx context.Context, p *Person, now, next knownState, said *workforce.SourceRecord, says workforce.SourceRecord) error {
	if err := j.tx.UpdateUser(ctx, now.user, next.user, "user.imported"); err != nil {
		return err
	}
	if err := j.tx.SaveSourceRecord(ctx, said, says); err != nil {
		return err
	}
	if err := j.tx.SaveIdentity(ctx, now.identity, next.identity); err != nil {
		return err
	}
	if err := j.tx.UpdatePersonnel(ctx, now.personnel, next.personnel, "personnel.imported"); err != nil {
		return err
	}
	if groups := union(now.groups, j.groupIDs(p)); !slices.Equal(groups, now.groups) {
		if err := j.tx.SetGroups(ctx, next.personnel.ID, next.user.ID, groups); err != nil {
			return err
		}
	}
	j.report.Updated++
	return nil
}
