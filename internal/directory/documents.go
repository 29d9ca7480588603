package directory

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/passmuster/passmuster/internal/document"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// documents makes the answers about records out of encoded fragments, of which
// it keeps those that were asked for.
type documents struct {
	db       *store.DB
	cache    *document.Cache
	encoders document.Encoders
}

// heard is told of every change before a fragment is used again.
func (s *documents) heard(d store.Delta) {
	var changed []document.Changed
	if !d.All {
		changed = make([]document.Changed, 0, len(d.Touched))
		for _, t := range d.Touched {
			if e, ok := entities[t.Subject]; ok {
				changed = append(changed, document.Changed{Entity: e, ID: t.ID, Seq: t.Seq})
			}
			if t.Subject == store.SubjectPersonnel {
				// A user's answer says which personnel record is theirs.
				changed = append(changed, document.Changed{Entity: document.User, ID: int64(t.User), Seq: t.Seq})
			}
			if t.Subject == store.SubjectWorkspace {
				d.All = true // it is shown in connections, and changes about never
			}
		}
	}
	s.cache.Advance(d.To, changed, d.All)
}

// entities has the entity whose fragments follow from a subject of the log.
var entities = map[store.Subject]document.Entity{
	store.SubjectUser:           document.User,
	store.SubjectPersonnel:      document.Personnel,
	store.SubjectConnection:     document.Connection,
	store.SubjectInfrastructure: document.Infrastructure,
	store.SubjectVersionControl: document.VersionControl,
	store.SubjectCompany:        document.Company,
}

// maxTries bounds how often an answer is made again because a change came
// between its parts. After that it is read as a whole, in one snapshot.
const maxTries = 3

// one gives the document of a key; false if there is no such record. The caller
// has caught up with the log.
func (s *documents) one(ctx context.Context, key document.Key, sections uint32) (*document.Document, bool, error) {
	d, found, err := s.all(ctx, []document.Key{key}, sections)
	return d, err == nil && len(found) == 1, err
}

// all gives the documents of the keys, parted by commas, without those that do
// not exist, and the keys of those that do. All of it was true at one moment.
func (s *documents) all(ctx context.Context, keys []document.Key, sections uint32) (*document.Document, []document.Key, error) {
	if d, ok := s.join(s.cache, keys, sections, nil); ok && d.OneMoment() {
		return d, keys, nil
	}
	for range maxTries {
		d, found, err := s.fill(ctx, s.cache, keys, sections)
		if err != nil || d.OneMoment() {
			return d, found, err
		}
		if _, err := s.db.CatchUp(ctx); err != nil {
			return nil, nil, err
		}
	}
	return s.fill(ctx, nil, keys, sections)
}

var comma = []byte(",")

// join resolves the keys; false if something is missing.
func (s *documents) join(cache *document.Cache, keys []document.Key, sections uint32, extra map[document.Key]*document.Fragment) (*document.Document, bool) {
	d := document.New()
	for i, key := range keys {
		if i > 0 {
			d.Text(comma)
		}
		if missing := cache.Resolve(d, key, sections, extra); len(missing) > 0 {
			d.Free()
			return nil, false
		}
	}
	return d, true
}

// fill reads what the cache lacks (a nil cache lacks everything), and resolves
// with it.
func (s *documents) fill(ctx context.Context, cache *document.Cache, keys []document.Key, sections uint32) (*document.Document, []document.Key, error) {
	f := filling{documents: s, from: cache, asked: keys, found: keys, sections: sections, extra: map[document.Key]*document.Fragment{}}
	// People come in one statement, which is its own snapshot. Mostly all that
	// they nest is in the cache, and no more is read.
	missing := f.missing()
	if cache != nil {
		if err := f.people(ctx, missing); err != nil {
			return nil, nil, err
		}
		missing = f.missing()
	}
	if len(missing) > 0 {
		if err := s.db.Read(ctx, func(r *store.Reader) error { return f.rest(ctx, r) }); err != nil {
			return nil, nil, fmt.Errorf("reading records: %w", err)
		}
	}
	d, ok := s.join(cache, f.found, sections, f.extra)
	if !ok { // dropped from the cache meanwhile
		return s.fill(ctx, nil, keys, sections)
	}
	return d, f.found, nil
}

// filling is one fill.
type filling struct {
	*documents

	from     *document.Cache // nil: everything is read
	asked    []document.Key
	found    []document.Key // those of them that exist
	sections uint32
	extra    map[document.Key]*document.Fragment
}

