// Sends the samples of the reference for personnel, to the record they speak of.

import { strict as assert } from "node:assert";
import { good, type Wire } from "./client.js";

const id = 1;
const sampleDay = "2020-07-06";

export async function changePersonnel(client: Wire): Promise<void> {
  await setDates(client);
  await setStatus(client);
  await resetSync(client);
}

async function setDates(client: Wire): Promise<void> {
  const set = await good(
    client.PUT("/public/personnel/{id}/contract-dates", {
      params: { path: { id } },
      body: { startDate: sampleDay, separationDate: sampleDay },
    }),
  );
  assert.deepEqual([set.id, set.startDate, set.separationDate], [id, sampleDay, sampleDay]);

  // null clears the date, and leaving the member out keeps it.
  const cleared = await good(
    client.PUT("/public/personnel/{id}/contract-dates", {
      params: { path: { id } },
      body: { startDate: sampleDay, separationDate: null },
    }),
  );
  assert.equal(cleared.separationDate, null);
}

async function setStatus(client: Wire): Promise<void> {
  const set = await good(
    client.PUT("/public/personnel/{id}/status", {
      params: { path: { id } },
      body: {
        employmentStatus: "CURRENT_EMPLOYEE",
        notHumanReason: "The mailbox of a team, not a person",
        separationDate: sampleDay,
      },
    }),
  );
  assert.equal(set.employmentStatus, "CURRENT_EMPLOYEE");
  assert.equal(set.notHumanReason, null, "a member that the status does not use is ignored");
  assert.notEqual(set.statusUpdatedAt, null);
}

async function resetSync(client: Wire): Promise<void> {
  const one = await client.PUT("/public/personnel/reset-sync/{personnelId}", { params: { path: { personnelId: id } } });
  assert.equal(one.data?.id, id);
  assert.equal(one.data.statusUpdatedAt, null, "the status is no longer set by hand");
  assert.equal(one.response.headers.get("X-Personnel-Affected"), "1");

  const some = await client.PUT("/public/personnel/some/reset-sync", { body: { personnelIds: [1, 2, 3] } });
  assert.equal(some.data?.id, id);
  assert.equal(some.response.headers.get("X-Personnel-Affected"), "3");

  const all = await client.PUT("/public/personnel/all/reset-sync");
  assert.equal(all.data?.id, id, "the first in the order of ids");
  assert(Number(all.response.headers.get("X-Personnel-Affected")) > 3);
}
