package openapi

// The texts of what concerns one user beyond the record: documents, background
// checks and policies.

func userPartOperations() map[string]operationText {
	return map[string]operationText{
		"listUsers": {
			tagUsers, "List users",
			"Users with everything that belongs to them, filtered and paged by number, in the order of ids. Different parameters must all hold; the values of one list are alternatives.",
			"A page of users. A page after the last one is empty and no error.",
		},
		"getUserByEmail": {
			tagUsers, "Get a user by e-mail address",
			"The user with an e-mail address, whatever its case.",
			"The user, in full.",
		},
		"listUserPolicies": {
			tagUsers, "List the policies that a user is asked to acknowledge",
			"The policies that are assigned to the user, each in the version that was published last, with when the user accepted that version. Policies that were never published, and those that were archived, ask nobody.",
			"The policies of the user, in the order of their ids.",
		},
		"addBackgroundCheck": {
			tagUsers, "Record a background check",
			"Records that a background check was passed, with where its report is and when it was filed. The person's checks are decided anew at once. One that is recorded already, with the same address and day, changes nothing.",
			"The personnel record of the user after the change.",
		},
		"listUserDocuments": {
			tagUsers, "List the documents of a user",
			"The documents of a user, in the order of ids, filtered and paged by number.",
			"A page of documents. A page after the last one is empty and no error.",
		},
		"addUserDocument": {
			tagUsers, "Add a document to a user",
			"Keeps a file as evidence about a user, sent as a form or in Base64. Its content has to be what its name says. Evidence of a training is to be renewed so many months after `completionDate` (or today, without it) as the company's rules say.",
			"The document.",
		},
		"getUserDocumentLink": {
			tagUsers, "Get a link to the file of a document",
			"Where the file of a document can be fetched without a key: an address of this server that works for 15 minutes, or the address that was recorded with the document.",
			"The link.",
		},
		"deleteUserDocument": {
			tagUsers, "Remove a document from a user",
			"Removes a document. Links to its file end to work at once.",
			"It is gone. There is no body.",
		},
	}
}

func userPartParameters() map[string]parameterText {
	return map[string]parameterText{
		"listUsers.q":      {description: "Text that is found in the first name, the last name, both with a space between, or the e-mail address, whatever its case."},
		"roles[]":          {description: "Users with one of these roles."},
		"excludeRoles[]":   {description: "Users with none of these roles."},
		"includeUserIds[]": {description: "Of these users alone, by their numbers. A number that is no user's is passed over."},
		"excludeUserIds[]": {description: "Not these users, by their numbers."},
		"getUserByEmail.email": {
			description: "The e-mail address, percent-encoded or not; a plus is a plus. `email:` before it is accepted.",
			pattern:     `^(email:)?[^@]+@.+$`,
		},
		"listUserPolicies.id":        {description: "The number of the user."},
		"addBackgroundCheck.userId":  {description: "The number of the user."},
		"addBackgroundCheck.url":     {description: "Where the report is: an address of the web."},
		"addBackgroundCheck.filedAt": {description: "The day on which it was filed; not in the future."},
		"listUserDocuments.id":       {description: "The number of the user."},
		"listUserDocuments.q":        {description: "Text that is found in the name of the document, whatever its case."},
		"listUserDocuments.type":     {description: "What the document is evidence of."},
		"addUserDocument.id":         {description: "The number of the user."},
		"addUserDocument.type":       {description: "What the document is evidence of."},
		"file":                       {description: aboutFile},
		"base64File":                 {description: "The file in Base64: the text of a JSON object like `{\"base64String\": \"data:image/png;base64,…\", \"filename\": \"evidence.png\"}`. The object itself is understood, too. " + aboutFile},
		"completionDate":             {description: "The day on which what the document shows was done."},
		"getUserDocumentLink.id":     {description: "The number of the document."},
		"docId":                      {description: "The number of the document."},
		"deleteUserDocument.userId":  {description: "The number of the user whose document it is."},
	}
}

