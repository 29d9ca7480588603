package store

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/passmuster/passmuster/internal/workforce"
)

// The functions below turn domain values into what both databases store, and
// back. Everything else (text, numbers and their named types, and pointers to
// them) the drivers take as it is.

// ms is an instant as stored.
func ms(t time.Time) int64 { return t.UnixMilli() }

// msOpt is an optional instant as stored.
func msOpt(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMilli()
}

// bit is a boolean as stored.
func bit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// bitOpt is a three-valued boolean as stored.
func bitOpt(b *bool) any {
	if b == nil {
		return nil
	}
	return bit(*b)
}

// jsonOpt is an optional JSON value as stored.
func jsonOpt(raw json.RawMessage) any {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return string(raw)
}

// textOpt is an optional text of a named type as stored.
func textOpt[T ~string](s *T) any {
	if s == nil {
		return nil
	}
	return string(*s)
}

// intOpt is an optional number of a named type as stored.
func intOpt[T ~int64](n *T) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

// keyOpt is the folded form of an optional text; empty text has no key and
// sorts with the absent ones.
func keyOpt(s *string) any {
	if s == nil || *s == "" {
		return nil
	}
	return workforce.Fold(*s)
}

// scanTime reads an instant.
type scanTime struct{ t *time.Time }

// Scan implements sql.Scanner.
func (s scanTime) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("time is stored as %T", src)
	}
	*s.t = time.UnixMilli(n).UTC()
	return nil
}

// scanTimeOpt reads an optional instant.
type scanTimeOpt struct{ t **time.Time }

// Scan implements sql.Scanner.
func (s scanTimeOpt) Scan(src any) error {
	if src == nil {
		*s.t = nil
		return nil
	}
	var t time.Time
	if err := (scanTime{&t}).Scan(src); err != nil {
		return err
	}
	*s.t = &t
	return nil
}

// scanJSON reads an optional JSON value.
type scanJSON struct{ raw *json.RawMessage }

// Scan implements sql.Scanner.
func (s scanJSON) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s.raw = nil
	case string:
		*s.raw = json.RawMessage(v)
	case []byte:
		*s.raw = append(json.RawMessage(nil), v...)
	default:
		return fmt.Errorf("JSON is stored as %T", src)
	}
	return nil
}
