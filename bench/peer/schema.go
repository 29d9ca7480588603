package peer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/passmuster/passmuster/internal/workforce"
)

// kind is the type of a field, in PocketBase's words, but for flag: a boolean
// that may be unknown, which PocketBase's own bool cannot say.
type kind string

const (
	text     kind = "text"
	date     kind = "date"
	number   kind = "number"
	flag     kind = "flag"
	list     kind = "json"
	relation kind = "relation"
)

// field is a field of a collection and where its value comes from.
type field struct {
	name string
	kind kind
	from string // expression over the company's tables
	to   string // with relation: the collection that it points to
}

// collection is a collection of PocketBase, and the rows of the company that
// fill it.
type collection struct {
	name    string
	letter  string // in front of the numbers in its records' ids
	id      string // expression: the number of a record
	source  string // FROM … of the company's tables, which are in the schema src
	fields  []field
	indexes []string // columns, each; "UNIQUE " in front makes it one
}

// schema is what somebody would make who moves the company to PocketBase: the
// same records with the same members, related as they are. What the API sorts
// and filters people by is a column of theirs, with an index where it is
// selective: a sort by a column of many related records is beyond PocketBase's
// query language. The order is one in which relations point backwards.
func schema() []collection {
	people := collection{
		name: "people", letter: "p", id: "p.id", source: "src.personnel p JOIN src.users u ON u.id = p.user_id",
		fields: append(texts("u.", "entry_id", "email", "email_key", "first_name", "last_name", "name_key", "job_title", "avatar_url"),
			field{name: "roles", kind: list, from: `(SELECT json_group_array(role) FROM src.user_roles r WHERE r.user_id = u.id)`},
			field{name: "groups", kind: list, from: `(SELECT json_group_array(g.name) FROM src.group_members m JOIN src.groups g ON g.id = m.group_id WHERE m.personnel_id = p.id)`},
			field{name: "terms_agreed_at", kind: date, from: "u.terms_agreed_at"},
			field{name: "status", kind: text, from: "p.employment_status"},
			field{name: "not_human_reason", kind: text, from: "p.not_human_reason"},
			field{name: "start_date", kind: text, from: "p.start_date"},
			field{name: "separation_date", kind: text, from: "p.separation_date"},
			field{name: "status_updated_at", kind: date, from: "p.status_updated_at"},
			field{name: "device_fails", kind: number, from: `EXISTS (SELECT 1 FROM src.devices d JOIN src.device_checks x ON x.device_id = d.id
				WHERE d.personnel_id = p.id AND d.deleted_at IS NULL AND x.status = 'FAIL')`},
			field{name: "apps_count", kind: number, from: `(SELECT SUM(d.apps_count) FROM src.devices d WHERE d.personnel_id = p.id AND d.deleted_at IS NULL)`},
		),
		indexes: []string{"UNIQUE email_key", "name_key", "status, start_date", "status, separation_date"},
	}
	for _, t := range workforce.AllCheckTypes {
		status := `(SELECT c.status FROM src.checks c WHERE c.personnel_id = p.id AND c.type = '` + string(t) + `')`
		people.fields = append(people.fields, field{name: checkColumn(t), kind: text, from: status})
	}
	return slices.Concat([]collection{people}, related(), devices())
}

// personOf is the person of a row that names a user.
const personOf = `(SELECT p.id FROM src.personnel p WHERE p.user_id = r.user_id)`

