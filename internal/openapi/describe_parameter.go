package openapi

import "maps"

// parameterText is what people are told of a parameter or body field. A
// pattern is one that the handler, not the binder, asks for.
type parameterText struct {
	description string
	pattern     string
}

// compliant describes a filter by the outcome of a check.
func compliant(check string) parameterText {
	return parameterText{description: "`true`: the check `" + check + "` passes or does not apply. `false`: it fails or cannot be told."}
}

// parameterTexts is the description of every parameter, by operation and name,
// or by name alone where it means the same everywhere.
func parameterTexts() map[string]parameterText {
	out := personnelParameters()
	maps.Copy(out, accountParameters())
	maps.Copy(out, userParameters())
	maps.Copy(out, userPartParameters())
	maps.Copy(out, deviceParameters())
	maps.Copy(out, nativeParameters())
	maps.Copy(out, complianceParameters())
	return out
}

func accountParameters() map[string]parameterText {
	return map[string]parameterText{
		"id":    {description: "The number of the account."},
		"page":  {description: "The number of the page."},
		"limit": {description: "How many records a page has."},
		"sortDir": {
			description: "The direction of the sort. Lower case is understood too.",
		},

		"q":                    {description: "Text that is found in the identity id, the user name or the e-mail address, whatever its case."},
		"clientType":           {description: "Accounts in this kind of system."},
		"connectionId":         {description: "Accounts that came by this connection. A number that is no connection's gives an empty list."},
		"sort":                 {description: "What to sort by. `USER` is the name of the linked user; `HAS_MFA` is no, then yes."},
		"userId":               {description: "The number of the user (not of the personnel record) whose account it is; `null` says that it is nobody's."},
		"toggle":               {description: "Whether the account has the access."},
		"toggleField":          {description: "Which access is meant."},
		"serviceAccount":       {description: "Whether the account is a service account."},
		"serviceAccountReason": {description: "Why, in words; needed in both directions."},
	}
}

func personnelParameters() map[string]parameterText {
	return map[string]parameterText{
		"getPersonnel.id":                {description: "The number of the personnel record."},
		"setPersonnelContractDates.id":   {description: "The number of the personnel record."},
		"setPersonnelStatus.id":          {description: "The number of the personnel record."},
		"resetPersonnelSync.personnelId": {description: "The number of the personnel record."},
		"getPersonnelByEmail.email": {
			description: "The e-mail address, percent-encoded or not; a plus is a plus. `email:` before it is accepted.",
			pattern:     `^(email:)?[^@]+@.+$`,
		},

		"listPersonnel.q":                     {description: "Text that is found in the first name, the last name, both with a space between, or the e-mail address, whatever its case."},
		"employmentStatus":                    {description: "People with this status; together with `employmentStatuses[]`, those whom both select."},
		"setPersonnelStatus.employmentStatus": {description: "The new status."},
		"employmentStatuses[]":                {description: "People with one of these statuses. `ALL_CURRENT_PERSONNEL` is current employees and contractors, `ALL_FORMER_PERSONNEL` the four former statuses, `ALL_PERSONNEL` everyone."},
		"fullCompliance":                      compliant("FULL_COMPLIANCE"),
		"acceptedPoliciesCompliance":          compliant("ACCEPTED_POLICIES"),
		"identityMfaCompliance":               compliant("IDENTITY_MFA"),
		"bgCheckCompliance":                   compliant("BG_CHECK"),
		"agentInstalledCompliance":            compliant("AGENT_INSTALLED"),
		"passwordManagerCompliance":           compliant("PASSWORD_MANAGER"),
		"autoUpdatesCompliance":               compliant("AUTO_UPDATES"),
		"locationServicesCompliance":          compliant("LOCATION_SERVICES"),
		"hdEncryptionCompliance":              compliant("HDD_ENCRYPTION"),
		"antivirusCompliance":                 compliant("ANTIVIRUS"),
		"lockScreenCompliance":                compliant("LOCK_SCREEN"),
		"securityTrainingCompliance":          compliant("SECURITY_TRAINING"),
		"hipaaTrainingCompliance":             compliant("HIPAA_TRAINING"),
		"nistaiTrainingCompliance":            compliant("NIST_AI_TRAINING"),
		"offboardingEvidence":                 compliant("OFFBOARDING"),
		"deviceCompliance":                    {description: "`true`: none of the person's devices in use fails a check. `false`: one does."},
		"multiSecurityTrainingCompliance":     {description: "`true`: the training that `multiTrainingComplianceType` names passes or does not apply. `false`: it fails or cannot be told."},
		"multiTrainingComplianceType":         {description: "The training that `multiSecurityTrainingCompliance` is about; alone it filters nothing."},
		"groupIds":                            {description: "Members of any of these groups. A number that is no group's answers 404."},
		"listPersonnel.sort":                  {description: "What to sort by. A check sorts by `FAIL`, `MISCONFIGURED`, `EXCLUDED`, `PASS`, then by name."},
		"mdmSourceType":                       {description: "People with a device in use that this source reports."},
		"inverseMdmSourceTypes[]":             {description: "People without a device in use from any of these sources."},
		"listPersonnel.email":                 {description: "The person with this e-mail address, whatever its case."},

		"startDate": {description: "The first day."},
		"setPersonnelContractDates.separationDate": {description: "The last day. Left out, it is kept; `null` clears it. Not before `startDate`, and of people who have left, not in the future."},
		"setPersonnelStatus.separationDate":        {description: "The last day. Needed for `FORMER_EMPLOYEE` and `FORMER_CONTRACTOR`, and ignored for the others."},
		"notHumanReason":                           {description: "Why the record is not a person in scope. Needed for `OUT_OF_SCOPE`, and ignored for the others."},
		"personnelIds":                             {description: "The numbers of the personnel records."},
	}
}

func userParameters() map[string]parameterText {
	return map[string]parameterText{
		"getUser.id":          {description: "The number of the user."},
		"cursor":              {description: "`pagination.cursor` of the page before, unchanged. Left out, empty or `undefined`: the first page."},
		"size":                {description: "How many users a page has."},
		"listUsersV2.sort":    {description: "What to sort by; without it, by `createdAt`, or as the cursor says."},
		"listUsersV2.sortDir": {description: "The direction of the sort; without it, `ASC`, or as the cursor says. Lower case is understood too."},
		"expand[]":            {description: "The parts to add. A part that was not asked for is not there; one that was asked for and is empty is `[]`, or `null` for `personnel`."},
		"firstName":           {description: "How the first name begins, whatever its case."},
		"lastName":            {description: "How the last name begins, whatever its case."},
		"includeTotalCount":   {description: "`true` adds `pagination.totalCount` on the first page."},
		"getUserV2.userId": {
			description: "The number of the user, or `email:` and their e-mail address, percent-encoded or not.",
			pattern:     `^email:[^@]+@.+$`,
		},
	}
}