// missing gives what the documents lack, each once.
func (f *filling) missing() []document.Key {
	return missingOf(f.from, f.found, f.sections, f.extra)
}

// keep takes what was read at a position.
func (f *filling) keep(asOf int64, loaded map[document.Key]*document.Fragment) {
	for key, fragment := range loaded {
		f.cache.Put(asOf, key, fragment)
		f.extra[key] = fragment
	}
}

// people reads the people among the missing, with their users. Whoever is not
// found is left to rest, which tells why.
func (f *filling) people(ctx context.Context, missing []document.Key) error {
	var personnel []workforce.PersonnelID
	var users []workforce.UserID
	l := loader{documents: f.documents, kinds: map[document.Kind]bool{}, out: map[document.Key]*document.Fragment{}}
	for _, k := range missing {
		switch k.Kind {
		case document.V1Personnel:
			personnel = append(personnel, workforce.PersonnelID(k.ID))
			l.kinds[document.V1Personnel], l.kinds[document.V1User] = true, true
		case document.V1User:
			users = append(users, workforce.UserID(k.ID))
			l.kinds[document.V1User] = true
		case document.V2User:
			users = append(users, workforce.UserID(k.ID))
			l.kinds[document.V2User], l.kinds[document.V2Personnel] = true, true
		default: // rest reads it
		}
	}
	if len(personnel) > 0 {
		parts, err := f.db.PeopleParts(ctx, personnel)
		if err != nil {
			return fmt.Errorf("reading people: %w", err)
		}
		l.people(parts)
		f.keep(parts.Position, l.out)
	}
	if len(users) > 0 {
		clear(l.out)
		parts, err := f.db.PeoplePartsOf(ctx, users)
		if err != nil {
			return fmt.Errorf("reading people: %w", err)
		}
		l.people(parts)
		f.keep(parts.Position, l.out)
	}
	return nil
}

// rest reads in one snapshot, until nothing is missing.
func (f *filling) rest(ctx context.Context, r *store.Reader) error {
	asOf, err := r.Position(ctx)
	if err != nil {
		return err
	}
	absent := map[document.Key]bool{}
	for {
		missing := f.missing()
		if len(missing) == 0 {
			return nil
		}
		loaded, err := f.load(ctx, r, missing)
		if err != nil {
			return err
		}
		f.keep(asOf, loaded)
		gone := false
		for _, key := range missing {
			if loaded[key] == nil {
				absent[key], gone = true, true
			}
		}
		if !gone {
			continue
		}
		if f.found = present(f.found, absent); anyNested(missing, f.asked, absent) {
			return errors.New("a record refers to one that does not exist: run passmuster verify")
		}
	}
}

// missingOf gives what the keys' documents lack, each once.
func missingOf(cache *document.Cache, keys []document.Key, sections uint32, extra map[document.Key]*document.Fragment) []document.Key {
	d := document.New()
	defer d.Free()
	seen := map[document.Key]bool{}
	var out []document.Key
	for _, key := range keys {
		for _, m := range cache.Resolve(d, key, sections, extra) {
			if !seen[m] {
				seen[m] = true
				out = append(out, m)
			}
		}
	}
	return out
}

func present(keys []document.Key, absent map[document.Key]bool) []document.Key {
	out := make([]document.Key, 0, len(keys))
	for _, k := range keys {
		if !absent[k] {
			out = append(out, k)
		}
	}
	return out
}

// anyNested reports whether something absent was not asked for itself.
func anyNested(missing, asked []document.Key, absent map[document.Key]bool) bool {
	top := map[document.Key]bool{}
	for _, k := range asked {
		top[k] = true
	}
	for _, k := range missing {
		if absent[k] && !top[k] {
			return true
		}
	}
	return false
}

