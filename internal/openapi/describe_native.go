package openapi

// What is said of the operations below /native/v1.

const (
	aboutWalk = "Leave `cursor` out for the first page; then send `pagination.cursor` of the page before, with the same filters and sort, until it is `null`. A walk in the order of `CREATED` meets every record exactly once, whatever changes meanwhile. In another order, a record that moves while you walk may be missed or met twice. `limit`, `fields` and `facets` may change between pages."
	aboutPoll = "To follow changes, send the `position` of the last answer as `changedSince`. Nothing is missed; a record may come again."
	aboutAll  = "With `format=ndjson` or `format=csv`, or such a type in the header `Accept`, the answer is not a page but everything that the filters select, one record a line; `limit` and `facets` do not count then, and `cursor` is refused. `X-Records-Total` says beforehand how many records there are and `X-Log-Position` is the position. JSON lines end with `{\"end\": {\"records\": …, \"position\": …}}`; after either form comes the trailer `X-Records-Sent`. Without these the answer is not complete. Only a few streams run at a time; beyond them the answer is 429 with `Retry-After`."
)

func nativeOperations() map[string]operationText {
	return map[string]operationText{
		"listPeople": {
			tagNative, "List people, or follow how they change",
			paragraphs("Everyone with a personnel record: the record and what matters of the user, in one flat object.", aboutWalk, aboutPoll, aboutAll),
			"A page of people, or all of them as lines.",
		},
		"listAccounts": {
			tagNative, "List accounts, or follow how they change",
			paragraphs("Accounts of both kinds, or of one. Without `kind`, a key gets the kinds that it may read: it needs `infrastructure-identities:manage` for the one and `version-control-identities:manage` for the other. Infrastructure accounts come first, and each kind is sorted by itself; a sort that a kind does not know leaves it in the order of ids.",
				aboutWalk, aboutPoll, aboutAll),
			"A page of accounts, or all of them as lines.",
		},
	}
}

func nativeParameters() map[string]parameterText {
	const (
		fields = "Which members to write, of each record and as the columns of CSV. Without it, all. The record's id is always there"
		sort   = "What to sort by. `CREATED` is when the record was made."
		since  = "Records whose own facts changed after this position of the log. 0: all. What a record only names (a group, a connection, the owner of an account) is not a fact of it. A position that the log has not reached answers 404: then it is of another database, or of a time before a backup was restored, and everything has to be read again."
	)
	return map[string]parameterText{
		"listPeople.q":        {description: "Text that is found in the first name, the last name, both with a space between, or the e-mail address, whatever its case."},
		"email":               {description: "The person with this e-mail address, whatever its case."},
		"employmentStatus[]":  {description: "People with one of these statuses. `ALL_CURRENT_PERSONNEL` is current employees and contractors, `ALL_FORMER_PERSONNEL` the four former statuses, `ALL_PERSONNEL` everyone."},
		"check[]":             {description: "A check and how it came out: `IDENTITY_MFA:true` is people for whom it passes or does not apply, `IDENTITY_MFA:false` those for whom it fails or cannot be told. Several must all hold."},
		"groupIds[]":          {description: "Members of any of these groups. A number that is no group's answers 404."},
		"deviceSource":        {description: "People with a device in use that this source reports."},
		"notDeviceSource[]":   {description: "People without a device in use from any of these sources."},
		"changedSince":        {description: since},
		"fields":              {description: fields + "."},
		"listAccounts.fields": {description: fields + ", and its kind."},
		"facets":              {description: "`true` adds `facets`: counts over all pages of the list."},
		"format":              {description: "The form of the answer: a page, or everything as lines. Without it, as the header `Accept` says, and else a page."},
		"listPeople.sort":     {description: sort + " A check sorts by `FAIL`, `MISCONFIGURED`, `EXCLUDED`, `PASS`, then by name."},
		"listAccounts.sort":   {description: sort + " `USER` is the name of the linked user; `HAS_MFA` is no, then yes."},
		"listPeople.cursor":   {description: "`pagination.cursor` of the page before, unchanged. Left out or empty: the first page."},
		"listAccounts.cursor": {description: "`pagination.cursor` of the page before, unchanged. Left out or empty: the first page."},
		"kind":                {description: "Accounts of this kind."},
		"listAccounts.userId": {description: "Accounts of this user. A number that is nobody's gives an empty list."},
	}
}

