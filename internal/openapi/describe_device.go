package openapi

// The texts of devices, their documents, and workspaces.

const (
	tagDevices    = "Devices"
	tagWorkspaces = "Workspaces"
)

func deviceTags() []tag {
	return []tag{
		{tagDevices, "Computers and phones of people, with what their sources say of their protection, and documents as evidence of it."},
		{tagWorkspaces, "The products of the company."},
	}
}

func deviceOperations() map[string]operationText {
	const (
		parts = " The parts that `expand[]` names are there only if they were asked for. Devices that are no longer in use are among them, with `deletedAt`."
		page  = "A page of devices. A page after the last one is empty and no error."
		anew  = " The checks of whoever has the device are decided anew at once."
	)
	return map[string]operationText{
		"listDevices": {
			tagDevices, "List devices",
			"Devices, filtered and paged by number, in the order of ids. Different parameters must all hold." + parts,
			page,
		},
		"listPersonnelDevices": {
			tagDevices, "List the devices of a person",
			"The devices of one person, filtered and paged by number, in the order of ids." + parts,
			page,
		},
		"getDevice": {
			tagDevices, "Get a device",
			"One device, also one that is no longer in use. The parts that `expand[]` names are there only if they were asked for.",
			"The device.",
		},
		"listDeviceApps": {
			tagDevices, "List the apps on a device",
			"The applications that the source found on a device, paged by number, in the order of ids.",
			"A page of apps. A page after the last one is empty and no error.",
		},
		"listDeviceDocuments": {
			tagDevices, "List the documents of a device",
			"All documents of a device, in the order of ids; with `type`, those of one type.",
			"The documents.",
		},
		"addDeviceDocument": {
			tagDevices, "Add a document to a device",
			"Keeps a file as evidence about a device, sent as a form or in Base64. Its content has to be what its name says. It stands for what the source does not say." + anew,
			"The document.",
		},
		"getDeviceDocumentLink": {
			tagDevices, "Get a link to the file of a device document",
			"Where the file of a document can be fetched without a key: an address of this server that works for 15 minutes, or the address that was recorded with the document.",
			"The link.",
		},
		"deleteDeviceDocument": {
			tagDevices, "Remove a document from a device",
			"Removes a document. Links to its file end to work at once." + anew,
			"It is gone. There is no body.",
		},
		"listWorkspaces": {
			tagWorkspaces, "List workspaces",
			"The products of the company, filtered and paged by number, in the order of ids.",
			"A page of workspaces. A page after the last one is empty and no error.",
		},
	}
}

func deviceParameters() map[string]parameterText {
	const expand = "Parts to be there: the outcomes of the checks, the documents, the names by which it is known. `asset` is understood and adds nothing: there are no assets here."
	return map[string]parameterText{
		"externalId":                       {description: "Devices to which their source gives this id, exactly."},
		"macAddress":                       {description: "Devices with this MAC address, whatever its case. Where a source gives several in one text, it is that text."},
		"serialNumber":                     {description: "Devices with this serial number, whatever its case."},
		"sourceType":                       {description: "Devices that this system reports."},
		"listDevices.expand[]":             {description: expand},
		"listPersonnelDevices.expand[]":    {description: expand},
		"getDevice.expand[]":               {description: expand + " `deviceApps` adds `apps`."},
		"listDevices.personnelId":          {description: "Devices of this person, by the number of the personnel record. A number that is nobody's gives an empty list."},
		"listPersonnelDevices.personnelId": {description: "The number of the personnel record."},
		"deviceId":                         {description: "The number of the device."},
		"listDeviceDocuments.type":         {description: "What the document is evidence of."},
		"addDeviceDocument.type":           {description: "What the document is evidence of."},
		"documentId":                       {description: "The number of the document; device documents are numbered apart from those of users."},
		"listWorkspaces.q":                 {description: "Text that is found in the name, whatever its case."},
	}
}

func devicePartTypes() map[string]string {
	return map[string]string{
		"DeviceRecord":     "A device with whose it is, and with the parts that were asked for. A flag is `null` where the source does not tell.",
		"DeviceRecordList": "A page of devices.",
		"DeviceApp":        "An application on a device.",
		"DeviceAppList":    "A page of apps.",
		"DeviceDocuments":  "The documents of a device.",
		"WorkspaceList":    "A page of workspaces.",
	}
}

func devicePartTexts() map[string]string {
	return map[string]string{
		"DeviceRecord.lastCheckedAt":    "When the source last saw it.",
		"DeviceRecord.deletedAt":        "Since when it is no longer in use.",
		"DeviceRecord.complianceChecks": "How the requirements of devices came out.",
		"DeviceRecord.documents":        "Evidence about it.",
		"DeviceRecord.userId":           "The number of the user who has it.",
		"DeviceRecord.personnelId":      "The number of the personnel record of whoever has it.",
		"DeviceRecord.externalId":       "The id that its source gives it.",
		"apps":                          "The applications on it.",
		"installedApp":                  "Its name as the source tells it, with the version where that is known.",
		"DeviceDocuments.documents":     "The documents, all of them.",
	}
}
