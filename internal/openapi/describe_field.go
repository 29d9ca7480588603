package openapi

import "maps"

// typeTexts is the description of every type of an answer, by its name in the
// document.
func typeTexts() map[string]string {
	out := compatibleTypes()
	maps.Copy(out, userPartTypes())
	maps.Copy(out, devicePartTypes())
	maps.Copy(out, nativeTypes())
	maps.Copy(out, complianceTypes())
	return out
}

func compatibleTypes() map[string]string {
	return map[string]string{
		"User": "A user with their background checks, identities and documents. Users nest: an identity has its user. " +
			"The nested one is short: without `backgroundChecks` and `documents`, and with empty `identities`.",
		"BackgroundCheck":           "A background check of a user.",
		"Documents":                 "The documents of a user, in the form of a page that always holds all of them.",
		"Document":                  "A piece of evidence that a user handed in.",
		"Identity":                  "The account of a user in an identity provider or HR system.",
		"Connection":                "The system that an identity or account comes from.",
		"ProviderType":              "A kind of facts that a connection brings.",
		"Workspace":                 "A product of the company that connections are tied to.",
		"Personnel":                 "A personnel record.",
		"PersonnelListItem":         "A personnel record in a list: the record, two settings of the company, and counts of devices.",
		"PersonnelList":             "A page of personnel records.",
		"ComplianceCheck":           "How a requirement came out for a person.",
		"ComplianceTest":            "A test of the whole company that touches a person. There are none here.",
		"PersonnelData":             "The device of the person that is in use and was seen last. Without one, every member is `null` but the times, which are then those of the record.",
		"Device":                    "A computer or phone of a person. A flag is `null` where the source does not tell.",
		"DeviceCheck":               "How a requirement came out for a device.",
		"DeviceIdentifier":          "One of the names by which a device is known.",
		"DeviceDocument":            "Evidence about a device.",
		"InfrastructureAccount":     "An account in an infrastructure system.",
		"InfrastructureAccountList": "A page of infrastructure accounts.",
		"VersionControlAccount":     "An account in a version-control system.",
		"VersionControlAccountList": "A page of version-control accounts.",

		"UserV2":            "A user, with the parts that were asked for.",
		"UserListV2":        "A page of users.",
		"PaginationV2":      "How to go on.",
		"BackgroundCheckV2": "A background check of a user.",
		"DocumentV2":        "A piece of evidence that a user handed in.",
		"IdentityV2":        "The account of a user in an identity provider or HR system.",
		"ConnectionV2":      "The system that an identity comes from, in short.",
		"PersonnelV2":       "The personnel record of a user, without the user.",
	}
}

// fieldTexts is the description of every member of an answer: by type and
// name, or by name alone where it means the same everywhere.
func fieldTexts() map[string]string {
	out := map[string]string{}
	for _, more := range []map[string]string{
		sharedTexts(), backgroundCheckTexts(), connectionTexts(), personnelTexts(), deviceTexts(), accountTexts(),
		secondVersionTexts(), nativeTexts(), complianceTexts(), evidenceTexts(), userPartTexts(), devicePartTexts(),
	} {
		maps.Copy(out, more)
	}
	return out
}

