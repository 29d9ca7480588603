package store

import (
	"errors"

	"github.com/passmuster/passmuster/internal/workforce"
)

// A pack is a record with its parts as one value of one row, beside the rows of
// the tables: to read a person from thirteen tables costs ten times as much.
// The tables stay the record; a pack repeats them for reading. It is written in
// the transaction that writes the rows (see packs.go), and Verify compares the
// two.

// packVersion is the first byte of each pack: it changes with what is written
// below. A pack of another version is as good as none, and the tables are read.
const packVersion = 2

var errPack = errors.New("the pack is damaged: run passmuster verify")

// packPersonnel packs a personnel record with its pins, checks and devices.
func packPersonnel(rec *workforce.PersonnelRecord) []byte {
	p := &packer{out: append(make([]byte, 0, 2048), packVersion)}
	p.personnel(rec)
	return p.out
}

// packUser packs a user with roles, background checks, documents and identities.
func packUser(rec *workforce.UserRecord) []byte {
	p := &packer{out: append(make([]byte, 0, 1024), packVersion)}
	p.user(rec)
	return p.out
}

// unpackPersonnel reads what packPersonnel wrote; false: it is of another
// version.
func unpackPersonnel(body string, rec *workforce.PersonnelRecord) (bool, error) {
	return unpack(body, func(p *packer) { p.personnel(rec) })
}

// unpackUser reads what packUser wrote; false: it is of another version.
func unpackUser(body string, rec *workforce.UserRecord) (bool, error) {
	return unpack(body, func(p *packer) { p.user(rec) })
}

// The texts of the record are pieces of the pack.
func unpack(body string, read func(*packer)) (bool, error) {
	if body == "" || body[0] != packVersion {
		return false, nil
	}
	p := &packer{in: body, at: 1, reading: true}
	read(p)
	if p.damaged || p.at != len(p.in) {
		return false, errPack
	}
	return true, nil
}

func (p *packer) personnel(r *workforce.PersonnelRecord) {
	packedID(p, &r.ID)
	packedID(p, &r.UserID)
	packedWord(p, &r.EmploymentStatus)
	p.textOpt(&r.NotHumanReason)
	packedIDOpt(p, &r.ReasonProviderID)
	packedWordOpt(p, &r.StartDate)
	packedWordOpt(p, &r.SeparationDate)
	p.timeOpt(&r.StatusUpdatedAt)
	p.time(&r.CreatedAt)
	p.time(&r.UpdatedAt)
	packedList(p, &r.Pins, func(pin *workforce.Pin) {
		packedWord(p, &pin.Field)
		p.text(&pin.Actor)
		p.textOpt(&pin.Reason)
		p.time(&pin.At)
	})
	packedList(p, &r.Checks, p.check)
	packedList(p, &r.Devices, p.device)
}

func (p *packer) check(c *workforce.Check) {
	packedWord(p, &c.Type)
	packedWord(p, &c.Status)
	p.timeOpt(&c.CompletionDate)
	p.timeOpt(&c.ExpiresAt)
	packedWord(p, &c.CheckFrequency)
	p.timeOpt(&c.LastCheckedAt)
	p.time(&c.CreatedAt)
	p.time(&c.UpdatedAt)
}

func (p *packer) device(d *workforce.Device) {
	packedID(p, &d.ID)
	packedID(p, &d.PersonnelID)
	p.textOpt(&d.ExternalID)
	p.textOpt(&d.OSVersion)
	p.textOpt(&d.SerialNumber)
	p.textOpt(&d.Model)
	p.textOpt(&d.MACAddress)
	p.boolOpt(&d.EncryptionEnabled)
	p.json(&d.EncryptionExplanation)
	p.boolOpt(&d.FirewallEnabled)
	p.json(&d.FirewallExplanation)
	p.numberOpt(&d.ScreenLockTime)
	p.json(&d.ScreenLockExplanation)
	p.boolOpt(&d.AntivirusEnabled)
	p.json(&d.AntivirusExplanation)
	p.boolOpt(&d.AutoUpdateEnabled)
	p.json(&d.AutoUpdateExplanation)
	p.boolOpt(&d.PasswordManagerEnabled)
	p.json(&d.PasswordManagerExplanation)
	p.boolOpt(&d.LocationServicesEnabled)
	p.textOpt(&d.AgentVersion)
	p.numberOpt(&d.AppsCount)
	p.timeOpt(&d.LastCheckedAt)
	packedWord(p, &d.SourceType)
	p.time(&d.CreatedAt)
	p.time(&d.UpdatedAt)
	p.timeOpt(&d.DeletedAt)
	packedList(p, &d.Checks, func(c *workforce.DeviceCheck) {
		p.number(&c.ID)
		p.check(&c.Check)
	})
	packedList(p, &d.Identifiers, func(x *workforce.DeviceIdentifier) {
		p.number(&x.ID)
		p.text(&x.Type)
		p.text(&x.Identifier)
		p.time(&x.CreatedAt)
		p.time(&x.UpdatedAt)
	})
	packedList(p, &d.Documents, func(x *workforce.DeviceDocument) {
		p.number(&x.ID)
		packedWord(p, &x.Type)
		p.text(&x.Name)
		p.textOpt(&x.FileURL)
		p.fileOpt(&x.File)
		p.time(&x.CreatedAt)
		p.time(&x.UpdatedAt)
	})
}

