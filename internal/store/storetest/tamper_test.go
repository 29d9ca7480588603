package storetest_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// tampering is what somebody with access to the database does behind the
// store's back, and what of it Verify says.
var tampering = []struct {
	name       string
	statements []string
	want       string
}{
	{"a row of the log", []string{`UPDATE changes SET actor = 'somebody' WHERE seq = 3`}, "change 3 does not match its hash"},
	{"the time of a row", []string{`UPDATE changes SET at = at + 1 WHERE seq = 3`}, "change 3 does not match its hash"},
	{"a digest", []string{`UPDATE changes SET digest = (SELECT digest FROM changes WHERE seq = 2) WHERE seq = 3`}, "change 3 does not match its hash"},
	{"a payload", []string{`UPDATE change_payloads SET after = REPLACE(after, '"name"', '"namE"') WHERE seq = 4`}, "change 4 does not match the digest of its payload"},
	{"what was before", []string{`UPDATE change_payloads SET before = '{}' WHERE seq = 4`}, "change 4 does not match the digest of its payload"},
	{"absent for empty", []string{`UPDATE change_payloads SET before = '' WHERE seq = 4`}, "change 4 does not match the digest of its payload"},
	{"a salt", []string{`UPDATE change_payloads SET salt = (SELECT salt FROM change_payloads WHERE seq = 2) WHERE seq = 4`}, "change 4 does not match the digest of its payload"},
	{"a payload that is no JSON", []string{`UPDATE change_payloads SET after = '{' WHERE seq = 4`}, "workspace 3 differs"},
	{"a row in the middle is gone", []string{
		`DELETE FROM change_people WHERE seq = 5`, `DELETE FROM change_payloads WHERE seq = 5`, `DELETE FROM changes WHERE seq = 5`,
	}, "change 5 is missing: change 6 follows 4"},
	{"the tail is gone", []string{
		`DELETE FROM changes WHERE seq = (SELECT MAX(seq) FROM changes)`,
	}, "its head says"},
	{"the tail and the head with it", []string{
		`DELETE FROM changes WHERE seq = (SELECT MAX(seq) FROM changes)`, `UPDATE log_head SET seq = seq - 1`,
	}, "has another hash than the log's head"},
	{"a row is added", []string{
		`INSERT INTO changes SELECT seq + 1, at, actor, cause, kind, subject, subject_id, digest, hash FROM changes WHERE seq = (SELECT MAX(seq) FROM changes)`,
	}, "the tail was cut or added to"},
	{"a row is added and the head with it", []string{
		`INSERT INTO changes SELECT seq + 1, at, actor, cause, kind, subject, subject_id, digest, hash FROM changes WHERE seq = (SELECT MAX(seq) FROM changes)`,
		`UPDATE log_head SET seq = seq + 1`,
	}, "does not match its hash"},
	{"the head's hash", []string{`UPDATE log_head SET hash = (SELECT hash FROM changes WHERE seq = 2)`}, "has another hash than the log's head"},

	{"the plan", []string{`UPDATE company SET plan = 'core'`}, "company 1 differs"},
	{"a name", []string{`UPDATE users SET job_title = 'Chief' WHERE id = 2`}, "user 2 differs"},
	{"a role", []string{`INSERT INTO user_roles (user_id, role) VALUES (2, 'RISK_MANAGER')`}, "user 2 differs"},
	{"a status", []string{`UPDATE personnel SET employment_status = 'SPECIAL_FORMER_EMPLOYEE', separation_date = NULL WHERE id = 3`}, "personnel 3 differs"},
	{"a pin", []string{`DELETE FROM pins WHERE personnel_id = (SELECT MIN(personnel_id) FROM pins)`}, "differs"},
	{"a check", []string{
		`UPDATE checks SET status = CASE status WHEN 'PASS' THEN 'FAIL' ELSE 'PASS' END WHERE personnel_id = 4 AND type = 'BG_CHECK'`,
	}, "personnel 4: check BG_CHECK differs"},
	{"a membership", []string{`DELETE FROM group_members WHERE personnel_id = (SELECT MIN(personnel_id) FROM group_members)`}, ": groups differs"},
	{"a background check", []string{`UPDATE background_checks SET case_id = 'x'`}, ": background check 1 differs"},
	{"a training", []string{`UPDATE trainings SET completed_at = 1, state = 'COMPLETED' WHERE id = 1`}, ": training 1 differs"},
	{"a training is gone", []string{`DELETE FROM trainings WHERE id = 2`}, ": training 2 is in the change log and not in the record"},
	{"when a policy was acknowledged", []string{`UPDATE acknowledgements SET acknowledged_at = acknowledged_at - 1 WHERE id = 1`}, ": acknowledgement 1 differs"},
	{"an acknowledgement is added", []string{
		`INSERT INTO acknowledgements (id, user_id, policy_id, version, acknowledged_at, source, created_at) VALUES (999, 2, 3, 1, 0, 'api', 0)`,
	}, "user 2: acknowledgement 999 is not in the change log"},
	{"an acknowledgement of nothing", []string{`UPDATE acknowledgements SET version = 9 WHERE id = 1`}, "what is acknowledged is a version of its policy"},
	{"a policy's wording", []string{`UPDATE policy_versions SET text = 'x' WHERE id = 1`}, "policy 1 differs"},
	{"a policy's groups", []string{`DELETE FROM policy_groups WHERE policy_id = 2`}, "policy 2 differs"},
	{"an exclusion", []string{`UPDATE exclusions SET ends_at = NULL, reason = 'x' WHERE id = 1`}, "exclusion 1 differs"},
	{"an exclusion is gone", []string{`DELETE FROM exclusions WHERE id = 1`}, "exclusion 1 is in the change log and not in the record"},
	{"an exclusion of nobody", []string{`UPDATE exclusions SET personnel_id = NULL`}, "an exclusion is of a person or of a group"},
	{"rules are added", []string{`INSERT INTO rules (id, body, updated_at) VALUES (1, '{}', 0)`}, "rules 1 is not in the change log"},
	{"an app", []string{`UPDATE device_apps SET name = 'x' WHERE id = 1`}, "device_apps 1 differs"},
	{"apps are gone", []string{`DELETE FROM device_apps WHERE device_id = 1`}, "device_apps 1 is in the change log and not in the record"},
	{"a document's content", []string{`UPDATE documents SET file_hash = 'x', file_name = 'x', media_type = 'x', file_size = 1 WHERE id = 1`}, ": document 1 differs"},
	{"half a file", []string{`UPDATE documents SET file_hash = 'x', file_name = NULL WHERE id = 1`}, "a document's file has a name, a type and a size"},
	{"half a file of a device", []string{`UPDATE device_documents SET file_hash = 'x', file_size = NULL WHERE id = 1`}, "the file of a device's document has"},
	{"an identity's MFA", []string{`UPDATE identities SET has_mfa = CASE has_mfa WHEN 1 THEN 0 ELSE 1 END WHERE id = 1`}, ": identity 1 differs"},
	{"a document", []string{`DELETE FROM documents WHERE id = 1`}, ": document 1 is in the change log and not in the record"},
	{"what a source said", []string{`UPDATE source_records SET facts = '{"jobTitle":"x"}'`}, "of connection 6 differs"},
	{"a device", []string{`UPDATE devices SET model = 'x' WHERE id = 1`}, "device 1 differs"},
	{"a device's check", []string{`DELETE FROM device_checks WHERE id = (SELECT MIN(id) FROM device_checks)`}, "device"},
	{"whose an account is", []string{`UPDATE accounts SET user_id = 7 WHERE kind = 'INFRASTRUCTURE' AND id = 2`}, "infrastructure_account 2 differs"},
	{"an account is gone", []string{`DELETE FROM accounts WHERE kind = 'VERSION_CONTROL' AND id = 2`}, "version_control_account 2 is in the change log and not in the record"},
	{"a connection", []string{`UPDATE connections SET state_reason = 'x' WHERE id = 1`}, "connection 1 differs"},
	{"a key's scopes", []string{`UPDATE api_keys SET scopes = 'all' WHERE id = 1`}, "api_key 1 differs"},
	{"a key is added", []string{
		`INSERT INTO api_keys (id, name, hint, hash, scopes, allow, created_at) SELECT 99, name, hint, salt, 'all', '', created_at FROM api_keys, change_payloads WHERE id = 1 AND seq = 1`,
	}, "api_key 99 is not in the change log"},
	{"a group is added far away", []string{
		`INSERT INTO groups (id, name, name_key, created_at, updated_at) VALUES (4000000000000, 'x', 'x', 0, 0)`,
	}, "group 4000000000000 is not in the change log"},
	{"a person is gone", []string{`DELETE FROM personnel WHERE id = 5`}, "personnel 5 is in the change log and not in the record"},

	{"a pack's user", []string{
		`UPDATE packs SET user_body = (SELECT user_body FROM packs WHERE personnel_id = 2) WHERE personnel_id = 4`,
	}, "the pack of personnel 4 differs"},
	{"a pack's personnel", []string{
		`UPDATE packs SET personnel_body = (SELECT personnel_body FROM packs WHERE personnel_id = 2) WHERE personnel_id = 4`,
	}, "the pack of personnel 4 differs"},
	{"whose a pack is", []string{`UPDATE packs SET user_id = 99 WHERE personnel_id = 4`}, "the pack of personnel 4 differs"},
	{"the wrong half of a pack", []string{`UPDATE packs SET user_body = personnel_body WHERE personnel_id = 4`}, "the pack of personnel 4 differs"},

	{"a person without checks", []string{`DELETE FROM checks WHERE personnel_id = 4`}, "every person has all fifteen checks"},
	{"a leaver before the start", []string{`UPDATE personnel SET start_date = '2020-01-02', separation_date = '2020-01-01' WHERE id = 4`}, "nobody leaves before they start"},
}