// sharedTexts is the fields that mean the same in several types.
func sharedTexts() map[string]string {
	return map[string]string{
		"id":        "The number of the record.",
		"createdAt": "When the record was made.",
		"updatedAt": "When the record was last changed.",

		"data":  "The records of the page.",
		"page":  "The number of the page, from 1.",
		"limit": "How many records a page has, as asked for.",
		"total": "How many records there are on all pages.",

		"email":              "The e-mail address.",
		"firstName":          "The first name.",
		"lastName":           "The last name.",
		"jobTitle":           "The job title.",
		"entryId":            "A UUID that never changes.",
		"avatarUrl":          "Where their picture is.",
		"drataTermsAgreedAt": "When they agreed to the terms of the product.",
		"roles":              "What they may do in the original product.",
		"backgroundChecks":   "Their background checks.",
		"identities":         "Their accounts in identity providers and HR systems.",
		"userId":             "The number of the user.",

		"employmentStatus": "Their relation to the company.",
		"notHumanReason":   "Why the record is not a person in scope.",
		"osVersion":        "The operating system with its version.",
		"serialNumber":     "The serial number.",
		"macAddress":       "The MAC address.",
		"agentVersion":     "The version of the agent on it.",
		"screenLockTime":   "After how many seconds the screen locks.",
		"startDate":        "The first day.",
		"separationDate":   "The last day.",
		"statusUpdatedAt":  "When the status was set by hand.",
		"complianceChecks": "How each of the fifteen requirements came out, always all of them.",

		"status":         "How it came out.",
		"expiresAt":      "When the outcome ends to hold.",
		"checkFrequency": "How often it is made.",
		"lastCheckedAt":  "When it was last looked at.",

		"name":        "What it is called.",
		"fileUrl":     "Where the file is.",
		"renewalDate": "When it has to be renewed.",

		"identityId":     "The id in the system itself.",
		"username":       "The user name in the system.",
		"connectedAt":    "Since when it is connected.",
		"disconnectedAt": "Since when it is no longer connected.",
		"hasMfa":         "Whether it is protected by multi-factor authentication. `null`: the source does not say.",
		"connection":     "Where it comes from.",
		"clientType":     "The product.",
		"clientId":       "The id of the client or tenant at the product.",
		"clientAlias":    "A name that people gave the connection.",
		"state":          "Whether the connection works.",
		"failedAt":       "When it last failed.",
		"deletedAt":      "When it was deleted.",

		"secondaryEmail": "Another e-mail address that the source knows.",
		"startedAt":      "The first day that the source knows.",
		"separatedAt":    "The last day that the source knows.",
		"isContractor":   "Whether the source calls them a contractor. `null`: it does not say.",
		"managerId":      "The manager's id at the same source.",
		"managerName":    "The manager's name at the source.",
	}
}

func backgroundCheckTexts() map[string]string {
	return map[string]string{
		"caseId":                 "The id of the case at the provider.",
		"caseInvitationId":       "The id of the invitation at the provider.",
		"BackgroundCheck.url":    "Where the report is.",
		"manualCheckDate":        "The day on which it was made by hand.",
		"manuallyCheckUrl":       "Where the result of a check by hand is.",
		"BackgroundCheck.type":   "Who made it.",
		"BackgroundCheck.source": "Where it came from.",
		"reportData":             "What the provider reported, as text.",
		"BackgroundCheck.user":   "Whom it is about, in short.",
		"outOfScopeReason":       "Why the person needs none.",
		"outOfScopeAt":           "When somebody said that the person needs none.",
		"invitationEmail":        "Where the invitation was sent.",
		"linkedAt":               "When it was matched with the person.",
		"Documents.data":         "All the documents.",
		"Documents.page":         "Always 1.",
		"Documents.limit":        "10, or the number of documents if there are more.",
		"Documents.total":        "How many documents there are.",
		"Document.type":          "What it is evidence of.",
		"User.documents":         "Their documents: a list with one page in it, which holds all of them.",
	}
}

func connectionTexts() map[string]string {
	return map[string]string{
		"Identity.user":          "Whose it is, in short.",
		"hasIdp":                 "Whether the source is an identity provider.",
		"connected":              "Whether it works now.",
		"Connection.connectedAt": "When it was connected.",
		"companyId":              "The number of the company at the product.",
		"assignmentId":           "The id of the assignment at the product.",
		"Connection.user":        "Who set it up: in full on an account, in short in an identity.",
		"accountId":              "The id of the account at the product.",
		"manuallyUpdatedAt":      "When somebody last changed it by hand.",
		"aliasUpdatedAt":         "When its alias was last changed.",
		"requestorId":            "Always `null` here.",
		"product":                "Always an empty object here.",
		"writeAccessEnabled":     "Whether the connection may change things at the product.",
		"sourcePreference":       "Which of several sources at the product is preferred.",
		"securityLabel":          "The label that marks security issues at the product.",
		"jqlQuery":               "The query that selects issues at the product.",
		"authorized":             "Whether the product let us in.",
		"workspaces":             "The products of the company that it is tied to.",
		"providerTypes":          "What kinds of facts it brings.",
		"Connection.code":        "An error code while the connection does not work, else `null`.",
		"groupLabel":             "The label that marks groups at the product.",
		"ProviderType.value":     "The kind of facts.",
		"isEnabled":              "Whether the connection brings it.",
		"Workspace.description":  "What it is.",
		"howItWorks":             "How it works.",
		"Workspace.url":          "Where it is.",
		"logo":                   "Where its logo is.",
		"primary":                "Whether it is the main one.",
	}
}

