package directory

import (
	"testing"

	"github.com/passmuster/passmuster/internal/lane"
	"github.com/passmuster/passmuster/internal/workforce"
)

// The list of the pages waits in line as those of the API do, and a single
// record does not.
func TestListPersonnelWaitsInLine(t *testing.T) {
	t.Parallel()
	each(t, func(b *bundle) {
		b.lane = lane.New(1, 0)
		pass, err := b.lane.Enter(b.ctx)
		if err != nil {
			b.Fatal(err)
		}
		all := everybody
		all.Page = workforce.Page{Number: 1, Limit: 50}
		if _, err := b.ListPersonnel(b.ctx, all); !workforce.IsReason(err, workforce.ReasonTooManyRequests) {
			b.Errorf("the line is full, and the list says: %v", err)
		}
		if _, err := b.Personnel(b.ctx, ada); err != nil {
			b.Errorf("one record: %v", err)
		}
		pass.Leave()
		for range 2 { // each leaves when it is done
			if page, err := b.ListPersonnel(b.ctx, all); err != nil || page.Total != 3 {
				b.Errorf("the lane is free, and the list says: %d people, %v", page.Total, err)
			}
		}
	})
}
