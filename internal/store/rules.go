package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/passmuster/passmuster/internal/workforce"
)

// Rules gives what counts as compliant: [workforce.DefaultRules] if nothing was
// ever saved.
func (r *Reader) Rules(ctx context.Context) (workforce.Rules, error) {
	rules, ok, err := r.savedRules(ctx)
	if err == nil && !ok {
		rules = workforce.DefaultRules()
	}
	return rules, err
}

func (r *Reader) savedRules(ctx context.Context) (workforce.Rules, bool, error) {
	var rules workforce.Rules
	var body string
	err := r.row(ctx, `SELECT body, updated_at FROM rules WHERE id = 1`).Scan(&body, scanTimeOpt{&rules.UpdatedAt})
	if none(err) {
		return rules, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(body), &rules)
	}
	if err != nil {
		return rules, false, fmt.Errorf("reading the rules: %w", err)
	}
	return rules, true, nil
}

// LockRules gives the rules and keeps other writers from changing them. It does
// so by the company's row, since there may be none of the rules.
func (tx *Tx) LockRules(ctx context.Context) (workforce.Rules, error) {
	if _, err := tx.LockCompany(ctx); err != nil {
		return workforce.Rules{}, err
	}
	return tx.Rules(ctx)
}

// SaveRules replaces the rules that [Tx.LockRules] gave. Where after has no time,
// or that of before, the transaction's is filled in. Equal rules are not written.
func (tx *Tx) SaveRules(ctx context.Context, before, after workforce.Rules) error {
	if after.UpdatedAt == nil || before.UpdatedAt != nil && after.UpdatedAt.Equal(*before.UpdatedAt) {
		after.UpdatedAt = workforce.Ptr(tx.at)
	}
	was, err := rulesBody(before)
	if err != nil {
		return err
	}
	body, err := rulesBody(after)
	if err != nil || bytes.Equal(was, body) {
		return err
	}
	if _, err := tx.LockCompany(ctx); err != nil {
		return err
	}
	for i := range after.Checks {
		unknown, err := tx.UnknownGroups(ctx, after.Checks[i].GroupIDs)
		if err != nil {
			return err
		}
		if len(unknown) > 0 {
			return workforce.RefuseField("groupIds", "groupIds of %s: there is no group %d", after.Checks[i].Type, unknown[0])
		}
	}
	err = tx.upsert(ctx, "rules", []string{"id", "body", "updated_at"}, keyID, [][]any{{int64(1), string(body), ms(*after.UpdatedAt)}})
	if err != nil {
		return err
	}
	tx.record("rules.updated", SubjectRules, 1, before, after)
	return nil
}

// rulesBody is what is kept of rules beside their time.
func rulesBody(rules workforce.Rules) ([]byte, error) {
	rules.UpdatedAt = nil
	return json.Marshal(rules)
}

// rulesFacts gives the rules for a verification, if they were ever saved.
func rulesFacts(ctx context.Context, r *Reader, _, _ int64, is func(id int64, part string, v any) error) error {
	rules, ok, err := r.savedRules(ctx)
	if err != nil || !ok {
		return err
	}
	return is(1, "", rules)
}
