package openapi

import "maps"

// What is said of rules, policies, evidence, exclusions and groups, below
// /native/v1.

const tagCompliance = "Compliance (native)"

func complianceTags() []tag {
	return []tag{{tagCompliance, "What the company asks of people, the evidence that they meet it, and why each check is what it is."}}
}

const (
	aboutAssessed = "Whoever it touches is assessed again: in the same transaction if they are at most 256 people, otherwise right after the answer, some thousands a second."
	aboutRepeated = "To say what is so already changes nothing and is not logged."
	aboutClosed   = "A field that is not known here is refused."
)

func complianceOperations() map[string]operationText {
	out := ruleOperations()
	maps.Copy(out, policyOperations())
	maps.Copy(out, evidenceOperations())
	return out
}

func ruleOperations() map[string]operationText {
	const (
		explained = "All fifteen checks of a person, decided on what is known now: how each came out, why, what to do about it, on which records that rests, and when it can change although no fact does. The sentences are in English and may be improved; compare the codes."
		ruled     = "The rules after the change."
		partial   = "Fields that are left out, and checks that are not named, stay as they are; `[]` empties a list."
	)
	return map[string]operationText{
		"explainPerson":        {tagCompliance, "Explain the checks of a person", explained, "The checks with their reasons."},
		"explainPersonByEmail": {tagCompliance, "Explain the checks of a person, by e-mail address", explained, "The checks with their reasons."},
		"getRules": {
			tagCompliance, "Get the rules",
			"What the company asks for with each check: of whom, how often it has to be met again, which sources count, and what nothing on record means.",
			"The rules.",
		},
		"setRules": {
			tagCompliance, "Replace the rules",
			paragraphs("Sets the rules of all fifteen checks. What `GET` gives can be changed and sent back. A list that is left out is empty, and a `missingRecord` that is left out is that of a new company.", aboutAssessed+" "+aboutRepeated+" "+aboutClosed),
			ruled,
		},
		"updateRules": {tagCompliance, "Change some rules", paragraphs(partial, aboutAssessed+" "+aboutRepeated+" "+aboutClosed), ruled},
		"resetRules":  {tagCompliance, "Go back to the rules of a new company", aboutAssessed, ruled},
		"previewRules": {
			tagCompliance, "See whom a change of the rules would flip",
			paragraphs("Takes what changing the rules takes, or all the rules, and changes nothing. It decides the checks of everybody whom the change touches, which takes some seconds for each hundred thousand people.", partial),
			"How many would flip, and the first of them, by the number of the personnel record.",
		},
	}
}

func policyOperations() map[string]operationText {
	return map[string]operationText{
		"listPolicies": {tagCompliance, "List policies", "Every policy, archived ones too, without its wording, in the order of ids.", "All policies."},
		"getPolicy":    {tagCompliance, "Get a policy", "A policy with all its versions.", "The policy."},
		"createPolicy": {
			tagCompliance, "Add a policy",
			"Adds a policy without a version: nobody has to acknowledge it until one is published. It is assigned to `ALL` unless something else is said. No two policies have one name, whatever its case. " + aboutClosed,
			"The policy.",
		},
		"updatePolicy": {
			tagCompliance, "Change a policy",
			paragraphs("Changes the fields that are given. `null` removes a description or an owner. Another assignment than `GROUPS` removes the groups.", aboutAssessed+" "+aboutRepeated+" "+aboutClosed),
			"The policy after the change.",
		},
		"addPolicyVersion": {
			tagCompliance, "Add a version to a policy",
			"Adds a draft with the next number: its text, or where it is. Nobody has to acknowledge it until it is published. " + aboutClosed,
			"The version.",
		},
		"updatePolicyVersion": {
			tagCompliance, "Change a draft of a policy",
			"Changes the fields that are given; `null` removes one. A published version never changes. " + aboutRepeated + " " + aboutClosed,
			"The version after the change.",
		},
		"publishPolicyVersion": {
			tagCompliance, "Publish a version of a policy",
			paragraphs("From now on, everybody to whom the policy is assigned has to acknowledge this version, unless a later one is published. To publish what is published changes nothing.", aboutAssessed),
			"The version, published.",
		},
		"listGroups":  {tagCompliance, "List groups", "Every group, in the order of ids.", "All groups."},
		"createGroup": {tagCompliance, "Add a group", "Adds a group without members. No two groups have one name, whatever its case. " + aboutClosed, "The group."},
		"renameGroup": {tagCompliance, "Rename a group", aboutRepeated + " " + aboutClosed, "The group after the change."},
		"deleteGroup": {tagCompliance, "Remove a group", "Removes a group with its memberships. One that a policy, a rule or an exclusion names, past ones too, is refused.", "It is gone. There is no body."},
		"listMembers": {tagCompliance, "List the members of a group", "The numbers of the personnel records of the members, ascending. Leave `cursor` out for the first page; then send `pagination.cursor` of the page before until it is `null`. The people themselves are in the list of people, with `groupIds[]`.", "A page of members."},
		"changeMembers": {
			tagCompliance, "Add and remove members of a group",
			paragraphs("At most 1,000 people in one request. Who is in the group already, or not in it, stays so. One person who does not exist refuses the whole request.", aboutAssessed+" "+aboutClosed),
			"It is done. There is no body.",
		},
	}
}

