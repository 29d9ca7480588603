package openapi

import (
	"maps"
	"slices"
)

// The groups into which the page sorts the operations.
const (
	tagUsers          = "Users"
	tagPersonnel      = "Personnel"
	tagInfrastructure = "Infrastructure accounts"
	tagVersionControl = "Version-control accounts"
	tagUsersV2        = "Users (second version)"
	tagNative         = "People and accounts (native)"
)

func tags() []tag {
	return slices.Concat([]tag{
		{tagUsers, "People as the directory knows them."},
		{tagPersonnel, "A person's relation to the company, with status, dates, checks and devices."},
		{tagInfrastructure, "Accounts that people and programs hold in infrastructure systems."},
		{tagVersionControl, "Accounts that people and programs hold in version-control systems."},
	}, deviceTags(), []tag{
		{tagUsersV2, "Users in the second version of the API: paged by cursor, with parts on demand."},
		{tagNative, "Lists of our own, for scripts and exports: cursors, what changed since, counts, and everything at once as JSON lines or CSV."},
	}, complianceTags())
}

// introduction is the description of the whole.
const introduction = `Passmuster answers the operations below ` + "`/public`" + ` as the Drata public API for users, user identities and personnel does, so that a client of that API works when its base URL is changed. The operations below ` + "`/native/v1`" + ` are our own; their refusals also have a ` + "`reason`" + ` and, if one parameter is to blame, a ` + "`field`" + `. Parameters marked ` + "`x-extension`" + ` are our own.

## Keys

Send ` + "`Authorization: Bearer KEY`" + `. ` + "`passmuster key create --name NAME --scope SCOPE`" + ` makes a key. Each operation names the permission that it needs (` + "`x-required-scope`" + `); a key with the scope ` + "`all`" + ` has every permission, one with ` + "`all:read`" + ` suffices for every GET. Operations with ` + "`x-plan-feature`" + ` also need a plan that includes it.

## Refusals

Every refusal is a JSON object. ` + "`message`" + ` is for people and may be reworded; compare ` + "`statusCode`" + ` and ` + "`code`" + `. Each response lists its codes (` + "`x-codes`" + `) and the reasons behind them (` + "`x-reasons`" + `). Refusals come in this order: 404 or 405 for the path, 429, 401, 402, 412, 403, 400, 404 for the record, 409.

Beyond what the operations list: a path that does not exist answers 404 with code 10170, and a wrong method 405 with code 10020 and the header ` + "`Allow`" + `. Every GET also answers HEAD.

## Unknown is not false

A member that can be ` + "`null`" + ` is ` + "`null`" + ` when nobody told us. Members that are required here are always there. Times are UTC with three decimals, ids are integers, and every integer lies within ±(2^53-1).

## What is put up with

Clients that differ from this document in one of these ways are understood all the same: a number as ` + "`20.0`" + `; a list as ` + "`x=`" + `, ` + "`x[]=`" + ` or ` + "`x[0]=`" + `, repeated or separated by commas, brackets percent-encoded or not; a parameter repeated with the same value; an empty value, which counts as absent; ` + "`sortDir`" + ` in lower case; a time where a date is asked for, of which the date counts; unknown query parameters and body fields, which are ignored; a JSON body where none is needed, which is ignored too.`

// operationText is what people are told of an operation.
type operationText struct {
	tag         string
	summary     string
	description string
	answer      string // the description of the success
}

const (
	aboutPins = "What a person set by hand on a personnel record (its status, its dates) is pinned against the sources. A reset takes the pins away and at once applies what the sources last said, without waiting for their next run."
	aboutLink = "Linking sets `connectedAt` and clears `disconnectedAt`; an account of somebody else moves. Unlinking sets `disconnectedAt`. What is so already changes nothing. A link made by hand is not undone by a sync. A service account cannot be linked: put it back first."
	aboutMark = "Marking a linked account unlinks it, and the owner of the API key becomes `serviceAccountDesignator`. Putting it back clears the time, the reason and the designator; it does not restore the link."
	intended  = "It records what the company intends: nothing is changed in the system itself, and a sync does not change it back."
)

func operationTexts() map[string]operationText {
	out := userOperations()
	maps.Copy(out, userPartOperations())
	maps.Copy(out, deviceOperations())
	maps.Copy(out, personnelOperations())
	maps.Copy(out, accountOperations())
	maps.Copy(out, nativeOperations())
	maps.Copy(out, complianceOperations())
	return out
}

