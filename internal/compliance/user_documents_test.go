package compliance_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/passmuster/passmuster/internal/auth"
	"github.com/passmuster/passmuster/internal/compliance"
	"github.com/passmuster/passmuster/internal/file"
	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/store/storetest"
	"github.com/passmuster/passmuster/internal/workforce"
)

// evidence is a company with a folder for files and a clock.
type evidence struct {
	*testing.T
	ctx   context.Context
	db    *store.DB
	svc   *compliance.Service
	files *file.Store
	now   time.Time
}

func eachEvidence(t *testing.T, f func(e *evidence)) {
	t.Helper()
	storetest.EachDatabase(t, func(t *testing.T, d storetest.Database) {
		t.Helper()
		e := &evidence{T: t, now: time.Date(2026, 3, 14, 9, 26, 53, 589e6, time.UTC), ctx: auth.With(t.Context(), auth.CommandLine())}
		db, err := store.Open(t.Context(), d.DSN, store.Options{Now: func() time.Time { return e.now }})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if e.files, err = file.Open(filepath.Join(t.TempDir(), "files")); err != nil {
			t.Fatal(err)
		}
		e.db, e.svc = db, compliance.New(db, e.files)
		storetest.NewCompany(3, 5).Load(t, db)
		f(e)
	})
}

const pdf = "%PDF-1.7 a certificate"

func (e *evidence) add(n compliance.NewUserDocument) workforce.Document {
	e.Helper()
	n.UserID, n.Upload = 1, compliance.Upload{Name: "Certificate.pdf", Content: strings.NewReader(pdf)}
	d, err := e.svc.AddUserDocument(e.ctx, n)
	if err != nil {
		e.Fatal(err)
	}
	return d
}

func (e *evidence) refused(what string, err error, reason workforce.Reason) {
	e.Helper()
	if !workforce.IsReason(err, reason) {
		e.Errorf("%s: %v, want %s", what, err, reason)
	}
}

// The last day on which a document counts follows from the day on which it was
// completed and the rules of the check that it stands for.
func TestRenewalOfDocuments(t *testing.T) {
	t.Parallel()
	eachEvidence(t, func(e *evidence) {
		rules, err := e.svc.Rules(e.ctx)
		if err != nil {
			e.Fatal(err)
		}
		rules.Of(workforce.CheckHIPAATraining).RenewalMonths = 0
		rules.Of(workforce.CheckSecurityTraining).RenewalMonths = 18
		if _, err := e.svc.SaveRules(e.ctx, rules); err != nil {
			e.Fatal(err)
		}
		for _, c := range []struct {
			kind      workforce.DocumentType
			completed workforce.Date // "": not said
			want      workforce.Date // "": none
		}{
			{"SEC_TRAINING", "2025-08-31", "2027-02-28"},
			{"SEC_TRAINING", "2026-02-28", "2027-08-28"},
			{"SEC_TRAINING", "", "2027-09-14"},
			{"SEC_TRAINING", "9999-01-01", ""},
			{"HIPAA_TRAINING_EVIDENCE", "2025-08-31", ""},
			{"MFA_EVIDENCE", "2025-08-31", ""},
			{"OFFBOARDING_EVIDENCE", "", ""},
		} {
			n := compliance.NewUserDocument{Type: c.kind}
			if c.completed != "" {
				n.CompletedOn = &c.completed
			}
			d := e.add(n)
			if got := workforce.Date(workforce.Text((*string)(d.RenewalDate))); got != c.want || !workforce.Same(d.CompletedOn, n.CompletedOn) {
				e.Errorf("%s of %q is to be renewed on %q, want %q", c.kind, c.completed, got, c.want)
			}
			kept, _, err := e.svc.UserDocuments(e.ctx, workforce.DocumentQuery{UserID: 1, Type: &c.kind})
			if err != nil || !workforce.Same(kept[len(kept)-1].RenewalDate, d.RenewalDate) || kept[len(kept)-1].File.Name != "Certificate.pdf" {
				e.Errorf("%s is kept as %+v, %v", c.kind, kept, err)
			}
		}
	})
}

