// Package client calls the API of a Passmuster server, or of anything else that
// answers the same nineteen operations: people and their employment
// ([Client.Personnel]), the accounts that they hold ([Client.Infrastructure] and
// [Client.VersionControl]), and users in both versions of the API
// ([Client.Users] and [Client.UsersV2]).
//
// It depends on the standard library and on nothing else of this module, so that
// any program may import it. It must never send the key to another host, never
// show it, and never make a change twice.
//
// # What is known and what is not
//
// The types are those of the wire, member for member. A pointer is nil where the
// server does not know: an account whose HasMFA is nil may or may not have it,
// and is not one without. Enumerations are open: keep a default in every switch.
// Members that this version of the package has no field for are ignored.
//
// # Lists
//
// List gives one page. All gives every record, one by one, and asks for the next
// page when the loop gets there; the zero value of its parameters is the whole
// list:
//
//	for person, err := range c.Personnel.All(ctx, client.PersonnelListParams{}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(person.ID)
//	}
//
// The first version of the API pages by number. Where records come or go during
// the loop, such a list can repeat or leave out some of the others. The second
// version pages by cursor and, in the order of creation, does neither.
//
// # Thousands of records
//
// A Passmuster server also has lists of its own, of flat records, with cursors,
// counts and changes since a position: [Client.Native]. People and Accounts walk
// through them; StreamPeople and StreamAccounts get everything in one request,
// and PeopleCSV and AccountsCSV the same as a table. A stream that ends without
// an error is complete.
//
// # Failures
//
// A refusal is an [*Error], with the status and code to decide on and a message
// for a person; [IsNotFound] and its sisters read it from any error. Reads are
// tried again after a network failure, 429, 502, 503 or 504. A change is tried
// again only where the server cannot have begun with it: after 429, and when no
// connection came about. See [WithRetries].
package client
