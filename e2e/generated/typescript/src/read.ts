// Reads every list to its end and every record by every way to it.

import { strict as assert } from "node:assert";
import { good, type Schemas, type Wire } from "./client.js";
import { readDevices } from "./device.js";
import { readUsersByNumber } from "./user.js";

// The longest page that the lists give.
const limit = 50;

interface Page<Item> {
  data: Item[];
  page: number;
  limit: number;
  total: number;
}

// pages reads a list that is paged by number, until a page is short. The list
// has to give each record once and to know how many there are.
async function pages<Item extends { id: number }>(read: (page: number) => Promise<Page<Item>>): Promise<Item[]> {
  const all: Item[] = [];
  for (let number = 1; ; number++) {
    const page = await read(number);
    assert.equal(page.page, number);
    assert.equal(page.limit, limit);
    all.push(...page.data);
    if (page.data.length < limit) {
      assert(all.length > limit, "the demo fills more than one page");
      assert.equal(all.length, page.total, "records collected and total");
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length, "no record comes twice");
      return all;
    }
  }
}

export async function read(client: Wire): Promise<void> {
  const people = await pages((page) => good(client.GET("/public/personnel", { params: { query: { page, limit } } })));
  for (const person of people) await readPerson(client, person);
  await readFiltered(client);

  const infrastructure = await pages((page) =>
    good(client.GET("/public/user-identities/infrastructure", { params: { query: { page, limit } } })),
  );
  assert(infrastructure.some(({ adminAccess, user }) => adminAccess !== null && user !== null));
  const versionControl = await pages((page) =>
    good(client.GET("/public/user-identities/version-control", { params: { query: { page, limit } } })),
  );
  assert(versionControl.some(({ writeAccess, user }) => writeAccess !== null && user !== null));

  await readUsers(client);
  await readUsersByNumber(client);
  await readDevices(client);

  const everybody = await walk((cursor) =>
    good(client.GET("/native/v1/people", { params: { query: { limit, facets: true, ...(cursor === undefined ? {} : { cursor }) } } })),
  );
  assert.equal(everybody, people.length, "people of both interfaces");
  const accounts = await walk((cursor) =>
    good(
      client.GET("/native/v1/accounts", {
        params: { query: { limit, kind: "infrastructure", ...(cursor === undefined ? {} : { cursor }) } },
      }),
    ),
  );
  assert.equal(accounts, infrastructure.length, "accounts of both interfaces");
}

interface CursorPage {
  data: { id: number }[];
  pagination: { cursor: string | null; total: number };
}

// walk follows a cursor to its end and gives how many records there are.
async function walk(read: (cursor: string | undefined) => Promise<CursorPage | string>): Promise<number> {
  const met = new Set<number>();
  let cursor: string | undefined;
  for (;;) {
    const page = await read(cursor);
    assert(typeof page !== "string", "a page is asked for, and lines are answered");
    for (const { id } of page.data) {
      assert(!met.has(id), `record ${id} for the second time`);
      met.add(id);
    }
    if (page.pagination.cursor === null) {
      assert.equal(met.size, page.pagination.total, "records collected and total");
      return met.size;
    }
    cursor = page.pagination.cursor;
  }
}

// readPerson reads a record and its user by id and by e-mail, in both versions.
async function readPerson(client: Wire, person: Schemas["PersonnelListItem"]): Promise<void> {
  const { id, user } = person;
  const byId = await good(client.GET("/public/personnel/{id}", { params: { path: { id } } }));
  const byEmail = await good(
    client.GET("/public/personnel/{email}/email", { params: { path: { email: user.email } } }),
  );
  assert.deepEqual(byEmail, byId);
  assert.equal(byId.id, id);
  assert.equal(byId.complianceChecks.length, 15);
  assert.equal(byId.startDate, person.startDate);

  const v1 = await good(client.GET("/public/users/{id}", { params: { path: { id: user.id } } }));
  assert.equal(v1.email, user.email);
  assert(v1.documents !== undefined && v1.backgroundChecks !== undefined, "a user is given in full");

  const v2 = await good(
    client.GET("/public/v2/users/{userId}", {
      params: {
        path: { userId: user.id },
        query: { "expand[]": ["backgroundChecks", "documents", "personnel", "identities", "roles"] },
      },
    }),
  );
  assert.equal(v2.email, user.email);
  assert.equal(v2.personnel?.id, id);
  assert.deepEqual(v2.roles, v1.roles);
  assert.equal(v2.identities?.length, v1.identities.length);

  const v2ByEmail = await good(
    client.GET("/public/v2/users/{userId}", { params: { path: { userId: `email:${user.email}` } } }),
  );
  assert.equal(v2ByEmail.id, user.id);
  assert.equal(v2ByEmail.roles, undefined, "a part that was not asked for is not there");
}

async function readFiltered(client: Wire): Promise<void> {
  const { data } = await good(
    client.GET("/public/personnel", {
      params: {
        query: {
          "employmentStatuses[]": ["CURRENT_CONTRACTOR", "FORMER_EMPLOYEE"],
          sort: "START_DATE",
          sortDir: "DESC",
          limit,
        },
      },
    }),
  );
  const met = [...new Set(data.map(({ employmentStatus }) => employmentStatus))].sort();
  assert.deepEqual(met, ["CURRENT_CONTRACTOR", "FORMER_EMPLOYEE"]);
}

// readUsers follows the cursor to its end, with everything expanded.
async function readUsers(client: Wire): Promise<void> {
  const met = new Set<number>();
  let total: number | undefined;
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const { data, pagination } = await good(
      client.GET("/public/v2/users", {
        params: {
          query: {
            size: limit,
            includeTotalCount: true,
            "expand[]": ["backgroundChecks", "documents", "personnel", "identities", "roles"],
            ...(cursor === undefined ? {} : { cursor }),
          },
        },
      }),
    );
    total ??= pagination.totalCount;
    for (const { id } of data) {
      assert(!met.has(id), `user ${id} for the second time`);
      met.add(id);
    }
    cursor = pagination.cursor;
  }
  assert(met.size > limit, "the demo fills more than one page");
  assert.equal(met.size, total, "users collected and totalCount");
}
