package main

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"testing"

	"github.com/passmuster/passmuster/bench/report"
	"github.com/passmuster/passmuster/internal/workforce"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"-people", "300,400"}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var sizes []report.Roster
	if err := json.Unmarshal(out.Bytes(), &sizes); err != nil || len(sizes) != 2 {
		t.Fatalf("%d sizes, %v", len(sizes), err)
	}
	for _, size := range sizes {
		if size.Accounts != 24*size.People/10 || size.Heap == 0 || size.Load <= 0 {
			t.Errorf("%d people: %d accounts, %d bytes, %g s", size.People, size.Accounts, size.Heap, size.Load)
		}
		var what []report.TimingName
		for _, timed := range size.Timings {
			what = append(what, timed.What)
			if timed.Queries == 0 || timed.Median <= 0 || timed.P99 < timed.Median || timed.Max < timed.P99 || timed.Worst == "" {
				t.Errorf("%s: %+v", timed.What, timed)
			}
		}
		if !slices.Equal(what, report.AllTimings) {
			t.Errorf("timed %v, want %v", what, report.AllTimings)
		}
	}
	// Sizes are compared query by query, so both must have asked the same.
	median, worst, query := report.Growth(sizes[0].Timings[0], sizes[1].Timings[0])
	if median <= 0 || worst < median || query == "" || len(sizes[0].Timings[0].Each) != len(sizes[1].Timings[0].Each) {
		t.Errorf("growth %g, %g by %q", median, worst, query)
	}
}

func TestSizesAreRefused(t *testing.T) {
	t.Parallel()
	for _, size := range []string{"5", "3000000", "x", ""} {
		if err := run(t.Context(), []string{"-people", size}, io.Discard, io.Discard); err == nil {
			t.Errorf("%q was taken", size)
		}
	}
}

func TestTheSameSeedIsTheSameCompany(t *testing.T) {
	t.Parallel()
	if a, b := newCompany(200, 5).listed(), newCompany(200, 5).listed(); !reflect.DeepEqual(a, b) {
		t.Error("one seed gave two companies")
	}
}

// Every filter meets every sort, and each name stands for one query.
func TestQueriesAreFiltersTimesSorts(t *testing.T) {
	t.Parallel()
	c := newCompany(200, 1)
	names := map[string]bool{}
	for _, q := range queries(c) {
		if names[q.name] {
			t.Errorf("%s twice", q.name)
		}
		names[q.name] = true
	}
	want := len(personnelFilters(c)) * (1 + len(workforce.AllPersonnelSorts))
	want += len(accountFilters(c, workforce.Infrastructure)) * (2 + len(workforce.AllInfrastructureSorts) + len(workforce.AllVersionControlSorts))
	if len(names) != want {
		t.Errorf("%d queries, want %d", len(names), want)
	}
}
