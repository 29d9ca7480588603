package compliance

import (
	"context"
	"log/slog"
	"time"

	"github.com/passmuster/passmuster/internal/store"
)

// settleSpan is how many people are assessed in one transaction: writers beside
// it wait a fraction of a second.
const settleSpan = 768

// Settle assesses everyone who is due by now, in chunks, and gives how many
// those were. It calls progress, which may be nil, with how many are done and
// how many there are.
func Settle(ctx context.Context, db *store.DB, progress func(done, total int64)) (int64, error) {
	var total, done int64
	err := db.Read(ctx, func(r *store.Reader) error {
		var err error
		_, total, err = r.NextAssessment(ctx, db.Now())
		return err
	})
	for err == nil {
		var n int
		if n, err = db.AssessDue(ctx, settleSpan); n == 0 {
			break
		}
		done += int64(n)
		if progress != nil {
			progress(done, max(done, total))
		}
	}
	return done, err
}

// The pauses of [Run]. Other programs may mark people too, so it looks again
// also when nothing is due here.
const (
	look  = time.Second
	retry = 10 * time.Second
)

// Run keeps everyone's checks current until the context ends: it assesses who
// is due, at the instant at which they are.
func Run(ctx context.Context, db *store.DB, log *slog.Logger) {
	for ctx.Err() == nil {
		began := time.Now()
		done, err := Settle(ctx, db, nil)
		wait := look
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("assessing who is due", "error", err.Error())
			wait = retry
		case done > 0:
			log.Info("people were assessed", "people", done, "took", time.Since(began).Round(time.Millisecond).String())
		}
		if next, err := nextDue(ctx, db); err == nil && next != nil {
			wait = min(wait, max(next.Sub(db.Now()), time.Millisecond))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-db.Due():
		case <-timer.C:
		}
		timer.Stop()
	}
}

func nextDue(ctx context.Context, db *store.DB) (next *time.Time, err error) {
	err = db.Read(ctx, func(r *store.Reader) error {
		next, _, err = r.NextAssessment(ctx, db.Now())
		return err
	})
	return next, err
}