// related is the collections that point to people, but for devices.
func related() []collection {
	person := field{name: "person", kind: relation, from: personOf, to: "people"}
	connection := field{name: "connection", kind: relation, from: "r.connection_id", to: "connections"}
	return []collection{
		{
			name: "connections", letter: "c", id: "r.id", source: "src.connections r",
			fields: join([]field{{name: "owner", kind: relation, from: personOf, to: "people"}},
				texts("r.", "client_type", "state", "state_reason", "assignment_id", "account_id", "client_id", "client_alias", "security_label", "group_label"),
				dates("connected_at", "failed_at", "manually_updated_at", "alias_updated_at", "deleted_at"),
				flags("authorized", "write_access_enabled"),
				[]field{{name: "workspaces", kind: list, from: `(SELECT json_group_array(json_object('id', w.id, 'name', w.name, 'description', w.description,
					'howItWorks', w.how_it_works, 'url', w.url, 'logo', w.logo))
					FROM src.connection_workspaces cw JOIN src.workspaces w ON w.id = cw.workspace_id WHERE cw.connection_id = r.id)`}}),
		},
		{
			name: "checks", letter: "k", id: "r.personnel_id * 1000 + instr('" + checkPlaces() + "', ',' || r.type || ',')", source: "src.checks r",
			fields:  join([]field{{name: "person", kind: relation, from: "r.personnel_id", to: "people"}}, checkFields()),
			indexes: []string{"person"},
		},
		{
			name: "background_checks", letter: "b", id: "r.id", source: "src.background_checks r",
			fields: join([]field{person},
				texts("r.", "status", "case_id", "case_invitation_id", "url", "manual_check_date", "manually_check_url", "type", "source", "report_data",
					"out_of_scope_reason", "invitation_email"),
				dates("out_of_scope_at", "linked_at")),
			indexes: []string{"person"},
		},
		{
			name: "documents", letter: "d", id: "r.id", source: "src.documents r",
			fields:  join([]field{person}, texts("r.", "name", "type", "file_url", "renewal_date")),
			indexes: []string{"person"},
		},
		{
			name: "identities", letter: "i", id: "r.id", source: "src.identities r",
			fields: join([]field{person, connection},
				texts("r.", "identity_id", "username", "email", "secondary_email", "first_name", "last_name", "job_title", "manager_id", "manager_name"),
				dates("connected_at", "disconnected_at", "started_at", "separated_at"),
				flags("has_mfa", "has_idp", "is_contractor")),
			indexes: []string{"person"},
		},
		{
			name: "infrastructure", letter: "a", id: "r.id", source: "src.accounts r WHERE r.kind = 'INFRASTRUCTURE'",
			fields: join([]field{person, connection},
				texts("r.", "identity_id", "username", "email", "service_account_reason", "link_method", "link_reason"),
				flags("has_mfa"),
				dates("connected_at", "disconnected_at", "service_account_at", "admin_access_at", "db_access_at", "last_checked_at")),
			indexes: []string{"person"},
		},
	}
}

// devices is the devices of people, and their checks.
func devices() []collection {
	return []collection{
		{
			name: "devices", letter: "e", id: "r.id", source: "src.devices r",
			fields: join([]field{{name: "person", kind: relation, from: "r.personnel_id", to: "people"}},
				texts("r.", "os_version", "serial_number", "model", "mac_address", "encryption_explanation", "firewall_explanation",
					"screen_lock_explanation", "antivirus_explanation", "auto_update_explanation", "password_manager_explanation", "agent_version", "source_type"),
				flags("encryption_enabled", "firewall_enabled", "antivirus_enabled", "auto_update_enabled", "password_manager_enabled"),
				dates("last_checked_at", "deleted_at"),
				[]field{
					{name: "apps_count", kind: number, from: "r.apps_count"},
					{name: "screen_lock_time", kind: number, from: "r.screen_lock_time"},
					{name: "identifiers", kind: list, from: `(SELECT json_group_array(json_object('id', x.id, 'type', x.type, 'identifier', x.identifier))
						FROM src.device_identifiers x WHERE x.device_id = r.id)`},
					{name: "documents", kind: list, from: `(SELECT json_group_array(json_object('id', x.id, 'type', x.type, 'name', x.name, 'fileUrl', x.file_url))
						FROM src.device_documents x WHERE x.device_id = r.id)`},
				}),
			indexes: []string{"person"},
		},
		{
			name: "device_checks", letter: "f", id: "r.id", source: "src.device_checks r",
			fields:  join([]field{{name: "device", kind: relation, from: "r.device_id", to: "devices"}}, checkFields()),
			indexes: []string{"device"},
		},
	}
}

