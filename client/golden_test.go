package client_test

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/client"
)

// sameJSON reports whether two documents say the same: the order of members and
// the decimals of times do not matter, everything else does.
func sameJSON(t *testing.T, a, b []byte) bool {
	t.Helper()
	return reflect.DeepEqual(meaning(t, a), meaning(t, b))
}

func meaning(t *testing.T, doc []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, doc)
	}
	return inUTC(v)
}

func inUTC(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = inUTC(member)
		}
	case []any:
		for i := range v {
			v[i] = inUTC(v[i])
		}
	case string:
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return at.UTC()
		}
	}
	return v
}

// roundTrip decodes a document, all of whose members must have a field, and
// encodes it again.
func roundTrip[T any](doc []byte) ([]byte, error) {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.DisallowUnknownFields()
	var v T
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, io.ErrUnexpectedEOF
	}
	return json.Marshal(v)
}

// The goldens are what the server is tested to answer, byte by byte.
func TestTypesHoldAllOfTheGoldens(t *testing.T) {
	t.Parallel()
	types := map[string]func([]byte) ([]byte, error){
		"v1/user":                    roundTrip[client.User],
		"v1/personnel":               roundTrip[client.Personnel],
		"v1/personnel-list":          roundTrip[client.PersonnelPage],
		"v1/infrastructure-account":  roundTrip[client.InfrastructureAccount],
		"v1/infrastructure-list":     roundTrip[client.Page[client.InfrastructureAccount]],
		"v1/version-control-account": roundTrip[client.VersionControlAccount],
		"v1/version-control-list":    roundTrip[client.Page[client.VersionControlAccount]],
		"v1/user-list":               roundTrip[client.Page[client.User]],
		"v1/user-document":           roundTrip[client.Document],
		"v1/user-documents":          roundTrip[client.UserDocuments],
		"v1/user-policies":           roundTrip[client.UserPolicyVersions],
		"v1/signed-url":              roundTrip[client.SignedURL],
		"v1/device":                  roundTrip[client.DeviceRecord],
		"v1/device-list":             roundTrip[client.Page[client.DeviceRecord]],
		"v1/device-apps":             roundTrip[client.Page[client.DeviceApp]],
		"v1/device-documents":        roundTrip[client.DeviceDocuments],
		"v1/device-document":         roundTrip[client.DeviceDocument],
		"v1/workspace-list":          roundTrip[client.Page[client.Workspace]],
		"v2/user":                    roundTrip[client.UserV2],
		"v2/user-list":               roundTrip[client.UserV2Page],
	}
	seen := map[string]bool{}
	files, err := filepath.Glob("../internal/api/v[12]/testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		version := filepath.Base(filepath.Dir(filepath.Dir(file)))
		name := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(filepath.Base(file), ".json"), "-full"), "-sparse")
		again, ok := types[version+"/"+name]
		if !ok {
			t.Errorf("%s: which type is this?", file)
			continue
		}
		seen[version+"/"+name] = true
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, err := again(want)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		} else if !sameJSON(t, got, want) {
			t.Errorf("%s becomes\n%s", file, got)
		}
	}
	if len(seen) != len(types) {
		t.Errorf("goldens of %d types, want %d", len(seen), len(types))
	}
}