func userOperations() map[string]operationText {
	return map[string]operationText{
		"getUser": {
			tagUsers, "Get a user",
			"One user with everything that belongs to them: roles, background checks, identities in directories and HR systems, and documents. A user is the person; their employment is the personnel record, which has a number of its own.",
			"The user, in full.",
		},
		"listUsersV2": {
			tagUsersV2, "List users",
			"Users, filtered, sorted and paged by cursor. Leave `cursor` out for the first page; then send `pagination.cursor` of the page before. A cursor carries the filters and the sort of the request that it came from, so that a request with the cursor alone goes on; `size` and `expand[]` may change between pages.",
			"A page of users.",
		},
		"getUserV2": {
			tagUsersV2, "Get a user",
			"One user, by number or by e-mail address.",
			"The user, with the parts that were asked for.",
		},
	}
}

func personnelOperations() map[string]operationText {
	const afterwards = "The personnel record after the change."
	return map[string]operationText{
		"listPersonnel": {
			tagPersonnel, "List personnel",
			"Personnel records, filtered, sorted and paged by number. Different parameters must all hold; the values of one list are alternatives. What is unknown sorts last in both directions, and equal keys are in the order of ids.",
			"A page of personnel records. A page after the last one is empty and no error.",
		},
		"getPersonnel": {
			tagPersonnel, "Get a personnel record",
			"One personnel record by its number.",
			"The personnel record.",
		},
		"getPersonnelByEmail": {
			tagPersonnel, "Get a personnel record by e-mail address",
			"The personnel record of the user with an e-mail address, whatever its case.",
			"The personnel record.",
		},
		"setPersonnelContractDates": {
			tagPersonnel, "Set the first and the last day",
			"Sets the contract dates by hand. The fields that are given are pinned: sources go on reporting theirs, but no longer change these, until a reset. Setting what is set already changes nothing.",
			afterwards,
		},
		"setPersonnelStatus": {
			tagPersonnel, "Set the employment status",
			"Sets the status by hand and pins it: sources no longer change it until a reset. Any of the ten statuses may be set. `OUT_OF_SCOPE` needs `notHumanReason`, and the owner of the API key becomes `reasonProvider`. `FORMER_EMPLOYEE` and `FORMER_CONTRACTOR` need `separationDate`, which is set and pinned too. A field that the new status does not use is ignored. Setting what is set already changes nothing.",
			"The personnel record after the change. `statusUpdatedAt` is when the status was set by hand.",
		},
		"resetPersonnelSync": {
			tagPersonnel, "Let the sources decide again, for one person",
			aboutPins,
			"The personnel record after the reset.",
		},
		"resetAllPersonnelSync": {
			tagPersonnel, "Let the sources decide again, for everybody",
			paragraphs("Resets everybody whom a source knows; the others are left alone.", aboutPins),
			"The personnel record of the first person that was reset, in the order of ids. `X-Personnel-Affected` says how many people were reset.",
		},
		"resetSomePersonnelSync": {
			tagPersonnel, "Let the sources decide again, for a list of people",
			paragraphs("Resets the people in `personnelIds`. One unknown id refuses the whole request, and nothing is changed; people whom no source knows are left alone.", aboutPins),
			"The personnel record of the first person that was reset, in the order of ids. `X-Personnel-Affected` says how many people were reset.",
		},
	}
}

func accountOperations() map[string]operationText {
	return map[string]operationText{
		"listInfrastructureIdentities": {
			tagInfrastructure, "List infrastructure accounts",
			"Accounts in infrastructure systems, filtered, sorted and paged by number. What is unknown sorts last in both directions, and equal keys are in the order of ids.",
			"A page of infrastructure accounts. A page after the last one is empty and no error.",
		},
		"connectInfrastructureIdentity": {
			tagInfrastructure, "Say whose infrastructure account it is",
			aboutLink, "The account after the change.",
		},
		"toggleInfrastructureIdentity": {
			tagInfrastructure, "Declare what an infrastructure account may do",
			"Declares that an account has, or has not, admin or database access. " + intended, "The account after the change.",
		},
		"setInfrastructureServiceAccount": {
			tagInfrastructure, "Mark an infrastructure account as a service account",
			"A service account belongs to a program and not to a person. " + aboutMark, "The account after the change.",
		},
		"listVersionControlIdentities": {
			tagVersionControl, "List version-control accounts",
			"Accounts in version-control systems, filtered, sorted and paged by number. What is unknown sorts last in both directions, and equal keys are in the order of ids.",
			"A page of version-control accounts. A page after the last one is empty and no error.",
		},
		"connectVersionControlIdentity": {
			tagVersionControl, "Say whose version-control account it is",
			aboutLink, "The account after the change.",
		},
		"toggleVersionControlIdentity": {
			tagVersionControl, "Declare what a version-control account may do",
			"Declares that an account may, or may not, write or push code for production. " + intended, "The account after the change.",
		},
		"setVersionControlServiceAccount": {
			tagVersionControl, "Mark a version-control account as a service account",
			"A service account belongs to a program and not to a person. " + aboutMark, "The account after the change.",
		},
	}
}