func TestTamperingIsNoticed(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		storetest.NewCompany(5, 20).Load(t, db)
		verified(t, db)
		raw := d.Raw(t)
		for _, c := range tampering {
			restore := tamper(t, d, raw, c.statements)
			v, err := db.Verify(t.Context(), nil)
			if all := strings.Join(v.Problems, "\n"); err != nil || !strings.Contains(all, c.want) {
				t.Errorf("%s: want %q, error %v, got\n%s", c.name, c.want, err, all)
			}
			restore()
		}
		verified(t, db)
	})
}

// tamper runs the statements and gives what undoes them: a copy of each table
// that they touch, put back.
func tamper(t *testing.T, d storetest.Database, raw *sql.DB, statements []string) func() {
	t.Helper()
	touched := map[string]bool{}
	for _, text := range statements {
		words := strings.Fields(strings.NewReplacer("UPDATE ", "", "DELETE FROM ", "", "INSERT INTO ", "").Replace(text))
		touched[words[0]] = true
	}
	for table := range touched {
		mustExec(t, raw, `CREATE TABLE kept_`+table+` AS SELECT * FROM `+table)
	}
	for _, text := range statements {
		mustExec(t, raw, text)
	}
	return func() {
		for table := range touched {
			mustExec(t, raw, `DELETE FROM `+table)
			mustExec(t, raw, `INSERT INTO `+table+` SELECT * FROM kept_`+table)
			mustExec(t, raw, `DROP TABLE kept_`+table)
		}
	}
}

