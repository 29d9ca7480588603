package store

import (
	"context"
	"fmt"

	"github.com/passmuster/passmuster/internal/workforce"
)

const companyFields = `name, domain, plan, terms_accepted_at, time_zone, agent_enabled, manual_upload_enabled, demo, created_at, updated_at`

// Company gives the company of the database.
func (r *Reader) Company(ctx context.Context) (workforce.Company, error) {
	return r.company(ctx, "")
}

// LockCompany gives the company and keeps other writers from changing it.
func (tx *Tx) LockCompany(ctx context.Context) (workforce.Company, error) {
	return tx.company(ctx, tx.db.dialect.forUpdate)
}

func (r *Reader) company(ctx context.Context, suffix string) (workforce.Company, error) {
	var c workforce.Company
	err := r.row(ctx, `SELECT `+companyFields+` FROM company WHERE id = 1`+suffix).Scan(
		&c.Name, &c.Domain, &c.Plan, scanTimeOpt{&c.TermsAcceptedAt}, &c.TimeZone, &c.AgentEnabled,
		&c.ManualUploadEnabled, &c.Demo, scanTime{&c.CreatedAt}, scanTime{&c.UpdatedAt})
	if err != nil {
		return c, fmt.Errorf("reading the company: %w", err)
	}
	return c, nil
}

func companyRow(c workforce.Company) []any {
	return []any{
		c.Name, c.Domain, string(c.Plan), msOpt(c.TermsAcceptedAt), c.TimeZone, bit(c.AgentEnabled),
		bit(c.ManualUploadEnabled), bit(c.Demo), ms(c.CreatedAt), ms(c.UpdatedAt),
	}
}

func (tx *Tx) insertCompany(ctx context.Context, c workforce.Company) error {
	_, err := tx.exec(ctx, `INSERT INTO company (`+companyFields+`, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)`, companyRow(c)...)
	if err != nil {
		return fmt.Errorf("creating the company: %w", err)
	}
	tx.record("company.created", SubjectCompany, 1, nil, c)
	return nil
}

// SaveCompany replaces the company; what is equal already is not logged.
func (tx *Tx) SaveCompany(ctx context.Context, after workforce.Company) error {
	before, err := tx.LockCompany(ctx)
	if err != nil || equal(before, after) {
		return err
	}
	_, err = tx.exec(ctx, `UPDATE company SET name = $1, domain = $2, plan = $3, terms_accepted_at = $4, time_zone = $5,
		agent_enabled = $6, manual_upload_enabled = $7, demo = $8, created_at = $9, updated_at = $10 WHERE id = 1`, companyRow(after)...)
	if err != nil {
		return fmt.Errorf("saving the company: %w", err)
	}
	tx.record("company.updated", SubjectCompany, 1, before, after)
	return nil
}

// Secret gives one of the database's random values: "cursor", "session" or
// "files".
func (r *Reader) Secret(ctx context.Context, name string) ([]byte, error) {
	var value []byte
	if err := r.row(ctx, `SELECT value FROM secrets WHERE name = $1`, name).Scan(&value); err != nil {
		return nil, fmt.Errorf("reading secret %s: %w", name, err)
	}
	return value, nil
}
