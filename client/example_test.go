package client_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/passmuster/passmuster/client"
)

func Example() {
	url, key, stop := exampleServer() // in your program: the address of the server, and a key from a secret store
	defer stop()

	c, err := client.New(url, key, client.WithUserAgent("report/1.0"))
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	person, err := c.Personnel.GetByEmail(ctx, "sally.smith@example.com")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*person.User.FirstName, *person.User.LastName, "is a", person.EmploymentStatus)
	// Output: Sally Smith is a CURRENT_EMPLOYEE
}

func ExamplePersonnelService_All() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	// Who has left, and is still not known to be offboarded?
	params := client.PersonnelListParams{
		EmploymentStatuses:  []client.EmploymentStatusFilter{client.OnlyAllFormerPersonnel},
		OffboardingEvidence: new(false),
	}
	found := map[client.CheckStatus]bool{}
	for person, err := range c.Personnel.All(context.Background(), params) {
		if err != nil {
			log.Fatal(err)
		}
		check, _ := person.Check(client.CheckOffboarding)
		found[check.Status] = true
	}
	fmt.Println(found[client.CheckFail], found[client.CheckPass])
	// Output: true false
}

func ExamplePersonnelService_SetStatus() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	person, err := c.Personnel.SetStatus(context.Background(), 3, client.StatusChange{
		EmploymentStatus: client.StatusFormerEmployee,
		SeparationDate:   "2024-06-30",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(person.EmploymentStatus, *person.SeparationDate)
	// Output: FORMER_EMPLOYEE 2024-06-30
}

func ExampleInfrastructureService_Connect() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	account, err := c.Infrastructure.Connect(context.Background(), 1, 2)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("account", account.ID, "is of user", account.User.ID)
	// Output: account 1 is of user 2
}

func ExampleUserV2Service_All() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	// Whose second factor does a system not tell of?
	unknown, without := 0, 0
	for user, err := range c.UsersV2.All(context.Background(), client.UserV2ListParams{Expand: []client.Expand{client.ExpandIdentities}}) {
		if err != nil {
			log.Fatal(err)
		}
		for _, identity := range user.Identities {
			switch {
			case identity.HasMFA == nil:
				unknown++
			case !*identity.HasMFA:
				without++
			}
		}
	}
	fmt.Println(unknown > 0, without > 0)
	// Output: true true
}

func ExampleNativeService_StreamPeople() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	// Who works here and is not known to have a second factor?
	query := client.PeopleQuery{
		EmploymentStatuses: []client.EmploymentStatusFilter{client.OnlyAllCurrentPersonnel},
		Checks:             map[client.CheckType]bool{client.CheckIdentityMFA: false},
		Fields:             []string{"email", "startDate"},
	}
	var end client.StreamEnd
	found := int64(0)
	for person, err := range c.Native().StreamPeople(context.Background(), query, &end) {
		if err != nil {
			log.Fatal(err) // what came until now is not everyone
		}
		found++
		_ = person.Email // tell them
	}
	fmt.Println(found > 0, found == end.Records)

	// Later: what has changed since?
	query.ChangedSince = end.Position
	for person, err := range c.Native().StreamPeople(context.Background(), query, &end) {
		fmt.Println("changed:", person.ID, err)
	}
	// Output: true true
}

func ExampleNativeService_PeopleFacets() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	facets, err := c.Native().PeopleFacets(context.Background(), client.PeopleQuery{
		EmploymentStatuses: []client.EmploymentStatusFilter{client.OnlyAllCurrentPersonnel},
	})
	if err != nil {
		log.Fatal(err)
	}
	mfa := facets.Checks[client.CheckIdentityMFA]
	fmt.Println(mfa[client.CheckPass] > mfa[client.CheckFail], facets.EmploymentStatuses[client.StatusFormerEmployee])
	// Output: true 0
}

func ExampleIsNotFound() {
	url, key, stop := exampleServer()
	defer stop()
	c, err := client.New(url, key)
	if err != nil {
		log.Fatal(err)
	}

	_, err = c.Personnel.Get(context.Background(), 1_000_000)
	fmt.Println(client.IsNotFound(err), client.IsForbidden(err))
	// Output: true false
}
