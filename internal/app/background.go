package app

import (
	"context"
	"time"

	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
)

// retryHires is how long startHires waits after a failure, and at the most, so
// that a clock that is set forward is noticed.
const retryHires = 10 * time.Minute

// startHires makes future hires current at the company's midnight, and at the
// start those whose day came while the program was not running.
func (a *App) startHires(ctx context.Context) {
	for {
		started, next, err := a.directory.StartHires(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.log.Error("starting hires", "error", err.Error())
		case started > 0:
			a.log.Info("future hires became current", "people", started)
		}
		wait := retryHires
		if err == nil {
			wait = min(wait, max(next.Sub(a.db.Now()), time.Millisecond))
		}
		if !sleep(ctx, wait) {
			return
		}
	}
}

// sweepFiles removes contents of documents that nothing refers to any more: at
// the start, and then once in a while.
func (a *App) sweepFiles(ctx context.Context) {
	for {
		swept, err := a.files.Sweep(ctx, func(hash string) (used bool, err error) {
			err = a.db.Read(ctx, func(r *store.Reader) error {
				used, err = r.FileInUse(ctx, hash)
				return err
			})
			return used, err
		}, file.SweepAfter)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.log.Error("removing contents that nothing refers to", "error", err.Error())
		case swept.Removed+swept.Leftovers > 0:
			a.log.Info("contents that nothing referred to were removed", "files", swept.Removed, "leftovers", swept.Leftovers)
		}
		if !sleep(ctx, file.SweepAfter/4) {
			return
		}
	}
}

// sleep waits, and reports whether the program is to go on.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
