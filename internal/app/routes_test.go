package app

import (
	"maps"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/internal/api/native"
	v1 "github.com/passmuster/passmuster/internal/api/v1"
	v2 "github.com/passmuster/passmuster/internal/api/v2"
)

// What waits in line is found by its path. These are the operations whose cost
// grows with the company: a change of a path must not let one of them pass by.
// One record, and the changes of one, never wait.
func TestCostlyOperationsWaitInLine(t *testing.T) {
	t.Parallel()
	want := map[string]bool{
		"listPersonnel": true, "listInfrastructureIdentities": true, "listVersionControlIdentities": true, "listUsersV2": true,
		"listPeople": true, "listAccounts": true,
		"getPersonnel": false, "getPersonnelByEmail": false, "getUser": false, "getUserV2": false,
		"toggleInfrastructureIdentity": false,
	}
	for _, r := range slices.Concat(v1.Routes(nil, nil), v2.Routes(nil, v2.Options{}), native.Routes(nil, nil)) {
		if waits, known := want[r.Operation]; known && r.WaitsInLine() != waits {
			t.Errorf("%s %s (%s) waits in line: %t", r.Method, r.Pattern, r.Operation, r.WaitsInLine())
		}
		delete(want, r.Operation)
	}
	if len(want) > 0 {
		t.Errorf("there are no operations %v any more", slices.Sorted(maps.Keys(want)))
	}
}