func checkFields() []field {
	return join(texts("r.", "type", "status", "check_frequency"), dates("completion_date", "expires_at", "last_checked_at"))
}

// checkColumn is the column of people that has the status of a check.
func checkColumn(t workforce.CheckType) string { return "check_" + strings.ToLower(string(t)) }

// checkPlaces is a text in which every check has a place of its own.
func checkPlaces() string {
	names := make([]string, len(workforce.AllCheckTypes))
	for i, t := range workforce.AllCheckTypes {
		names[i] = string(t)
	}
	return "," + strings.Join(names, ",") + ","
}

func join(parts ...[]field) []field {
	var all []field
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func fields(k kind, table string, names []string) []field {
	out := make([]field, len(names))
	for i, n := range names {
		out[i] = field{name: n, kind: k, from: table + n}
	}
	return out
}

func texts(table string, names ...string) []field { return fields(text, table, names) }
func dates(names ...string) []field               { return fields(date, "r.", names) }
func flags(names ...string) []field               { return fields(flag, "r.", names) }

// value is the expression for what PocketBase keeps of a field: nothing is
// NULL there.
func (f field) value(letters map[string]string) string {
	switch f.kind {
	case date:
		return instant(f.from)
	case number:
		return `coalesce(` + f.from + `, 0)`
	case flag:
		return `CASE ` + f.from + ` WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE '' END`
	case relation:
		return `coalesce(` + recordID(letters[f.to], f.from) + `, '')`
	case text, list:
	}
	return `coalesce(` + f.from + `, '')`
}

func instant(ms string) string {
	return `CASE WHEN ` + ms + ` IS NULL THEN '' ELSE strftime('%Y-%m-%d %H:%M:%S', ` + ms + ` / 1000, 'unixepoch') ||
		printf('.%03dZ', ` + ms + ` % 1000) END`
}

// recordID makes PocketBase's 15 characters of a number; NULL stays NULL.
func recordID(letter, number string) string {
	return `'` + letter + `' || substr('00000000000000' || (` + number + `), -14)`
}

// insert is the statement that fills a collection.
func (c collection) insert(letters map[string]string) string {
	columns, values := []string{"id", "created", "updated"}, []string{recordID(c.letter, c.id), created, created}
	for _, f := range c.fields {
		columns, values = append(columns, f.name), append(values, f.value(letters))
	}
	return `INSERT INTO main.` + c.name + ` ([` + strings.Join(columns, "], [") + `]) SELECT ` + strings.Join(values, ", ") + ` FROM ` + c.source
}

// created stands in every record as the time at which it was made and changed.
const created = `'2026-01-01 00:00:00.000Z'`

// definition is the collection as PocketBase's import of collections takes it.
// No rules are given, so that only superusers may read and write.
func (c collection) definition() map[string]any {
	fields := []map[string]any{}
	for _, f := range c.fields {
		d := map[string]any{"name": f.name, "type": string(f.kind)}
		switch f.kind {
		case flag:
			d["type"] = string(text)
		case relation:
			d["collectionId"], d["maxSelect"] = collectionID(f.to), 1
		case text, date, number, list:
		}
		fields = append(fields, d)
	}
	fields = append(fields,
		map[string]any{"name": "created", "type": "autodate", "onCreate": true},
		map[string]any{"name": "updated", "type": "autodate", "onCreate": true, "onUpdate": true})
	indexes := []string{}
	for i, columns := range c.indexes {
		plain, unique := strings.CutPrefix(columns, "UNIQUE ")
		create := "CREATE INDEX"
		if unique {
			create = "CREATE UNIQUE INDEX"
		}
		indexes = append(indexes, fmt.Sprintf("%s idx_%s_%d ON %s (%s)", create, c.name, i, c.name, plain))
	}
	return map[string]any{"id": collectionID(c.name), "name": c.name, "type": "base", "fields": fields, "indexes": indexes}
}

func collectionID(name string) string { return "bench_" + name }