func evidenceOperations() map[string]operationText {
	return map[string]operationText{
		"listAcknowledgements": {tagCompliance, "List what a user has acknowledged", "Every version of a policy that the user has accepted, by policy and version.", "All of them."},
		"acknowledgePolicy": {
			tagCompliance, "Record that a user has acknowledged a policy",
			"Records that the user has accepted a published version, by default the current one. Said again of a later time, it is renewed; of the same or an earlier one, nothing changes. " + aboutClosed,
			"What is on record of it now.",
		},
		"listTrainings": {tagCompliance, "List the trainings of a user", "What is on record of the user's trainings, in the order of ids.", "All of them."},
		"recordTraining": {
			tagCompliance, "Record how far a user is with a training",
			"Takes the place of what was said of the same course before. A training is completed from `completedAt` on; completed without it, nobody can tell for how long it counts. " + aboutRepeated + " " + aboutClosed,
			"What is on record of it now.",
		},
		"deleteTraining": {tagCompliance, "Take a training off a user's record", "Removes it. The person's checks are decided anew at once.", "It is gone. There is no body."},
		"listExclusions": {tagCompliance, "List exclusions", "Exclusions, past and future ones too, in the order of ids. Different parameters must all hold.", "All of them."},
		"createExclusion": {
			tagCompliance, "Free a person or a group from checks",
			paragraphs("Frees one person, or the members of one group, from checks for a time. It begins and ends by itself, at the instant.", aboutAssessed+" "+aboutClosed),
			"The exclusion.",
		},
		"endExclusion": {
			tagCompliance, "End an exclusion",
			"Ends it now, or when `endsAt` says. One that has not begun never will; one that has ended stays as it was. " + aboutClosed,
			"The exclusion after the change.",
		},
	}
}

