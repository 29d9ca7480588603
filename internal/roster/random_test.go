package roster_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/passmuster/passmuster/internal/workforce"
)

// one is true once in n times.
func one(t *rapid.T, n int, label string) bool { return rapid.IntRange(1, n).Draw(t, label) == n }

// words are few, so that names are equal, begin alike, and are parts of others.
var words = []string{"", "a", "ann", "anna", "annabell", "annabella", "annabellb", "bo", "strasse", "é", "郎", "o'b", "a b", "annabell\x00", "🙂"}

var needles = []string{"", "", "", "a", "é", "an", "nn", "ann", "anna", "nabel", "a b", "郎", "郎 a", "@ex", "example", "1@", "r1", "user", "nobody", "\x00", "🙂"}

func drawPerson(t *rapid.T) workforce.ListedPerson {
	id := rapid.Int64Range(1, 40).Draw(t, "user")
	if one(t, 20, "far?") {
		id = 1<<40 + id
	}
	p := workforce.ListedPerson{
		UserID:   workforce.UserID(id),
		FirstKey: rapid.SampledFrom(words).Draw(t, "first"), LastKey: rapid.SampledFrom(words).Draw(t, "last"),
		EmailKey:  fmt.Sprintf("person%d@example.com", id),
		CreatedAt: rapid.Int64Range(1, 6).Draw(t, "created"), UpdatedAt: rapid.Int64Range(1, 6).Draw(t, "updated"),
		ChangedAt: rapid.Int64Range(0, 9).Draw(t, "changed"),
	}
	p.NameKey = strings.TrimSpace(p.FirstKey + " " + p.LastKey)
	if one(t, 12, "odd name?") {
		p.NameKey = rapid.SampledFrom(words).Draw(t, "name")
	}
	if one(t, 10, "other e-mail?") {
		p.EmailKey = rapid.SampledFrom([]string{"", fmt.Sprintf("%d@ann", id)}).Draw(t, "e-mail")
	}
	// A user gets a personnel record, or not, and keeps it: here by their number.
	if id%5 == 0 {
		p.HiredAt = workforce.NoTime
		return p
	}
	p.PersonnelID = workforce.PersonnelID(1000 - id)
	p.HiredAt = id % 7
	p.Status = rapid.SampledFrom(workforce.AllEmploymentStatuses).Draw(t, "status")
	date := rapid.SampledFrom([]workforce.Date{"", "1999-12-31", "2025-01-31", "2025-02-01", "2026-01-31"})
	p.StartDate, p.SeparationDate = date.Draw(t, "start"), date.Draw(t, "separation")
	for _, check := range workforce.AllCheckTypes {
		if n := rapid.IntRange(0, 4).Draw(t, "check"); n > 0 {
			p.Checks = p.Checks.With(check, workforce.CheckStatusSortOrder[n-1])
		}
	}
	p.GroupIDs = slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(1, 5),
		func(n int) workforce.GroupID { return workforce.GroupID(n) }), 0, 3, rapid.ID).Draw(t, "groups")))
	p.Devices.AppsCount = -1
	if one(t, 2, "devices?") {
		p.Devices = workforce.ListedDevices{
			Active: 1, Failing: rapid.Int32Range(0, 1).Draw(t, "failing"),
			OSVersionKey: rapid.SampledFrom(words).Draw(t, "os"), SerialNumberKey: rapid.SampledFrom(words).Draw(t, "serial"),
			AppsCount: rapid.Int64Range(-1, 3).Draw(t, "apps"),
		}
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(workforce.AllDeviceSources), 0, 2).Draw(t, "sources") {
			p.Devices.Sources = p.Devices.Sources.With(s)
		}
	}
	return p
}

var clientTypes = []workforce.ClientType{"AWS", "GCP", "GITHUB", "GITLAB"}