// load reads and encodes fragments: a fixed number of queries for each entity,
// whatever the number of keys.
func (s *documents) load(ctx context.Context, r *store.Reader, keys []document.Key) (map[document.Key]*document.Fragment, error) {
	ids := map[document.Entity][]int64{}
	kinds := map[document.Kind]bool{}
	for _, k := range keys {
		ids[k.Kind.Entity()] = append(ids[k.Kind.Entity()], k.ID)
		kinds[k.Kind] = true
	}
	out := make(map[document.Key]*document.Fragment, len(keys))
	l := loader{documents: s, r: r, kinds: kinds, out: out}
	for _, e := range document.AllEntities {
		if len(ids[e]) == 0 {
			continue
		}
		if err := l.entity(ctx, e, ids[e]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// loader is one load.
type loader struct {
	*documents

	r     *store.Reader
	kinds map[document.Kind]bool // those that are wanted
	out   map[document.Key]*document.Fragment
}

func (l *loader) entity(ctx context.Context, e document.Entity, ids []int64) error {
	switch e {
	case document.Personnel:
		records, err := l.r.PersonnelParts(ctx, numbers[workforce.PersonnelID](ids))
		for _, rec := range records {
			encode(l, l.encoders.Personnel, int64(rec.ID), rec)
		}
		return err
	case document.User:
		return l.users(ctx, numbers[workforce.UserID](ids))
	case document.Connection:
		records, err := l.r.ConnectionParts(ctx, numbers[workforce.ConnectionID](ids))
		for _, rec := range records {
			encode(l, l.encoders.Connections, int64(rec.ID), rec)
		}
		return err
	case document.Infrastructure:
		return l.accounts(ctx, workforce.Infrastructure, document.V1Infrastructure, ids)
	case document.VersionControl:
		return l.accounts(ctx, workforce.VersionControl, document.V1VersionControl, ids)
	default:
		company, err := l.r.Company(ctx)
		encode(l, l.encoders.Company, document.CompanyID, company)
		return err
	}
}

func (l *loader) accounts(ctx context.Context, kind workforce.AccountKind, shown document.Kind, ids []int64) error {
	records, err := l.r.AccountParts(ctx, kind, numbers[workforce.AccountID](ids))
	for _, rec := range records {
		l.put(shown, int64(rec.ID), func(b []byte) []byte { return l.encoders.Accounts[shown](b, rec) })
	}
	return err
}

// users reads users in full, or, where only their short form is wanted, the
// little that it shows.
func (l *loader) users(ctx context.Context, ids []workforce.UserID) error {
	read := l.r.BareUsers
	if l.kinds[document.V1User] || l.kinds[document.V2User] {
		read = l.r.UserParts
	}
	records, err := read(ctx, ids)
	if err != nil {
		return err
	}
	var personnel map[workforce.UserID]workforce.PersonnelID
	if l.kinds[document.V2User] {
		if personnel, err = l.r.PersonnelIDsOf(ctx, ids); err != nil {
			return err
		}
	}
	for i := range records {
		l.user(records[i], personnel)
	}
	return nil
}

func (l *loader) user(rec workforce.UserRecord, personnel map[workforce.UserID]workforce.PersonnelID) {
	var own *workforce.PersonnelID
	if id, ok := personnel[rec.ID]; ok {
		own = &id
	}
	for kind, f := range l.encoders.Users {
		if l.kinds[kind] {
			l.put(kind, int64(rec.ID), func(b []byte) []byte { return f(b, rec, own) })
		}
	}
}

// people encodes people with their users.
func (l *loader) people(parts store.PeopleParts) {
	personnel := make(map[workforce.UserID]workforce.PersonnelID, len(parts.Personnel))
	for i := range parts.Personnel {
		rec := &parts.Personnel[i]
		personnel[rec.UserID] = rec.ID
		encode(l, l.encoders.Personnel, int64(rec.ID), *rec)
	}
	for i := range parts.Users {
		l.user(parts.Users[i], personnel)
	}
}

// scratch is memory in which fragments are encoded before they are copied to
// their size.
var scratch = sync.Pool{New: func() any { return new(make([]byte, 0, 32<<10)) }}

// put makes one fragment.
func (l *loader) put(kind document.Kind, id int64, encode func([]byte) []byte) {
	p := scratch.Get().(*[]byte) //nolint:forcetypeassert // nothing else is put into it
	b := encode((*p)[:0])
	l.out[document.Key{Kind: kind, ID: id}] = document.Parse(b)
	if cap(b) <= 1<<20 {
		*p = b
		scratch.Put(p)
	}
}

// encode makes the wanted fragments of a record.
func encode[T any](l *loader, encoders map[document.Kind]func([]byte, T) []byte, id int64, rec T) {
	for kind, f := range encoders {
		if l.kinds[kind] {
			l.put(kind, id, func(b []byte) []byte { return f(b, rec) })
		}
	}
}

func numbers[T ~int64](ids []int64) []T {
	out := make([]T, len(ids))
	for i, id := range ids {
		out[i] = T(id)
	}
	return out
}
