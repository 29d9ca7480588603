package importer

import (
	"cmp"
	"context"
	"reflect"
	"time"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

// ApplyBackgroundChecks brings the background checks of a file in. A check is
// known by the person, who made it and its case id; every other one is new. An
// empty cell changes nothing. Nothing is removed. The same file again changes
// nothing.
//
// The principal of the context must hold the scope all. A refusal
// ([workforce.Fault]) comes with the report that says why.
func ApplyBackgroundChecks(ctx context.Context, db *store.DB, checks *BackgroundChecks, opts ApplyOptions) (Report, error) {
	return apply(ctx, db, checks, opts, "background checks", func(j *job) error {
		all, err := claims(ctx, j, checks.Rows, func(b *BackgroundCheck) string { return b.Email })
		if err != nil {
			return err
		}
		now := j.tx.Now()
		return evidence[BackgroundCheck, workforce.BackgroundCheck]{
			read: j.tx.BackgroundChecks,
			save: j.tx.SaveBackgroundChecks,
			next: func(known []workforce.BackgroundCheck, c claim[BackgroundCheck]) (before, after *workforce.BackgroundCheck) {
				return nextBackgroundCheck(known, c, now)
			},
		}.apply(ctx, j, all)
	})
}

// nextBackgroundCheck is the background check of which a row speaks, as it is
// and as it shall be. Of several without a case id it is the latest.
func nextBackgroundCheck(known []workforce.BackgroundCheck, c claim[BackgroundCheck], now time.Time) (before, after *workforce.BackgroundCheck) {
	b := &c.row.Value
	for i := range known {
		if backgroundKey(known[i].Type, known[i].CaseID) == backgroundKey(b.Type, b.CaseID) {
			before = &known[i]
		}
	}
	next := workforce.BackgroundCheck{UserID: c.user, Type: b.Type, CaseID: b.CaseID, CreatedAt: now, UpdatedAt: now}
	if before != nil {
		next = *before
	}
	next.Status = b.Status
	next.URL = cmp.Or(b.URL, next.URL)
	next.ManualCheckDate = cmp.Or(b.ManualCheckDate, next.ManualCheckDate)
	if b.Status == backgroundOutOfScope {
		next.OutOfScopeReason = b.OutOfScopeReason
		next.OutOfScopeAt = cmp.Or(b.OutOfScopeAt, next.OutOfScopeAt, &now)
	} else {
		next.OutOfScopeReason, next.OutOfScopeAt = nil, nil
	}
	if before == nil {
		return nil, &next
	}
	if reflect.DeepEqual(next, *before) {
		return before, nil
	}
	next.UpdatedAt = now
	return before, &next
}