func complianceParameters() map[string]parameterText {
	const moment = " A date is the midnight at which it begins where the company is."
	out := map[string]parameterText{
		"explainPersonByEmail.email": {description: "The e-mail address, percent-encoded or not, whatever its case; a plus is a plus."},
		"checks":                     {description: "The rules, by the check."},
		"checks.required":            {description: "`false`: it is asked of nobody."},
		"checks.statuses":            {description: "It is asked of people with these employment statuses."},
		"checks.groupIds":            {description: "It is asked only of members of any of these groups; empty: of everybody."},
		"checks.renewalMonths":       {description: "After how many months it has to be met again; 0: never. Acknowledgements, background checks and trainings only."},
		"checks.frequency":           {description: "What to show as its frequency. Outcomes are kept current at any time."},
		"checks.sources":             {description: "The sources of devices that count, the most trusted first; empty: all of them. Checks of devices only."},
		"checks.missingRecord":       {description: "How it comes out if nothing is on record. Background checks and trainings only."},
		"screenLockSeconds":          {description: "After how many seconds without use a screen must lock at the latest."},
		"reportingDays":              {description: "How many days ago a device may have reported last."},
		"updatedAt":                  {description: "As `GET` gives it, so that its answer can be sent back. It does not count."},
		"previewRules.limit":         {description: "How many flips to show."},
		"assignedTo":                 {description: "Who is asked to acknowledge it."},
		"ownerId":                    {description: "The number of the user who answers for it."},
		"archived":                   {description: "`true`: nobody has to acknowledge it any more. `false`: it is in force again."},
		"text":                       {description: "The wording, as plain text or Markdown."},
		"url":                        {description: "Where the wording is, if not here."},
		"version":                    {description: "The number of the version within the policy."},
		"policyId":                   {description: "The number of the policy."},
		"acknowledgePolicy.version":  {description: "Which version; left out: the one that was published last."},
		"acknowledgedAt":             {description: "When; left out: now. Not in the future." + moment},
		"recordTraining.type":        {description: "The check that it is for."},
		"course":                     {description: "What it is called; left out: as its type."},
		"state":                      {description: "How far it has come."},
		"assignedAt":                 {description: "Since when it has to be done; left out: as before." + moment},
		"completedAt":                {description: "When it was completed; `null`: not known. Not in the future." + moment},
		"trainingId":                 {description: "The number of the training."},
		"listExclusions.personnelId": {description: "Of this person, and of the groups that they are in. A number that is nobody's answers 404."},
		"listExclusions.groupId":     {description: "Of this group."},
		"active":                     {description: "Whether it is in force now."},
		"createExclusion.personnelId": {
			description: "The number of the personnel record of the person. Either this or `groupId` is needed.",
		},
		"createExclusion.groupId": {description: "The number of the group. Either this or `personnelId` is needed."},
		"createExclusion.checks":  {description: "From which checks. `FULL_COMPLIANCE` follows from the others."},
		"reason":                  {description: "Why, in words: an auditor will read it."},
		"startsAt":                {description: "From when on; left out: now." + moment},
		"createExclusion.endsAt":  {description: "Until when, not included; left out: until somebody ends it." + moment},
		"endExclusion.endsAt":     {description: "When it ends; left out: now. Not in the past." + moment},
		"listMembers.limit":       {description: "How many members a page has."},
		"listMembers.cursor":      {description: "`pagination.cursor` of the page before, unchanged. Left out or empty: the first page."},
		"add":                     {description: "The numbers of the personnel records of those who are to be in it."},
		"remove":                  {description: "The numbers of the personnel records of those who are no longer to be in it."},
	}
	for what, operations := range map[string][]string{
		"The number of the personnel record.": {"explainPerson.id"},
		"The number of the policy.":           {"getPolicy.id", "updatePolicy.id", "addPolicyVersion.id", "updatePolicyVersion.id", "publishPolicyVersion.id"},
		"The number of the user.":             {"listAcknowledgements.id", "acknowledgePolicy.id", "listTrainings.id", "recordTraining.id", "deleteTraining.id"},
		"The number of the exclusion.":        {"endExclusion.id"},
		"The number of the group.":            {"renameGroup.id", "deleteGroup.id", "listMembers.id", "changeMembers.id"},
		"What it is called.":                  {"createPolicy.name", "updatePolicy.name", "createGroup.name", "renameGroup.name"},
		"What it is about.":                   {"createPolicy.description", "updatePolicy.description"},
		"What is new in it.":                  {"addPolicyVersion.description", "updatePolicyVersion.description"},
		"The groups whose members are asked to acknowledge it; with `GROUPS`, and only then.": {"createPolicy.groupIds", "updatePolicy.groupIds"},
	} {
		for _, key := range operations {
			out[key] = parameterText{description: what}
		}
	}
	return out
}
