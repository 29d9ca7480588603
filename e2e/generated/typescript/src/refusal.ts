// Asks for what is refused, after the changes: the accounts are service accounts.

import { strict as assert } from "node:assert";
import { refused, type Wire } from "./client.js";

const nobody = 999_999_999;

export async function beRefused(client: Wire, stranger: Wire): Promise<void> {
  const unknown = await refused(401, stranger.GET("/public/users/{id}", { params: { path: { id: 1 } } }));
  assert.equal(unknown.code, 12310);

  const missing = await refused(404, client.GET("/public/users/{id}", { params: { path: { id: nobody } } }));
  assert.equal(missing.code, 10290);
  assert.equal(missing.statusCode, 404);

  const cursor = await refused(400, client.GET("/public/v2/users", { params: { query: { cursor: "not a cursor" } } }));
  assert("name" in cursor && cursor.name.length > 0, "the second version names its refusals");

  const link = await refused(
    400,
    client.PUT("/public/user-identities/infrastructure/{id}/connect", {
      params: { path: { id: 1 } },
      body: { userId: 1 },
    }),
  );
  assert.match(link.message, /service account/);

  await refused(
    409,
    client.PUT("/public/personnel/{id}/contract-dates", {
      params: { path: { id: 1 } },
      body: { startDate: "2020-07-06", separationDate: "2020-07-05" },
    }),
  );
}