func nativeTypes() map[string]string {
	return map[string]string{
		"Kind":            "A kind of accounts.",
		"PeoplePage":      "A page of people.",
		"PersonSummary":   "A person: the personnel record with what matters of the user. Members that `fields` does not name are left out.",
		"CheckOutcome":    "How a requirement came out for a person.",
		"GroupName":       "A group that a person is a member of.",
		"DeviceCounts":    "The devices of a person, counted.",
		"Pagination":      "How to go on, and how far it is.",
		"PeopleFacets":    "The people on all pages, counted by what they are.",
		"AccountsPage":    "A page of accounts.",
		"AccountSummary":  "An account. Members that `fields` does not name are left out. The two kinds are numbered separately: kind and id together name an account.",
		"AccountOwner":    "The person whom an account belongs to.",
		"ServiceAccount":  "Since when an account belongs to a program, and why.",
		"AccountFacets":   "The accounts on all pages, counted by what they are.",
		"ConnectionCount": "How many accounts came by a connection.",
		"MFACounts":       "Accounts counted by whether they are protected by multi-factor authentication.",
		"OwnerCounts":     "Accounts counted by whose they are.",

		"application/x-ndjson": "JSON lines: a record a line, and after the last one a line with the only member `end`, which says how many records came and at which position. Without that line the answer is not complete.",
		"text/csv":             "A table as RFC 4180 has it, in UTF-8, with a row of names. Members of members have columns of their own, such as `devices.active`; the values of a list are parted by semicolons. A cell that a spreadsheet could take for a formula, because it begins with `=`, `+`, `-`, `@` or a control character, has an apostrophe in front. Complete only with the trailer `X-Records-Sent`, or with as many rows as `X-Records-Total` says.",
	}
}

func nativeTexts() map[string]string {
	const counted = " What nobody has is left out."
	return map[string]string{
		"position":                      "The position in the change log that the answer holds at least; on every page of a walk that of the first one. It is what to send as `changedSince` next time.",
		"facets":                        "Counts over all pages. Only if asked for.",
		"Pagination.cursor":             "What to send for the next page; `null` on the last one.",
		"PersonSummary.id":              "The number of the personnel record.",
		"pins":                          "The fields that were set by hand.",
		"PersonSummary.checks":          "How each requirement came out.",
		"groups":                        "The groups that they are in, by number.",
		"PersonSummary.devices":         "Their devices, counted.",
		"PersonSummary.createdAt":       "When the personnel record was made.",
		"PersonSummary.updatedAt":       "When the personnel record was last changed.",
		"CheckOutcome.completionDate":   "When the person met it.",
		"active":                        "How many devices are in use.",
		"failing":                       "How many of those in use fail a check.",
		"employmentStatuses":            "People by their relation to the company." + counted,
		"PeopleFacets.checks":           "People by how each requirement came out." + counted,
		"PeopleFacets.systems":          "People by the products in which they have a connected account; one with accounts in several counts in each." + counted,
		"AccountSummary.id":             "The number of the account, among those of its kind.",
		"AccountSummary.kind":           "The kind of account.",
		"connectionAlias":               "The name that people gave the connection.",
		"AccountSummary.user":           "Whose it is; `null` when it is nobody's.",
		"AccountSummary.serviceAccount": "Since when it is a service account, and why; `null` when it is none.",
		"linkMethod":                    "How it came to belong to the person; `null` when it is nobody's.",
		"linkReason":                    "Why it is linked, or why it is not.",
		"removedAt":                     "Since when the system no longer lists it.",
		"AccountOwner.id":               "The number of the user.",
		"AccountOwner.name":             "The first and the last name; `null` if neither is known.",
		"since":                         "Since when it is one.",
		"ServiceAccount.reason":         "Why it is one.",
		"AccountFacets.systems":         "Accounts by the product." + counted,
		"connections":                   "Accounts by the connection, in the order of its number." + counted,
		"AccountFacets.hasMfa":          "Accounts by whether they are protected by multi-factor authentication.",
		"owners":                        "Accounts by whose they are.",
		"count":                         "How many accounts.",
		"MFACounts.true":                "Protected.",
		"MFACounts.false":               "Not protected.",
		"MFACounts.unknown":             "The source does not say.",
		"person":                        "A person's.",
		"service":                       "A program's.",
		"nobody":                        "Neither.",
	}
}