func drawConnection(t *rapid.T, id workforce.ConnectionID) workforce.ListedConnection {
	return workforce.ListedConnection{
		ID: id, ClientType: rapid.SampledFrom(clientTypes).Draw(t, "client type"),
		State:       rapid.SampledFrom(workforce.AllConnectionStates).Draw(t, "state"),
		ClientIDKey: rapid.SampledFrom(words).Draw(t, "client id"), ClientAliasKey: rapid.SampledFrom(words).Draw(t, "alias"),
	}
}

const connections = 5

func drawAccount(t *rapid.T) workforce.ListedAccount {
	at := rapid.SampledFrom([]int64{workforce.NoTime, 1, 2, 3, 1700000000000})
	a := workforce.ListedAccount{
		Kind: rapid.SampledFrom(workforce.AllAccountKinds).Draw(t, "kind"), ID: workforce.AccountID(rapid.Int64Range(1, 40).Draw(t, "id")),
		ConnectionID: workforce.ConnectionID(rapid.IntRange(1, connections).Draw(t, "connection")),
		UserID:       workforce.UserID(rapid.Int64Range(0, 44).Draw(t, "user")),
		IdentityKey:  rapid.SampledFrom(words[1:]).Draw(t, "identity"),
		UsernameKey:  rapid.SampledFrom(words).Draw(t, "username"), EmailKey: rapid.SampledFrom(words).Draw(t, "e-mail"),
		ConnectedAt: at.Draw(t, "connected"), DisconnectedAt: at.Draw(t, "disconnected"), ServiceAccountAt: at.Draw(t, "service"),
		AdminAccessAt: at.Draw(t, "admin"), DBAccessAt: at.Draw(t, "db"), WriteAccessAt: at.Draw(t, "write"), PushProdAccessAt: at.Draw(t, "push"),
		ChangedAt: rapid.Int64Range(0, 9).Draw(t, "changed"),
	}
	a.CreatedAt = int64(a.ID) % 7
	if one(t, 2, "mfa?") {
		a.HasMFA = workforce.Ptr(rapid.Bool().Draw(t, "mfa"))
	}
	return a
}

func drawListed(t *rapid.T, people, accounts int) workforce.Listed {
	in := workforce.Listed{
		People:   rapid.SliceOfN(rapid.Custom(drawPerson), 0, people).Draw(t, "people"),
		Accounts: rapid.SliceOfN(rapid.Custom(drawAccount), 0, accounts).Draw(t, "accounts"),
	}
	if one(t, 4, "connection?") {
		in.Connections = append(in.Connections, drawConnection(t, workforce.ConnectionID(rapid.IntRange(1, connections).Draw(t, "connection"))))
	}
	if one(t, 4, "group?") {
		in.GroupIDs = append(in.GroupIDs, workforce.GroupID(rapid.IntRange(1, 5).Draw(t, "group")))
	}
	return in
}

func drawPage(t *rapid.T) workforce.Page {
	return workforce.Page{
		Number: rapid.SampledFrom([]int64{1, 1, 2, 3, 1 << 60}).Draw(t, "page"),
		Limit:  rapid.SampledFrom([]int64{1, 3, 7, 20, 1 << 40}).Draw(t, "limit"),
	}
}

var (
	personnelSorts = append(slices.Clone(workforce.AllPersonnelSorts), workforce.SortCreated)
	accountSorts   = append(slices.Concat(workforce.AllInfrastructureSorts, workforce.AllVersionControlSorts), workforce.SortCreated)
)

