package store

import (
	"bytes"
	"encoding/hex"
	"slices"
	"testing"
	"time"
)

// The digest and the chain of a log that exists must come out the same for
// ever: these values were computed once and may never change.
func TestTheChainStaysAsItIs(t *testing.T) {
	t.Parallel()
	salt := bytes.Repeat([]byte{7}, 16)
	d := digest(salt, nil, []byte(`{"id":1}`))
	if got := hex.EncodeToString(d); got != wantDigest {
		t.Errorf("digest %s, want %s", got, wantDigest)
	}
	at := time.UnixMilli(1_751_388_355_246)
	h := chain(make([]byte, 32), 1, at, Cause{"cli", "test"}, "user.created", subjectKey{SubjectUser, 1}, d)
	if got := hex.EncodeToString(h); got != wantHash {
		t.Errorf("hash %s, want %s", got, wantHash)
	}
}

const (
	wantDigest = "5423c3da5c0e6f818a4bbc5d78be4d19064c58664b3d4ae964a2117ef44f057b"
	wantHash   = "786b61a39426f554c101af957f69250d6fd471aa0347cd7fed0c75d4d2ddaeed"
)

// Moving a character from one part to its neighbour is another payload, and
// absent is not empty.
func TestDigestsKeepTheirPartsApart(t *testing.T) {
	t.Parallel()
	salt := make([]byte, 16)
	var seen [][]byte
	for _, parts := range [][2][]byte{
		{nil, nil}, {{}, nil}, {nil, {}}, {{}, {}}, {[]byte("ab"), []byte("c")}, {[]byte("a"), []byte("bc")}, {[]byte("abc"), nil}, {nil, []byte("abc")},
	} {
		d := digest(salt, parts[0], parts[1])
		if slices.ContainsFunc(seen, func(other []byte) bool { return bytes.Equal(d, other) }) {
			t.Errorf("%q has the digest of another payload", parts)
		}
		seen = append(seen, d)
	}
	if bytes.Equal(digest(salt, nil, nil), digest(append(salt[:15:15], 1), nil, nil)) {
		t.Error("the salt does not matter")
	}
}

func TestEverySubjectIsVerified(t *testing.T) {
	t.Parallel()
	var verified []Subject
	for _, k := range factKinds {
		verified = append(verified, k.subject)
	}
	slices.Sort(verified)
	want := slices.Sorted(slices.Values(AllSubjects))
	if !slices.Equal(verified, want) {
		t.Errorf("verified are %v, subjects are %v", verified, want)
	}
}

func TestOldSQLiteIsRefused(t *testing.T) {
	t.Parallel()
	for version, ok := range map[string]bool{
		"3.51.3": true, "3.51.10": true, "3.52": true, "3.53.4": true, "4.0.0": true,
		"3.51.2": false, "3.51": false, "3.9.99": false, "2.99.99": false, "": false, "new": false,
	} {
		if err := sqliteVersionOK(version); (err == nil) != ok {
			t.Errorf("SQLite %q: %v", version, err)
		}
	}
}

// Statements are prepared once for a length: lists are filled up to a power of
// two with their last member.
func TestListsHaveFewLengths(t *testing.T) {
	t.Parallel()
	text, args := inList(3, []int64{7, 8, 9})
	if text != "$3, $4, $5, $6" || !slices.Equal(args, []any{int64(7), int64(8), int64(9), int64(9)}) {
		t.Errorf("%q with %v", text, args)
	}
	var sizes []int
	if err := inChunks(make([]int64, 2500), func(ids []int64) error { sizes = append(sizes, len(ids)); return nil }); err != nil || !slices.Equal(sizes, []int{1024, 1024, 452}) {
		t.Errorf("pieces of %v, error %v", sizes, err)
	}
}
