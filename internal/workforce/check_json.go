package workforce

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Checks are most of what the change log holds of a person: fifteen of them,
// and six for each device. Their persisted form is therefore a list,
//
//	["BG_CHECK","PASS","ONCE",completionDate,expiresAt,lastCheckedAt,createdAt,updatedAt]
//
// with times in Unix milliseconds and null for what is absent. A device's check
// has its number in front.

// MarshalJSON gives the persisted form.
func (c Check) MarshalJSON() ([]byte, error) {
	return append(c.appendJSON(append(make([]byte, 0, 160), '[')), ']'), nil
}

// UnmarshalJSON reads the persisted form.
func (c *Check) UnmarshalJSON(raw []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	return c.fromParts(parts)
}

// MarshalJSON gives the persisted form.
func (c DeviceCheck) MarshalJSON() ([]byte, error) {
	b := strconv.AppendInt(append(make([]byte, 0, 176), '['), c.ID, 10)
	return append(c.appendJSON(append(b, ',')), ']'), nil
}

// UnmarshalJSON reads the persisted form.
func (c *DeviceCheck) UnmarshalJSON(raw []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(raw, &parts); err != nil {
		return err
	}
	if len(parts) == 0 {
		return fmt.Errorf("a device's check is empty")
	}
	if err := json.Unmarshal(parts[0], &c.ID); err != nil {
		return err
	}
	return c.fromParts(parts[1:])
}

// appendJSON writes the parts. The three names are of tables of ours, which
// need no escaping; strconv quotes whatever else may be there.
func (c Check) appendJSON(b []byte) []byte {
	for _, name := range []string{string(c.Type), string(c.Status), string(c.CheckFrequency)} {
		b = append(strconv.AppendQuote(b, name), ',')
	}
	for _, t := range []*time.Time{c.CompletionDate, c.ExpiresAt, c.LastCheckedAt} {
		if t == nil {
			b = append(b, "null,"...)
			continue
		}
		b = append(strconv.AppendInt(b, t.UnixMilli(), 10), ',')
	}
	b = strconv.AppendInt(b, c.CreatedAt.UnixMilli(), 10)
	return strconv.AppendInt(append(b, ','), c.UpdatedAt.UnixMilli(), 10)
}

func (c *Check) fromParts(parts []json.RawMessage) error {
	if len(parts) != 8 {
		return fmt.Errorf("a check has %d parts, want 8", len(parts))
	}
	for i, dst := range []any{&c.Type, &c.Status, &c.CheckFrequency} {
		if err := json.Unmarshal(parts[i], dst); err != nil {
			return err
		}
	}
	var times [5]*int64
	for i := range times {
		if err := json.Unmarshal(parts[3+i], &times[i]); err != nil {
			return err
		}
	}
	if times[3] == nil || times[4] == nil {
		return fmt.Errorf("a check was never created or updated")
	}
	c.CompletionDate, c.ExpiresAt, c.LastCheckedAt = instant(times[0]), instant(times[1]), instant(times[2])
	c.CreatedAt, c.UpdatedAt = *instant(times[3]), *instant(times[4])
	return nil
}

// instant is the time of an optional number of milliseconds.
func instant(ms *int64) *time.Time {
	if ms == nil {
		return nil
	}
	return Ptr(time.UnixMilli(*ms).UTC())
}