// drawPersonnel draws a query of few different ones, so that some are asked
// again after changes.
func drawPersonnel(t *rapid.T) workforce.PersonnelQuery {
	q := workforce.PersonnelQuery{
		Sort: rapid.SampledFrom(personnelSorts).Draw(t, "sort"), Dir: rapid.SampledFrom(workforce.AllSortDirs).Draw(t, "dir"), Page: drawPage(t),
	}
	if one(t, 2, "unfiltered?") {
		return q
	}
	q.Text = rapid.SampledFrom(needles).Draw(t, "text")
	if one(t, 8, "email?") {
		q.Email = fmt.Sprintf("person%d@example.com", rapid.IntRange(1, 40).Draw(t, "email"))
	}
	if one(t, 3, "status?") {
		q.StatusFiltered = true
		q.EmploymentStatus = rapid.SliceOfN(rapid.SampledFrom(workforce.AllEmploymentStatuses), 0, 6).Draw(t, "status")
	}
	if one(t, 3, "checks?") {
		q.Checks = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) workforce.CheckFilter {
			return workforce.CheckFilter{Type: rapid.SampledFrom(workforce.AllCheckTypes).Draw(t, "type"), Compliant: rapid.Bool().Draw(t, "compliant")}
		}), 1, 2).Draw(t, "checks")
	}
	if one(t, 4, "devices?") {
		q.DeviceCompliance = workforce.Ptr(rapid.Bool().Draw(t, "devices"))
	}
	if one(t, 4, "groups?") {
		q.GroupIDs = rapid.SliceOfN(rapid.Map(rapid.IntRange(1, 6), func(n int) workforce.GroupID { return workforce.GroupID(n) }), 1, 3).Draw(t, "groups")
	}
	source := rapid.SampledFrom(workforce.AllDeviceSources)
	if one(t, 5, "source?") {
		q.DeviceSource = workforce.Ptr(source.Draw(t, "source"))
	}
	if one(t, 5, "not sources?") {
		q.NotDeviceSources = rapid.SliceOfN(source, 1, 3).Draw(t, "not sources")
	}
	if one(t, 4, "since?") {
		q.ChangedSince = rapid.Int64Range(1, 9).Draw(t, "since")
	}
	return q
}

func drawAccounts(t *rapid.T) workforce.AccountQuery {
	q := workforce.AccountQuery{
		Kind: rapid.SampledFrom(workforce.AllAccountKinds).Draw(t, "kind"),
		Sort: rapid.SampledFrom(accountSorts).Draw(t, "sort"), Dir: rapid.SampledFrom(workforce.AllSortDirs).Draw(t, "dir"), Page: drawPage(t),
	}
	if one(t, 2, "unfiltered?") {
		return q
	}
	q.Text = rapid.SampledFrom(needles).Draw(t, "text")
	if one(t, 3, "client type?") {
		q.ClientType = workforce.Ptr(rapid.SampledFrom(clientTypes).Draw(t, "client type"))
	}
	if one(t, 4, "connection?") {
		q.ConnectionID = workforce.Ptr(workforce.ConnectionID(rapid.Int64Range(1, connections+1).Draw(t, "connection")))
	}
	if one(t, 4, "user?") {
		q.UserID = workforce.Ptr(workforce.UserID(rapid.Int64Range(1, 46).Draw(t, "user")))
	}
	if one(t, 4, "since?") {
		q.ChangedSince = rapid.Int64Range(1, 9).Draw(t, "since")
	}
	return q
}

func drawUsers(t *rapid.T) workforce.UserQuery {
	q := workforce.UserQuery{
		Sort: rapid.SampledFrom(workforce.AllUserSorts).Draw(t, "sort"), Dir: rapid.SampledFrom(workforce.AllSortDirs).Draw(t, "dir"),
		Limit: rapid.IntRange(1, 50).Draw(t, "limit"),
	}
	if one(t, 2, "first?") {
		q.FirstName = rapid.SampledFrom(needles).Draw(t, "first")
	}
	if one(t, 3, "last?") {
		q.LastName = rapid.SampledFrom(needles).Draw(t, "last")
	}
	if one(t, 2, "after?") {
		q.After = &workforce.UserPosition{
			At: time.UnixMilli(rapid.Int64Range(0, 7).Draw(t, "at")), ID: workforce.UserID(rapid.Int64Range(0, 41).Draw(t, "id")),
		}
	}
	return q
}
