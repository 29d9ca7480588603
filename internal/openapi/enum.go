package openapi

import (
	"reflect"

	"github.com/passmuster/passmuster/internal/workforce"
)

// enum is an enumeration of the domain as the document shows it.
type enum struct {
	name        string
	description string
	values      []any
}

// enums is every enumeration that an answer has, by its type in Go.
func enums() map[reflect.Type]enum {
	all := map[reflect.Type]enum{}
	put(all, "EmploymentStatus", workforce.AllEmploymentStatuses,
		"In which relation a person stands to the company. `UNKNOWN`: matched no HR record. `OUT_OF_SCOPE`: not a person whose compliance counts. The two `SPECIAL_FORMER_…` are for records that were made by hand.")
	put(all, "CheckType", workforce.AllCheckTypes,
		"A requirement that a person or a device has to meet. `FULL_COMPLIANCE` sums up the others.")
	put(all, "CheckStatus", workforce.AllCheckStatuses,
		"How a check came out. `MISCONFIGURED`: it cannot be told, because no source is set up or a fact is not known. `EXCLUDED`: it does not apply.")
	put(all, "CheckFrequency", workforce.AllCheckFrequencies,
		"How often a check is made. `QID`: four times a day.")
	put(all, "BackgroundCheckStatus", workforce.AllBackgroundCheckStatuses, "How a background check came out.")
	put(all, "BackgroundCheckType", workforce.AllBackgroundCheckTypes, "Who made a background check.")
	put(all, "BackgroundCheckSource", workforce.AllBackgroundCheckSources, "Where a background check came from.")
	put(all, "PolicyAssignment", workforce.AllPolicyAssignments,
		"Who is asked to acknowledge a policy. `ALL`: everyone of whom acknowledgements are asked. `GROUPS`: the members of its groups. `NONE`: nobody.")
	put(all, "TrainingState", workforce.AllTrainingStates, "How far a training has come.")
	put(all, "DocumentType", workforce.AllDocumentTypes, "What a document is evidence of.")
	put(all, "DeviceSource", workforce.AllDeviceSources, "The system that reports a device.")
	put(all, "ConnectionState", workforce.AllConnectionStates, "Whether a connection works.")
	put(all, "ClientType", workforce.AllClientTypes(),
		"The product behind a connection. `LDAP`, `ACTIVE_DIRECTORY`, `SCIM` and `FILE` are sources that the original API has no name for.")
	put(all, "ProviderKind", workforce.AllProviderTypes, "A kind of facts that a connection brings.")
	put(all, "LinkMethod", workforce.AllLinkMethods,
		"How an account came to belong to a person. `MANUAL`: somebody said so. `VERIFIED_EMAIL`: it has the person's e-mail address. `IMPORTED`: the imported file says so.")
	put(all, "PinField", workforce.AllPinFields, "A field of a personnel record that was set by hand, and that sources therefore do not change.")
	put(all, "Role", workforce.AllRoles, "What a user may do in the original product. Here only `ADMIN` has a meaning: the first administrator owns API keys that name no owner.")
	return all
}

func put[S ~string](all map[reflect.Type]enum, name string, values []S, description string) {
	all[reflect.TypeFor[S]()] = enum{name: name, description: description, values: anys(values)}
}

func anys[T any](values []T) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