func (p *packer) user(r *workforce.UserRecord) {
	packedID(p, &r.ID)
	p.text(&r.EntryID)
	p.text(&r.Email)
	p.textOpt(&r.FirstName)
	p.textOpt(&r.LastName)
	p.textOpt(&r.JobTitle)
	p.textOpt(&r.AvatarURL)
	p.timeOpt(&r.TermsAgreedAt)
	p.time(&r.CreatedAt)
	p.time(&r.UpdatedAt)
	packedList(p, &r.Roles, func(role *workforce.Role) { packedWord(p, role) })
	packedList(p, &r.BackgroundChecks, p.backgroundCheck)
	packedList(p, &r.Documents, func(d *workforce.Document) {
		p.number(&d.ID)
		packedID(p, &d.UserID)
		p.text(&d.Name)
		packedWord(p, &d.Type)
		p.textOpt(&d.FileURL)
		p.fileOpt(&d.File)
		packedWordOpt(p, &d.CompletedOn)
		packedWordOpt(p, &d.RenewalDate)
		p.time(&d.CreatedAt)
		p.time(&d.UpdatedAt)
	})
	packedList(p, &r.Identities, func(rec *workforce.IdentityRecord) { p.identity(&rec.Identity) })
}

func (p *packer) fileOpt(f **workforce.File) {
	if !p.present(*f != nil) {
		return
	}
	if p.reading {
		*f = new(workforce.File)
	}
	p.text(&(*f).Hash)
	p.text(&(*f).Name)
	p.text(&(*f).MediaType)
	p.number(&(*f).Size)
}

func (p *packer) backgroundCheck(b *workforce.BackgroundCheck) {
	p.number(&b.ID)
	packedID(p, &b.UserID)
	packedWord(p, &b.Status)
	p.textOpt(&b.CaseID)
	p.textOpt(&b.CaseInvitationID)
	p.textOpt(&b.URL)
	packedWordOpt(p, &b.ManualCheckDate)
	p.textOpt(&b.ManuallyCheckURL)
	packedWord(p, &b.Type)
	packedWordOpt(p, &b.Source)
	p.textOpt(&b.ReportData)
	p.textOpt(&b.OutOfScopeReason)
	p.timeOpt(&b.OutOfScopeAt)
	p.textOpt(&b.InvitationEmail)
	p.timeOpt(&b.LinkedAt)
	p.time(&b.CreatedAt)
	p.time(&b.UpdatedAt)
}

func (p *packer) identity(i *workforce.Identity) {
	p.number(&i.ID)
	packedID(p, &i.UserID)
	packedID(p, &i.ConnectionID)
	p.text(&i.IdentityID)
	p.textOpt(&i.Username)
	p.textOpt(&i.Email)
	p.textOpt(&i.SecondaryEmail)
	p.textOpt(&i.FirstName)
	p.textOpt(&i.LastName)
	p.timeOpt(&i.ConnectedAt)
	p.timeOpt(&i.DisconnectedAt)
	p.boolOpt(&i.HasMFA)
	p.bool(&i.HasIDP)
	p.timeOpt(&i.StartedAt)
	p.timeOpt(&i.SeparatedAt)
	p.boolOpt(&i.IsContractor)
	p.textOpt(&i.JobTitle)
	p.textOpt(&i.ManagerID)
	p.textOpt(&i.ManagerName)
	p.time(&i.CreatedAt)
	p.time(&i.UpdatedAt)
}
