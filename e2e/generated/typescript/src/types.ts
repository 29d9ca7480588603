// What the generated types must not let pass. Nothing here runs: the compiler
// refuses a line that it was expected to refuse and did not, so a type that has
// become too loose fails the compilation.

import type { Schemas, Wire } from "./client.js";

export function wrong(client: Wire, user: Schemas["User"], account: Schemas["InfrastructureAccount"]): unknown[] {
  const params = { path: { id: 1 } };
  // @ts-expect-error: a name may be unknown
  const name: string = user.firstName;
  // @ts-expect-error: an account may belong to nobody
  const owner: number = account.user.id;
  // @ts-expect-error: MFA may be unknown, and unknown is not false
  const mfa: boolean = account.hasMfa;
  // @ts-expect-error: a part of a user that is only there when given in full
  const documents: Schemas["Documents"][] = user.documents;
  // Ids, on the other hand, are always there.
  const id: number = user.id;

  return [
    name,
    owner,
    mfa,
    documents,
    id,
    // @ts-expect-error: no such path
    client.GET("/public/person"),
    // @ts-expect-error: no such sort
    client.GET("/public/personnel", { params: { query: { sort: "SHOE_SIZE" } } }),
    // @ts-expect-error: no such part
    client.GET("/public/v2/users", { params: { query: { "expand[]": ["everything"] } } }),
    // @ts-expect-error: startDate is required
    client.PUT("/public/personnel/{id}/contract-dates", { params, body: {} }),
    // @ts-expect-error: startDate is never null
    client.PUT("/public/personnel/{id}/contract-dates", { params, body: { startDate: null } }),
    client.PUT("/public/user-identities/infrastructure/{id}/toggle", {
      params,
      // @ts-expect-error: that field belongs to the other kind of account
      body: { toggle: true, toggleField: "VERSION_CONTROL_WRITE_ACCESS" },
    }),
    // @ts-expect-error: a body is required
    client.PUT("/public/personnel/some/reset-sync"),
  ];
}
