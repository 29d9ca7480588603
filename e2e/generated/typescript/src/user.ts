// Reads and changes what belongs to one user: documents, background checks,
// policies.

import { strict as assert } from "node:assert";
import { done, good, type Wire } from "./client.js";

const limit = 50;
const id = 1;

export async function readUsersByNumber(client: Wire): Promise<void> {
  const { data, total } = await good(client.GET("/public/users", { params: { query: { limit, "roles[]": ["EMPLOYEE"] } } }));
  assert(data.length === limit && total > limit, "the demo fills more than one page");
  for (const user of data) {
    const path = { id: user.id };
    const byEmail = await good(client.GET("/public/users/{email}/email", { params: { path: { email: user.email } } }));
    assert.deepEqual(byEmail, user);
    const { documents } = await good(client.GET("/public/users/{id}/documents", { params: { path, query: { limit } } }));
    assert.deepEqual(documents, user.documents?.[0]?.data);
    const { userPolicyVersions } = await good(client.GET("/public/users/{id}/policies", { params: { path } }));
    for (const { policy, policyVersion, acceptedAt } of userPolicyVersions) {
      assert(policyVersion.current && policy.versions.some((version) => version.id === policyVersion.id));
      assert(acceptedAt === null || acceptedAt.endsWith("Z"));
    }
  }
}

export async function changeUsers(client: Wire): Promise<void> {
  const certificate = "%PDF-1.7 a certificate";
  const form = new FormData();
  form.set("type", "SEC_TRAINING");
  form.set("completionDate", "2020-07-06");
  form.set("file", new Blob([certificate], { type: "application/pdf" }), "Certificate.pdf");
  const base64File = JSON.stringify({ base64String: Buffer.from(certificate).toString("base64"), filename: "Key.pdf" });
  const params = { path: { id } };
  const added = [
    await good(
      client.POST("/public/users/{id}/documents", {
        params,
        body: { type: "SEC_TRAINING", base64File },
        bodySerializer: () => form,
      }),
    ),
    await good(client.POST("/public/users/{id}/documents", { params, body: { type: "MFA_EVIDENCE", base64File } })),
  ];
  assert.deepEqual(added.map(({ name }) => name), ["Certificate.pdf", "Key.pdf"]);
  for (const document of added) {
    const { signedUrl, fileBuffer } = await good(
      client.GET("/public/users/documents/{id}/download", { params: { path: { id: document.id } } }),
    );
    assert.equal(fileBuffer, null);
    assert.equal(await (await fetch(signedUrl)).text(), certificate);
    await done(
      client.DELETE("/public/users/documents/{docId}/{userId}", { params: { path: { docId: document.id, userId: id } } }),
    );
  }
  const checked = await good(
    client.POST("/public/background-check/{userId}/manual", {
      params: { path: { userId: id } },
      body: { url: "https://checks.example.com/reports/1", filedAt: "2020-07-06" },
    }),
  );
  assert(checked.user.backgroundChecks?.some(({ manualCheckDate }) => manualCheckDate === "2020-07-06"));
}
