package peer

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/passmuster/passmuster/bench/stage"
)

// PocketBase is an installation with a company in it.
type PocketBase struct {
	Version string  // of the module
	Seconds float64 // how long filling took, with plain inserts into its tables

	binary, dir string
}

const (
	module  = "github.com/pocketbase/pocketbase"
	program = module + "/examples/base" // what the published binaries are built from

	// The only account, on a server that this machine alone can reach.
	superuser = "bench@example.com"
	password  = "bench-password"
)

// New builds PocketBase and fills it with the company in a SQLite database of
// Passmuster's, into a new folder inside dir. It has to run inside the
// checkout.
func New(ctx context.Context, dir, company string) (*PocketBase, error) {
	root, err := output(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	source := filepath.Join(root, "bench", "pocketbase")
	p := &PocketBase{binary: filepath.Join(dir, "pocketbase")}
	if p.Version, err = output(ctx, source, "go", "list", "-m", "-f", "{{.Version}}", module); err != nil {
		return nil, err
	}
	if _, err := output(ctx, source, "go", "build", "-trimpath", "-buildvcs=false", "-o", p.binary, program); err != nil {
		return nil, err
	}
	if p.dir, err = os.MkdirTemp(dir, "pocketbase-"); err != nil {
		return nil, fmt.Errorf("making a folder for PocketBase: %w", err)
	}
	began := time.Now()
	if err := p.fill(ctx, company); err != nil {
		return nil, errors.Join(fmt.Errorf("filling PocketBase: %w", err), p.Remove())
	}
	p.Seconds = time.Since(began).Seconds()
	return p, nil
}

// Remove removes the company.
func (p *PocketBase) Remove() error { return os.RemoveAll(p.dir) }

func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // programs that the code names
	var out, errs bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errs
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", filepath.Base(name), strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// Serve starts the server with its defaults and signs in. The key is a token
// of a superuser.
func (p *PocketBase) Serve(ctx context.Context, log string) (*stage.Server, string, error) {
	port, err := stage.FreePort(ctx)
	if err != nil {
		return nil, "", err
	}
	server, err := stage.StartStranger(ctx, log, "/api/health", p.binary, "serve", "--dir", p.dir,
		fmt.Sprintf("--http=127.0.0.1:%d", port), "--dev=false", "--automigrate=false", "--hooksWatch=false")
	if err != nil {
		return nil, "", err
	}
	var answer struct {
		Token string `json:"token"`
	}
	err = p.ask(ctx, http.MethodPost, "http://"+server.Address+"/api/collections/_superusers/auth-with-password", "",
		map[string]string{"identity": superuser, "password": password}, &answer)
	if err == nil && answer.Token == "" {
		err = errors.New("PocketBase gave no token")
	}
	if err != nil {
		return nil, "", errors.Join(fmt.Errorf("signing in: %w", err), server.Stop())
	}
	return server, answer.Token, nil
}

// fill makes the collections by the API, and the records in the database
// itself, as nobody would wait for millions of requests.
func (p *PocketBase) fill(ctx context.Context, company string) error {
	if _, err := output(ctx, "", p.binary, "superuser", "upsert", superuser, password, "--dir", p.dir); err != nil {
		return err
	}
	server, token, err := p.Serve(ctx, p.dir+".log")
	if err != nil {
		return err
	}
	var definitions []map[string]any
	for _, c := range schema() {
		definitions = append(definitions, c.definition())
	}
	err = p.ask(ctx, http.MethodPut, "http://"+server.Address+"/api/collections/import", token,
		map[string]any{"collections": definitions, "deleteMissing": false}, nil)
	if err := errors.Join(err, server.Stop()); err != nil {
		return fmt.Errorf("making the collections: %w", err)
	}
	return p.insert(ctx, company)
}

func (p *PocketBase) insert(ctx context.Context, company string) (err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "data.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // what is attached is attached to one connection
	if _, err := db.ExecContext(ctx, `ATTACH $1 AS src`, "file:"+company+"?mode=ro"); err != nil {
		return fmt.Errorf("opening the company: %w", err)
	}
	letters := map[string]string{}
	for _, c := range schema() {
		letters[c.name] = c.letter
	}
	for _, c := range schema() {
		if _, err := db.ExecContext(ctx, c.insert(letters)); err != nil {
			return fmt.Errorf("collection %s: %w", c.name, err)
		}
	}
	// What PocketBase does each day by itself.
	_, err = db.ExecContext(ctx, `PRAGMA main.optimize(0x10002)`)
	return err
}

// ask sends JSON and reads JSON, while the schema is made.
func (p *PocketBase) ask(ctx context.Context, method, url, token string, body, into any) error {
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", token)
	client := &http.Client{Timeout: 5 * time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("status %d: %.500s", resp.StatusCode, text)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}
