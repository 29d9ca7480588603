// Has rules, policies, evidence, exclusions and groups come about, change and go.

import { strict as assert } from "node:assert";
import { done, good, type Wire } from "./client.js";

const id = 1;
const params = { path: { id } };

export async function changeCompliance(client: Wire): Promise<void> {
  await explain(client);
  await changeRules(client);
  await changePolicies(client);
  await changeTrainings(client);
  await changeExclusions(client);
  await changeGroups(client);
}

async function explain(client: Wire): Promise<void> {
  const { email } = await good(client.GET("/native/v1/people/{id}/compliance", { params }));
  const { checks, personnelId } = await good(
    client.GET("/native/v1/people/email/{email}/compliance", { params: { path: { email } } }),
  );
  assert.equal(personnelId, id);
  assert.equal(checks.length, 15);
  for (const { type, reasons } of checks) assert(reasons[0]?.message, `${type} has no reason`);
}

async function changeRules(client: Wire): Promise<void> {
  const rules = "/native/v1/compliance/rules";
  const before = await good(client.GET(rules));
  const preview = await good(
    client.POST("/native/v1/compliance/rules/preview", { params: { query: { limit: 2 } }, body: { screenLockSeconds: 1 } }),
  );
  assert(preview.flips.length <= 2 && preview.assessed > 0);
  const changed = await good(client.PATCH(rules, { body: { checks: { LOCK_SCREEN: { required: false } } } }));
  assert.equal(changed.checks.LOCK_SCREEN.required, false);

  // What was read can be sent back.
  const back = await good(client.PUT(rules, { body: before }));
  assert.equal(back.checks.LOCK_SCREEN.required, true);
  await good(client.DELETE(rules));
}

async function changePolicies(client: Wire): Promise<void> {
  const made = await good(client.POST("/native/v1/policies", { body: { name: "Of another stranger", ownerId: id } }));
  const policy = { path: { id: made.id } };
  const changed = await good(client.PATCH("/native/v1/policies/{id}", { params: policy, body: { ownerId: null } }));
  assert.equal(changed.ownerId, null);
  assert.equal(changed.currentVersion, null);

  const { version } = await good(client.POST("/native/v1/policies/{id}/versions", { params: policy, body: { text: "x" } }));
  const one = { path: { id: made.id, version } };
  await good(client.PATCH("/native/v1/policies/{id}/versions/{version}", { params: one, body: { text: "y" } }));
  const published = await good(client.POST("/native/v1/policies/{id}/versions/{version}/publish", { params: one }));
  assert.notEqual(published.publishedAt, null);
  assert.equal(published.text, "y");

  await good(
    client.POST("/native/v1/users/{id}/acknowledgements", { params, body: { policyId: made.id, acknowledgedAt: "2025-01-31" } }),
  );
  const accepted = await good(client.GET("/native/v1/users/{id}/acknowledgements", { params }));
  assert(accepted.data.some(({ policyId }) => policyId === made.id));
  assert((await good(client.GET("/native/v1/policies"))).data.some((other) => other.id === made.id));
  assert.equal((await good(client.GET("/native/v1/policies/{id}", { params: policy }))).versions.length, 1);
}

async function changeTrainings(client: Wire): Promise<void> {
  const { id: trainingId } = await good(
    client.POST("/native/v1/users/{id}/trainings", {
      params,
      body: { type: "SECURITY_TRAINING", course: "Of a stranger", state: "COMPLETED", completedAt: "2025-01-31T09:30:00+01:00" },
    }),
  );
  const { data } = await good(client.GET("/native/v1/users/{id}/trainings", { params }));
  assert(data.some((training) => training.id === trainingId));
  await done(client.DELETE("/native/v1/users/{id}/trainings/{trainingId}", { params: { path: { id, trainingId } } }));
}

async function changeExclusions(client: Wire): Promise<void> {
  const made = await good(
    client.POST("/native/v1/exclusions", {
      body: { personnelId: id, checks: ["BG_CHECK"], reason: "Of a stranger", endsAt: "2999-01-01" },
    }),
  );
  const active = await good(client.GET("/native/v1/exclusions", { params: { query: { personnelId: id, active: true } } }));
  assert(active.data.some((exclusion) => exclusion.id === made.id));
  const ended = await good(client.POST("/native/v1/exclusions/{id}/end", { params: { path: { id: made.id } }, body: {} }));
  assert(ended.endsAt !== null && made.endsAt !== null && ended.endsAt < made.endsAt);
}

async function changeGroups(client: Wire): Promise<void> {
  const made = await good(client.POST("/native/v1/groups", { body: { name: "Of a stranger" } }));
  const group = { path: { id: made.id } };
  await good(client.PATCH("/native/v1/groups/{id}", { params: group, body: { name: "Of strangers" } }));
  await done(client.POST("/native/v1/groups/{id}/members", { params: group, body: { add: [1, 2] } }));
  const members = await good(
    client.GET("/native/v1/groups/{id}/members", { params: { ...group, query: { limit: 1 } } }),
  );
  assert.deepEqual(members.data, [1]);
  assert.notEqual(members.pagination.cursor, null);
  assert((await good(client.GET("/native/v1/groups"))).data.some((other) => other.id === made.id));
  await done(client.DELETE("/native/v1/groups/{id}", { params: group }));
}
