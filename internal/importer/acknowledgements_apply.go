package importer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ApplyAcknowledgements brings the acknowledgements of a file in. A policy is
// known by its name and must exist; a row that names no version speaks of the
// one that was in force when it was acknowledged. What is on record of the same
// version stays, unless the file knows of a later time. Nothing is removed.
// The same file again changes nothing.
//
// The principal of the context must hold the scope all. A refusal
// ([workforce.Fault]) comes with the report that says why.
func ApplyAcknowledgements(ctx context.Context, db *store.DB, acknowledgements *Acknowledgements, opts ApplyOptions) (Report, error) {
	return apply(ctx, db, acknowledgements, opts, "acknowledgements", func(j *job) error {
		return (&acknowledgementsJob{job: j}).run(ctx, acknowledgements)
	})
}

type acknowledgementsJob struct {
	*job
	policies map[string]*workforce.Policy // by folded name
	names    []string
	lineOf   map[acknowledged]int
}

// acknowledged is what a user acknowledges once.
type acknowledged struct {
	user    workforce.UserID
	policy  workforce.PolicyID
	version int64
}

func (j *acknowledgementsJob) run(ctx context.Context, parsed *Acknowledgements) error {
	all, err := j.tx.Policies(ctx)
	if err != nil {
		return err
	}
	j.policies, j.lineOf = map[string]*workforce.Policy{}, map[acknowledged]int{}
	for i := range all {
		j.policies[workforce.Fold(all[i].Name)] = &all[i]
		j.names = append(j.names, all[i].Name)
	}
	rows, err := claims(ctx, j.job, parsed.Rows, func(a *Acknowledgement) string { return a.Email })
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(rows, chunkSize) {
		if err := j.apply(ctx, chunk); err != nil {
			return err
		}
		j.progress(len(chunk))
	}
	return nil
}

// apply brings some hundred rows in.
func (j *acknowledgementsJob) apply(ctx context.Context, chunk []claim[Acknowledgement]) error {
	known, err := j.tx.Acknowledgements(ctx, usersOf(chunk))
	if err != nil {
		return err
	}
	var saving []workforce.Acknowledgement
	for _, c := range chunk {
		a, ok := j.acknowledgement(c)
		if !ok {
			continue
		}
		i := slices.IndexFunc(known[c.user], func(k workforce.Acknowledgement) bool {
			return k.PolicyID == a.PolicyID && k.Version == a.Version
		})
		switch {
		case i < 0:
			j.report.Created++
		case a.AcknowledgedAt.After(known[c.user][i].AcknowledgedAt):
			j.report.Updated++
		default:
			j.report.Unchanged++
			if at := known[c.user][i].AcknowledgedAt; !at.Equal(a.AcknowledgedAt) {
				j.report.note(c.row.Line, "a later acknowledgement of this version is on record, of "+at.Format(time.RFC3339)+", and stays")
			}
			continue
		}
		saving = append(saving, a)
	}
	_, err = j.tx.SaveAcknowledgements(ctx, saving)
	return err
}

// acknowledgement is what a row means, or a problem.
func (j *acknowledgementsJob) acknowledgement(c claim[Acknowledgement]) (workforce.Acknowledgement, bool) {
	a := &c.row.Value
	policy, ok := j.policies[workforce.Fold(a.Policy)]
	if !ok {
		j.problem(c.row.Line, fieldPolicy, a.Policy, j.unknownPolicy())
		return workforce.Acknowledgement{}, false
	}
	version, reason := versionOf(policy, a.Version, a.AcknowledgedAt)
	if reason != "" {
		j.problem(c.row.Line, fieldVersion, policy.Name, reason)
		return workforce.Acknowledgement{}, false
	}
	key := acknowledged{c.user, policy.ID, version}
	if first, twice := j.lineOf[key]; twice {
		j.problem(c.row.Line, fieldPolicy, a.Policy, fmt.Sprintf("line %d speaks of the same person, policy and version (%d); keep one of them", first, version))
		return workforce.Acknowledgement{}, false
	}
	j.lineOf[key] = c.row.Line
	return workforce.Acknowledgement{
		UserID: c.user, PolicyID: policy.ID, Version: version, AcknowledgedAt: workforce.Millis(a.AcknowledgedAt), Source: sourceImport,
		CreatedAt: j.tx.Now(),
	}, true
}

func (j *acknowledgementsJob) unknownPolicy() string {
	if len(j.names) == 0 {
		return "there is no policy of that name; none has been made yet"
	}
	const most = 20
	shown := make([]string, 0, most)
	for _, name := range j.names[:min(most, len(j.names))] {
		shown = append(shown, fmt.Sprintf("%q", clip(name)))
	}
	if len(j.names) > most {
		shown = append(shown, fmt.Sprintf("… (%d more)", len(j.names)-most))
	}
	return "there is no policy of that name; there are " + strings.Join(shown, ", ")
}

// versionOf is the version of a policy that was acknowledged at a time: the one
// that is named, else the latest that had been published by then. The reason is
// why there is none, and else empty.
func versionOf(p *workforce.Policy, named *int64, at time.Time) (version int64, reason string) {
	if named == nil {
		if v := inForce(p, at); v != nil {
			return v.Version, ""
		}
		return 0, "the policy had no published version at that time; give the version"
	}
	for _, v := range p.Versions {
		switch {
		case v.Version != *named:
		case v.PublishedAt == nil:
			return 0, fmt.Sprintf("version %d of the policy is a draft, which nobody can have acknowledged; publish it first", v.Version)
		default:
			return v.Version, ""
		}
	}
	return 0, fmt.Sprintf("the policy has no version %d", *named)
}

// inForce is the version that was in force at a time; nil if there was none. Of
// a mere date the whole day counts: a version that was published at noon could
// be acknowledged on that day.
func inForce(p *workforce.Policy, at time.Time) *workforce.PolicyVersion {
	end := at
	if at.Equal(at.UTC().Truncate(24 * time.Hour)) {
		end = at.Add(24*time.Hour - time.Millisecond)
	}
	for i, v := range slices.Backward(p.Versions) {
		if v.PublishedAt != nil && !v.PublishedAt.After(end) {
			return &p.Versions[i]
		}
	}
	return nil
}
