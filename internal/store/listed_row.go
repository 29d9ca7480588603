package store

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Listed users and accounts are read as one text a row: both drivers take longer
// to hand over a dozen columns than the database takes to join them. A row is
// its numbers and codes, each with a comma after it and empty if it is NULL, the
// sizes in bytes of all texts but the last, and then the texts themselves, which
// may hold anything.

// listedRow gives the expression of such a row. No code has a comma in it.
func listedRow(codes, texts []string) string {
	values := append([]string{}, codes...)
	for _, t := range texts[:len(texts)-1] {
		values = append(values, "octet_length("+t+")")
	}
	return "concat(" + strings.Join(values, ", ',', ") + ", ',', " + strings.Join(texts, ", ") + ")" // NULL is nothing
}

// A listedCursor takes a row of [listedRow] apart, from its start. Texts are
// pieces of the row.
type listedCursor struct {
	rest string
	bad  bool // the row is not what it should be
}

func (c *listedCursor) code() string {
	code, rest, ok := strings.Cut(c.rest, ",")
	c.rest, c.bad = rest, c.bad || !ok
	return code
}

// number gives a number, or what it is if it is absent.
func (c *listedCursor) number(absent int64) int64 {
	code := c.code()
	if code == "" {
		return absent
	}
	n, err := strconv.ParseInt(code, 10, 64)
	c.bad = c.bad || err != nil
	return n
}

func (c *listedCursor) text(size int64) string {
	if size < 0 || size > int64(len(c.rest)) {
		c.bad = true
		return ""
	}
	text := c.rest[:size]
	c.rest = c.rest[size:]
	return text
}

// texts takes the sizes and then the texts, to the end of the row.
func (c *listedCursor) texts(into ...*string) error {
	var sizes [4]int64
	last := len(into) - 1
	for i := range last {
		sizes[i] = c.number(0)
	}
	for i := range last {
		*into[i] = c.text(sizes[i])
	}
	*into[last] = c.rest
	if c.bad {
		return errors.New("a row is not as it was asked for")
	}
	return nil
}

var listedUserRow = listedRow(
	[]string{"u.id", "u.created_at", "u.updated_at", "p.id", "p.employment_status", "p.start_date", "p.separation_date", "p.created_at"},
	[]string{"u.first_key", "u.last_key", "u.name_key", "u.email_key"},
)

// listedUser reads a row of [listedUserRow].
func listedUser(row string) (workforce.ListedPerson, error) {
	c := listedCursor{rest: row}
	p := workforce.ListedPerson{
		UserID: workforce.UserID(c.number(0)), CreatedAt: c.number(0), UpdatedAt: c.number(0),
		PersonnelID: workforce.PersonnelID(c.number(0)), Status: workforce.EmploymentStatus(c.code()),
		StartDate: workforce.Date(c.code()), SeparationDate: workforce.Date(c.code()), HiredAt: c.number(0),
		Devices: workforce.ListedDevices{AppsCount: -1},
	}
	err := c.texts(&p.FirstKey, &p.LastKey, &p.NameKey, &p.EmailKey)
	return p, err
}

var listedAccountRow = listedRow(
	[]string{
		"id", "connection_id", "user_id", "has_mfa", "connected_at", "disconnected_at", "service_account_at",
		"admin_access_at", "db_access_at", "write_access_at", "push_prod_access_at", "created_at",
	},
	[]string{"identity_key", "username_key", "email_key"},
)

// listedAccount reads a row of [listedAccountRow].
func listedAccount(kind workforce.AccountKind, row string) (workforce.ListedAccount, error) {
	c := listedCursor{rest: row}
	a := workforce.ListedAccount{
		Kind: kind, ID: workforce.AccountID(c.number(0)), ConnectionID: workforce.ConnectionID(c.number(0)), UserID: workforce.UserID(c.number(0)),
	}
	switch mfa := c.code(); mfa {
	case "": // unknown
	case "0", "1":
		a.HasMFA = workforce.Ptr(mfa == "1")
	default:
		return a, fmt.Errorf("the MFA of account %d is stored as neither 0 nor 1", a.ID)
	}
	for _, at := range []*int64{
		&a.ConnectedAt, &a.DisconnectedAt, &a.ServiceAccountAt, &a.AdminAccessAt, &a.DBAccessAt, &a.WriteAccessAt, &a.PushProdAccessAt,
	} {
		*at = c.number(workforce.NoTime)
	}
	a.CreatedAt = c.number(0)
	err := c.texts(&a.IdentityKey, &a.UsernameKey, &a.EmailKey)
	return a, err
}
