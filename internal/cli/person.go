package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/passmuster/passmuster/internal/store"
	"github.com/passmuster/passmuster/internal/workforce"
)

func (p *program) person() *cobra.Command {
	return group("person", "List and show people, and erase their history", p.personList(), p.personShow(), p.personErase())
}

// personView is a person in short.
type personView struct {
	ID             int64   `json:"id"`
	UserID         int64   `json:"userId"`
	Name           string  `json:"name"`
	Email          string  `json:"email"`
	JobTitle       *string `json:"jobTitle"`
	Status         string  `json:"employmentStatus"`
	StartDate      *string `json:"startDate"`
	SeparationDate *string `json:"separationDate"`
	FullCompliance string  `json:"fullCompliance"`
}

func toPersonView(r workforce.PersonnelRecord) personView {
	v := personView{
		ID: int64(r.ID), UserID: int64(r.UserID), Name: workforce.FullName(r.User.FirstName, r.User.LastName), Email: r.User.Email,
		JobTitle: r.User.JobTitle, Status: string(r.EmploymentStatus),
		StartDate: (*string)(r.StartDate), SeparationDate: (*string)(r.SeparationDate),
	}
	for _, c := range r.Checks {
		if c.Type == workforce.CheckFullCompliance {
			v.FullCompliance = string(c.Status)
		}
	}
	return v
}

// personRef names a person: by the e-mail if it is not empty, else by the number
// of the personnel record.
type personRef struct {
	email string
	id    int64
}

func parsePersonRef(which string) (personRef, error) {
	if strings.Contains(which, "@") {
		return personRef{email: which}, nil
	}
	id, err := strconv.ParseInt(which, 10, 64)
	if err != nil || id < 1 {
		return personRef{}, usageError{fmt.Errorf("%q is neither an e-mail nor the number of a personnel record", which)}
	}
	return personRef{id: id}, nil
}

// find gives the personnel record that a person is named by.
func (l local) find(ctx context.Context, which personRef) (workforce.PersonnelRecord, error) {
	if which.email != "" {
		return l.directory.PersonnelByEmail(ctx, which.email)
	}
	return l.directory.Personnel(ctx, workforce.PersonnelID(which.id))
}

func (p *program) personErase() *cobra.Command {
	cmd := shared(&cobra.Command{
		Use:   "erase-history EMAIL|ID",
		Short: "Erase what the change log holds of a person",
		Long: `Erase the personal data of a person from the change log, for a request to be
forgotten. The rows of the log stay, without their content, and "passmuster
verify" still proves that none was altered. The current record stays as it is.
This cannot be undone.`,
		Args: cobra.ExactArgs(1),
	})
	yes := cmd.Flags().Bool("yes", false, "do it; without it, nothing is erased")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.withDB(cmd, func(ctx context.Context, db *store.DB) error {
			which, err := parsePersonRef(args[0])
			if err != nil {
				return err
			}
			r, err := onDatabase(db).find(ctx, which)
			if err != nil {
				return err
			}
			if !*yes {
				return usageError{fmt.Errorf("this erases the history of personnel %d for good: say so with --yes", r.ID)}
			}
			n, err := db.ErasePayloads(ctx, cause(ctx), r.UserID)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.env.Stdout, "Erased the content of %d changes of personnel %d.\n", n, r.ID)
			return nil
		})
	}
	return cmd
}
