// Reads devices with what belongs to them, and the company's workspaces; adds
// evidence to a device.

import { strict as assert } from "node:assert";
import { done, good, type Schemas, type Wire } from "./client.js";

const limit = 50;
const deviceId = 1;

export async function readDevices(client: Wire): Promise<void> {
  const { data, total } = await good(
    client.GET("/public/devices", {
      params: { query: { limit, "expand[]": ["complianceChecks", "documents", "identifiers"] } },
    }),
  );
  assert(data.length === limit && total > limit, "the demo fills more than one page");
  for (const device of data) await readDevice(client, device);

  const workspaces = await good(client.GET("/public/workspaces", { params: { query: { limit } } }));
  assert.equal(workspaces.data.length, workspaces.total);
}

// readDevice reads a device, what is on it, its documents, and the devices of
// whoever has it.
async function readDevice(client: Wire, device: Schemas["DeviceRecord"]): Promise<void> {
  const path = { deviceId: device.id };
  const { apps, ...whole } = await good(
    client.GET("/public/devices/{deviceId}", {
      params: { path, query: { "expand[]": ["complianceChecks", "documents", "identifiers", "deviceApps"] } },
    }),
  );
  assert.deepEqual(whole, device);
  assert.equal(whole.complianceChecks?.length, whole.deletedAt === null ? 6 : 0, "checks of a device that is in use");

  const bare = await good(client.GET("/public/devices/{deviceId}", { params: { path } }));
  assert.equal(bare.complianceChecks, undefined, "a part that was not asked for is not there");

  const installed = await good(client.GET("/public/devices/{deviceId}/apps", { params: { path, query: { limit } } }));
  assert.deepEqual(installed.data, apps);
  const { documents } = await good(client.GET("/public/devices/{deviceId}/documents", { params: { path } }));
  assert.deepEqual(documents, device.documents);

  const { personnelId } = device;
  const own = await good(
    client.GET("/public/personnel/{personnelId}/devices", { params: { path: { personnelId }, query: { limit } } }),
  );
  assert(own.data.some(({ id }) => id === device.id));
}

export async function changeDevices(client: Wire): Promise<void> {
  const screenshot = "%PDF-1.7 a screenshot";
  const form = new FormData();
  form.set("type", "HARD_DRIVE_ENCRYPTION_EVIDENCE");
  form.set("file", new Blob([screenshot], { type: "application/pdf" }), "Disk.pdf");
  const base64File = JSON.stringify({ base64String: Buffer.from(screenshot).toString("base64"), filename: "Scanner.pdf" });
  const params = { path: { deviceId } };
  const added = [
    await good(
      client.POST("/public/devices/{deviceId}/documents", {
        params,
        body: { type: "HARD_DRIVE_ENCRYPTION_EVIDENCE", base64File },
        bodySerializer: () => form,
      }),
    ),
    await good(
      client.POST("/public/devices/{deviceId}/documents", { params, body: { type: "ANTIVIRUS_EVIDENCE", base64File } }),
    ),
  ];
  assert.deepEqual(added.map(({ name }) => name), ["Disk.pdf", "Scanner.pdf"]);
  for (const document of added) {
    const at = { params: { path: { documentId: document.id } } };
    const { signedUrl, fileBuffer } = await good(client.GET("/public/devices/documents/{documentId}/download", at));
    assert.equal(fileBuffer, null);
    assert.equal(await (await fetch(signedUrl)).text(), screenshot);
    await done(client.DELETE("/public/devices/documents/{documentId}", at));
  }
}