// Somebody who cuts the tail and makes the head fit is found out only by who
// has kept the head.
func TestACutTailShowsInTheHead(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		kept := verified(t, db).Head
		write(t, db, changes[0].apply)
		if now := verified(t, db).Head; now == kept || len(now) != 64 {
			t.Errorf("the head went from %s to %s", kept, now)
		}
	})
}

// Verify tells how far it is, and an end that it reaches.
func TestVerifyTellsItsProgress(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.DB) {
		db := open()
		storetest.NewCompany(5, 20).Load(t, db)
		var last, end int64
		_, err := db.Verify(t.Context(), func(done, total int64) {
			if done < last || done > total {
				t.Errorf("from %d to %d of %d", last, done, total)
			}
			last, end = done, total
		})
		if err != nil || last != end || end != 2*head(t, db) {
			t.Errorf("it ended at %d of %d, error %v", last, end, err)
		}
	})
}

// Erasing a person's payloads leaves the rows, their order and the chain; what
// is erased of is no longer compared, what is written later is.
func TestErasureLeavesTheChain(t *testing.T) {
	t.Parallel()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		db := d.Open(t)
		company := storetest.NewCompany(5, 20)
		company.Load(t, db)
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return link(ctx, tx, 3) })
		before, seq := verified(t, db), head(t, db)
		n, err := db.ErasePayloads(t.Context(), storetest.Cause, 3)
		if err != nil || n < 3 {
			t.Fatalf("%d payloads were erased, error %v", n, err)
		}
		v := verified(t, db)
		if v.Erased != n || v.Changes != before.Changes+1 || head(t, db) != seq+1 {
			t.Errorf("after %+v came %+v", before, v)
		}
		rows := subjectChanges(t, db, store.SubjectUser, 3)
		if last := rows[len(rows)-1]; last.Kind != "user.history_erased" || last.Before != nil || last.After != nil || last.Erased {
			t.Errorf("the erasure was logged as %+v", last)
		}
		if first := rows[0]; !first.Erased || first.After != nil || first.Kind != "user.created" {
			t.Errorf("the erased row reads %+v", first)
		}
		// Accounts that were theirs are erased too; of those that were not, nothing is.
		if rows := subjectChanges(t, db, store.SubjectInfrastructure, 1); !rows[len(rows)-1].Erased {
			t.Error("the link to their account is still in the log")
		}
		if rows := subjectChanges(t, db, store.SubjectUser, 4); rows[0].Erased {
			t.Error("somebody else's row was erased")
		}
		// The record itself stays, and what changes from now on is compared again.
		write(t, db, func(ctx context.Context, tx *store.Tx) error { return touch(ctx, tx, 3) })
		verified(t, db)
		mustExec(t, d.Raw(t), `UPDATE personnel SET created_at = created_at + 1 WHERE id = 3`)
		if v, _ := db.Verify(t.Context(), nil); len(v.Problems) != 2 || !strings.Contains(v.Problems[0], "personnel 3 differs") {
			t.Errorf("tampering after an erasure: %q", v.Problems)
		}
		// There is nothing left to erase but what was written since.
		if n, err := db.ErasePayloads(t.Context(), storetest.Cause, 3); err != nil || n != 1 {
			t.Errorf("the second erasure took %d payloads, error %v", n, err)
		}
		if n, err := db.ErasePayloads(t.Context(), storetest.Cause, 999); err != nil || n != 0 {
			t.Errorf("erasing nobody took %d payloads, error %v", n, err)
		}
	})
}

// link gives infrastructure account 1 to a user.
func link(ctx context.Context, tx *store.Tx, id workforce.UserID) error {
	a, _, err := tx.LockAccount(ctx, workforce.Infrastructure, 1)
	after := a
	after.UserID, after.ServiceAccountAt, after.Username = &id, nil, workforce.Ptr("theirs")
	return orElse(err, func() error { return tx.UpdateAccount(ctx, a, after, "account.linked") })
}
