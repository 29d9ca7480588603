package client

import (
	"fmt"
	"time"
)

// PersonnelID is the number of a personnel record. A person has two numbers, this
// one and that of their user, which is why each is a type of its own.
type PersonnelID int64

// UserID is the number of a user.
type UserID int64

// AccountID is the number of an account. Infrastructure and version-control
// accounts are numbered apart: account 7 of one kind is not account 7 of the
// other.
type AccountID int64

// ConnectionID is the number of a connection.
type ConnectionID int64

// DeviceID is the number of a device.
type DeviceID int64

// GroupID is the number of a group of people.
type GroupID int64

// Date is a calendar date without a time zone, as the API writes it:
// "2020-07-06". Dates compare as texts.
type Date string

const dateLayout = "2006-01-02"

// DateOf is the date of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(dateLayout)) }

// In is the first instant of the date in loc. The error is that of a text that
// is no date.
func (d Date) In(loc *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(dateLayout, string(d), loc)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a date like 2020-07-06", string(d))
	}
	return t, nil
}
