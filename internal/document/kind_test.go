package document

import (
	"slices"
	"testing"
)

func TestEveryKindFollowsFromOneEntity(t *testing.T) {
	t.Parallel()
	if len(AllKinds) != kindCount || len(AllEntities) != len(kindsOf) {
		t.Fatalf("%d kinds and %d entities in the tables, want %d and %d", len(AllKinds), len(AllEntities), kindCount, len(kindsOf))
	}
	seen := 0
	for i, e := range AllEntities {
		if int(e) != i {
			t.Errorf("entity %d stands at %d", e, i)
		}
		seen += len(e.Kinds())
		for _, k := range e.Kinds() {
			if k.Entity() != e {
				t.Errorf("kind %d is one of entity %d and says it is of %d", k, e, k.Entity())
			}
		}
	}
	if seen != kindCount {
		t.Errorf("the entities have %d kinds, want each of %d once", seen, kindCount)
	}
	for i, k := range AllKinds {
		if int(k) != i || !slices.Contains(k.Entity().Kinds(), k) {
			t.Errorf("kind %d stands at %d, or is not one of its entity's", k, i)
		}
	}
}