// A link opens the content of its document and no other, until it expires or the
// document goes.
func TestLinksToDocuments(t *testing.T) {
	t.Parallel()
	eachEvidence(t, func(e *evidence) {
		d := e.add(compliance.NewUserDocument{Type: "MFA_EVIDENCE"})
		link, err := e.svc.DocumentLink(e.ctx, compliance.OfUser, d.ID)
		if err != nil || link.Token == "" || link.URL != "" {
			e.Fatalf("the link is %+v, %v", link, err)
		}
		nobody := context.Background()
		c, err := e.svc.OpenLink(nobody, compliance.OfUser, link.Token)
		if err != nil {
			e.Fatal(err)
		}
		if got, err := io.ReadAll(c); string(got) != pdf || err != nil || c.File.MediaType != "application/pdf" {
			e.Errorf("the link opens %q of %+v, %v", got, c.File, err)
		}
		if err := c.Close(); err != nil {
			e.Error(err)
		}
		open := func(of compliance.Evidence, token string) error {
			c, err := e.svc.OpenLink(nobody, of, token)
			if err == nil {
				c.Close()
			}
			return err
		}
		e.refused("as that of a device", open(compliance.OfDevice, link.Token), workforce.ReasonEntityNotFound)
		e.refused("made up", open(compliance.OfUser, link.Token[:len(link.Token)-1]+"~"), workforce.ReasonEntityNotFound)
		began := e.now
		e.now = began.Add(file.LinkLife - time.Millisecond)
		if err := open(compliance.OfUser, link.Token); err != nil {
			e.Errorf("just before it expires: %v", err)
		}
		e.now = began.Add(file.LinkLife)
		e.refused("expired", open(compliance.OfUser, link.Token), workforce.ReasonEntityNotFound)
		e.now = began

		if err := os.Remove(filepath.Join(e.files.Dir(), d.File.Hash[:2], d.File.Hash)); err != nil {
			e.Fatal(err)
		}
		e.refused("the content is lost", open(compliance.OfUser, link.Token), workforce.ReasonFilesUnavailable)
		e.add(compliance.NewUserDocument{Type: "MFA_EVIDENCE"}) // the same content once more
		if err := open(compliance.OfUser, link.Token); err != nil {
			e.Errorf("the content is back: %v", err)
		}
		if err := e.svc.DeleteUserDocument(e.ctx, 1, d.ID); err != nil {
			e.Fatal(err)
		}
		e.refused("the document is gone", open(compliance.OfUser, link.Token), workforce.ReasonEntityNotFound)
		_, err = e.svc.DocumentLink(e.ctx, compliance.OfUser, d.ID)
		e.refused("a new link to it", err, workforce.ReasonEntityNotFound)
	})
}

// Documents of which no content is kept have their address, or nothing.
func TestDocumentsThatAreElsewhere(t *testing.T) {
	t.Parallel()
	eachEvidence(t, func(e *evidence) {
		const url = "https://files.example.com/1"
		var ids []int64
		err := e.db.Write(e.ctx, storetest.Cause, func(tx *store.Tx) error {
			ids = nil
			for _, d := range []workforce.Document{
				{UserID: 1, Name: "a", Type: "MFA_EVIDENCE", FileURL: workforce.Ptr(url)}, {UserID: 1, Name: "b", Type: "MFA_EVIDENCE"},
			} {
				if err := tx.SaveDocument(e.ctx, nil, &d); err != nil {
					return err
				}
				ids = append(ids, d.ID)
			}
			return nil
		})
		if err != nil {
			e.Fatal(err)
		}
		link, err := e.svc.DocumentLink(e.ctx, compliance.OfUser, ids[0])
		if err != nil || link != (compliance.Link{URL: url}) {
			e.Errorf("the link is %+v, %v", link, err)
		}
		if c, address, err := e.svc.OpenDocument(e.ctx, compliance.OfUser, ids[0]); c != nil || address != url || err != nil {
			e.Errorf("it opens %v %q, %v", c, address, err)
		}
		_, err = e.svc.DocumentLink(e.ctx, compliance.OfUser, ids[1])
		e.refused("a document without a file", err, workforce.ReasonEntityNotFound)
	})
}