const aboutFile = "At most 25 MiB of PDF, Word, Excel, PowerPoint, OpenDocument, GIF, JPEG or PNG."

func userPartTypes() map[string]string {
	return map[string]string{
		"UserList":           "A page of users.",
		"UserDocuments":      "Documents of a user.",
		"SignedURL":          "Where the file of a document is.",
		"FileBuffer":         "A text in Base64.",
		"UserPolicyVersions": "What a user is asked to acknowledge.",
		"UserPolicyVersion":  "A policy that a user is asked to acknowledge, in its current version.",
		"PolicyVersion":      "One wording of a policy.",
		"Policy":             "A document of the company that people acknowledge.",
		"PolicyGroup":        "A group whose members are asked to acknowledge a policy.",
	}
}

func userPartTexts() map[string]string {
	const (
		never = "Always `null` here."
		empty = "Always empty here."
	)
	return map[string]string{
		"UserDocuments.documents": "The documents of the page.",
		"signedUrl":               "The address. It works for 15 minutes if it is one of this server.",
		"fileBuffer":              "Always `null` here: texts, which alone would have one, are not accepted.",
		"buffer":                  "The text.",

		"userPolicyVersions":   "The policies, each in its current version.",
		"UserPolicyVersion.id": "The number of the version.",
		"acceptedAt":           "When the user accepted this version; `null`: not yet.",
		"policyVersion":        "The version that was published last.",
		"policy":               "The policy.",

		"PolicyVersion.version":     "Its number within the policy, from 1.",
		"minorVersion":              "Always 0 here: versions are whole numbers.",
		"subVersion":                "Always 0 here: versions are whole numbers.",
		"current":                   "Whether it is the one that was published last.",
		"PolicyVersion.type":        "`AUTHORED` if its text is kept here, `UPLOADED` if it is elsewhere.",
		"PolicyVersion.fileUrl":     "Where its text is, if it is not kept here.",
		"docViewer":                 "Always `NATIVE` here.",
		"PolicyVersion.description": "What the policy is about.",
		"html":                      never,
		"weekTimeFrameSLAs":         empty,
		"p3MatrixSLAs":              empty,
		"gracePeriodSLAs":           empty,
		"PolicyVersion.renewalDate": never,
		"approvedAt":                never,
		"publishedAt":               "When it was published; `null`: it is a draft.",
		"htmlLastUpdated":           never,
		"owner":                     "Who answers for the policy, in short; `null` if nobody does.",
		"changesExplanation":        "What is new in the version.",
		"changeSummary":             never,
		"originalFileName":          never,
		"externalProvider":          never,
		"composedVersion":           "As `version`.",
		"PolicyVersion.status":      "`PUBLISHED` or `DRAFT`.",
		"policyVersionStatus":       "As `status`.",
		"approver":                  never,
		"hasExpiredRenewalDate":     "Always `false` here: there is no date that could have passed.",
		"templateId":                never,
		"currentDescription":        "What it is about.",
		"currentOwner":              "Who answers for it, in short; `null` if nobody does.",
		"versions":                  "Its versions, drafts too, by number.",
		"policyWeekTimeFrameSLAs":   empty,
		"policyGracePeriodSLAs":     empty,
		"policyP3MatrixSLAs":        empty,
		"Policy.groups":             "The groups whose members are asked to acknowledge it.",
		"assignedTo":                "Who is asked to acknowledge it: `ALL`, `GROUPS` or `NONE`.",
		"notifyGroups":              "Always `false` here: nobody is notified.",
		"reminders":                 empty,
		"policyStatus":              "Always `ACTIVE` here: an archived policy asks nobody.",
		"PolicyGroup.description":   never,
		"PolicyGroup.email":         never,
		"PolicyGroup.externalId":    never,
		"PolicyGroup.source":        never,
		"PolicyGroup.domain":        never,
		"PolicyGroup.type":          never,
		"orgUnitPath":               never,
		"membersCount":              "How many people are in it.",
	}
}