func personnelTexts() map[string]string {
	return map[string]string{
		"Personnel.osVersion":           "Of the device in use that was seen last: its operating system with the version.",
		"Personnel.serialNumber":        "Of the device in use that was seen last: its serial number.",
		"Personnel.user":                "The person.",
		"reasonProvider":                "Who said why the record is not a person in scope.",
		"complianceTests":               "Always empty here.",
		"Personnel.data":                "The device in use that was seen last.",
		"devices":                       "Their devices, also those no longer in use.",
		"agentEnabled":                  "Whether the company uses the agent.",
		"manualUploadEnabled":           "Whether people may hand in evidence by hand.",
		"devicesCount":                  "How many devices are in use.",
		"devicesFailingComplianceCount": "How many of the devices in use fail a check.",
		"dataAll":                       "Always an empty object.",
		"ComplianceCheck.type":          "The requirement.",
		"completionDate":                "When the person met it.",
		"lastcheckedAt":                 "When the device was last looked at.",
		"PersonnelData.createdAt":       "When the device, or without one the personnel record, was made.",
		"PersonnelData.updatedAt":       "When the device, or without one the personnel record, was last changed.",
	}
}

func deviceTexts() map[string]string {
	const explained = "What the source said about it: any JSON value, or `null`."
	return map[string]string{
		"model":                      "The model.",
		"encryptionEnabled":          "Whether the disk is encrypted.",
		"encryptionExplanation":      explained,
		"firewallEnabled":            "Whether the firewall is on.",
		"firewallExplanation":        explained,
		"Device.lastCheckedAt":       "When the source last saw it.",
		"sourceType":                 "The system that reports it.",
		"Device.deletedAt":           "Since when it is no longer in use.",
		"appsCount":                  "How many apps are on it.",
		"Device.complianceChecks":    "How the requirements of devices came out.",
		"identifiers":                "The names by which it is known.",
		"Device.documents":           "Evidence about it.",
		"isDeviceCompliant":          "Whether no check of it fails.",
		"screenLockExplanation":      explained,
		"antivirusEnabled":           "Whether an antivirus program runs.",
		"antivirusExplanation":       explained,
		"autoUpdateEnabled":          "Whether updates are installed by themselves.",
		"autoUpdateExplanation":      explained,
		"passwordManagerEnabled":     "Whether a password manager is installed.",
		"passwordManagerExplanation": explained,
		"DeviceCheck.type":           "The requirement.",
		"DeviceIdentifier.type":      "What kind of name it is, such as `SERIAL_NUMBER`, `MAC_ADDRESS`, `HARDWARE_UUID` or `EXTERNAL_ID`.",
		"identifier":                 "The name itself.",
		"DeviceDocument.type":        "What it is evidence of.",
	}
}

func accountTexts() map[string]string {
	return map[string]string{
		"serviceAccount":           "Since when it is a service account; `null` when it is none.",
		"serviceAccountReason":     "Why it is a service account.",
		"Account.user":             "Whose it is; `null` when it is nobody's.",
		"serviceAccountDesignator": "Who said that it is a service account.",
		"adminAccess":              "Since when admin access is declared; `null` when it is not.",
		"dbAccess":                 "Since when database access is declared; `null` when it is not.",
		"writeAccess":              "Since when write access is declared; `null` when it is not.",
		"pushProductionCodeAccess": "Since when it is declared that it may push code for production; `null` when it is not.",
	}
}

func secondVersionTexts() map[string]string {
	const onDemand = " Only if asked for with `expand[]`."
	return map[string]string{
		"UserV2.roles":            "What they may do in the original product." + onDemand,
		"UserV2.backgroundChecks": "Their background checks." + onDemand,
		"UserV2.documents":        "Their documents." + onDemand,
		"UserV2.identities":       "Their accounts in identity providers and HR systems." + onDemand,
		"UserV2.personnel":        "Their personnel record; `null` if there is none." + onDemand,
		"pagination":              "How to go on.",
		"PaginationV2.cursor":     "What to send for the next page; `null` on the last one.",
		"totalCount":              "How many users there are on all pages. Only on the first page, if asked for.",
		"connectionId":            "The number of the connection.",
		"PersonnelV2.startedAt":   "The first day, as its midnight in UTC.",
		"PersonnelV2.separatedAt": "The last day, as its midnight in UTC.",
	}
}