// Whoever lacks the scope is refused before anything is looked up or kept, and
// so is what cannot be kept.
func TestRefusalsOfDocuments(t *testing.T) {
	t.Parallel()
	eachEvidence(t, func(e *evidence) {
		stranger := auth.With(e.ctx, auth.Principal{Actor: "key:1"})
		n := compliance.NewUserDocument{UserID: 1, Type: "MFA_EVIDENCE", Upload: compliance.Upload{Name: "a.pdf", Content: neverRead{}}}
		_, err := e.svc.AddUserDocument(stranger, n)
		e.refused("adding", err, workforce.ReasonScope)
		_, _, err = e.svc.UserDocuments(stranger, workforce.DocumentQuery{UserID: 99})
		e.refused("listing", err, workforce.ReasonScope)
		_, err = e.svc.DocumentLink(stranger, compliance.OfUser, 99)
		e.refused("linking", err, workforce.ReasonScope)
		_, _, err = e.svc.OpenDocument(stranger, compliance.OfDevice, 99)
		e.refused("opening", err, workforce.ReasonScope)
		e.refused("deleting", e.svc.DeleteUserDocument(stranger, 1, 99), workforce.ReasonScope)
		_, err = e.svc.AddBackgroundCheck(stranger, compliance.ManualBackgroundCheck{UserID: 99})
		e.refused("a background check", err, workforce.ReasonScope)
		_, err = e.svc.UserPolicies(stranger, 99)
		e.refused("policies", err, workforce.ReasonScope)

		n.Upload.Content = strings.NewReader("<html>")
		_, err = e.svc.AddUserDocument(e.ctx, n)
		e.refused("a page called a PDF", err, workforce.ReasonBadRequest)
		n.Upload = compliance.Upload{MediaType: "image/PNG", Content: strings.NewReader("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")}
		if d, err := e.svc.AddUserDocument(e.ctx, n); err != nil || d.Name != "file.png" {
			e.Errorf("a file without a name is called %q, %v", d.Name, err)
		}
		n.Upload = compliance.Upload{Name: "a.pdf", Content: neverRead{}}
		_, err = compliance.New(e.db, nil).AddUserDocument(e.ctx, n)
		e.refused("without a folder", err, workforce.ReasonFilesUnavailable)
	})
}

// neverRead is a content that nobody may read.
type neverRead struct{}

func (neverRead) Read([]byte) (int, error) { return 0, errors.New("it was read") }

// A background check by hand makes the check pass at once, is kept beside those
// that were there, and is in the log once.
func TestBackgroundCheckByHand(t *testing.T) {
	t.Parallel()
	eachEvidence(t, func(e *evidence) {
		n := compliance.ManualBackgroundCheck{UserID: 1, URL: "https://example.com/report", FiledOn: "2026-03-14"}
		setStatus := func(s workforce.EmploymentStatus) {
			e.Helper()
			err := e.db.Write(e.ctx, storetest.Cause, func(tx *store.Tx) error {
				before, _, err := tx.LockPersonnel(e.ctx, 1)
				after := before
				after.EmploymentStatus = s
				if err != nil {
					return err
				}
				return tx.UpdatePersonnel(e.ctx, before, after, "personnel.status_set")
			})
			if err != nil {
				e.Fatal(err)
			}
		}
		for _, s := range []workforce.EmploymentStatus{workforce.OutOfScope, workforce.ServiceAccountStatus} {
			setStatus(s)
			_, err := e.svc.AddBackgroundCheck(e.ctx, n)
			e.refused(string(s), err, workforce.ReasonNotAPerson)
		}
		setStatus(workforce.CurrentEmployee)
		tomorrow := n
		tomorrow.FiledOn = "2026-03-16" // wherever the company is
		_, err := e.svc.AddBackgroundCheck(e.ctx, tomorrow)
		e.refused("a day to come", err, workforce.ReasonFiledInFuture)

		r, err := e.svc.AddBackgroundCheck(e.ctx, n)
		if err != nil {
			e.Fatal(err)
		}
		checks := len(r.User.BackgroundChecks)
		last := r.User.BackgroundChecks[checks-1]
		if last.Status != "OK" || last.Type != "MANUAL" || *last.ManualCheckDate != n.FiledOn || !last.CreatedAt.Equal(e.now) {
			e.Errorf("it is kept as %+v", last)
		}
		for _, c := range r.Checks {
			if c.Type == workforce.CheckBackground && c.Status != workforce.CheckPass {
				e.Errorf("the check is %s", c.Status)
			}
		}
		e.now = e.now.Add(time.Hour)
		if r, err = e.svc.AddBackgroundCheck(e.ctx, n); err != nil || len(r.User.BackgroundChecks) != checks {
			e.Errorf("the same again: %d checks, %v; want %d", len(r.User.BackgroundChecks), err, checks)
		}
	})
}
