// Takes record 1 of both kinds of account through its states, with the samples
// of the reference. It ends as a service account.

import { strict as assert } from "node:assert";
import { good, type Schemas, type Wire } from "./client.js";

const id = 1;
const params = { path: { id } };
const serviceAccountReason = "This account is used to deploy";

// State is what the changes change, for both kinds of account. The generated
// types of both have to fit it, null by null.
type State = Pick<
  Schemas["InfrastructureAccount"] & Schemas["VersionControlAccount"],
  "user" | "disconnectedAt" | "serviceAccount" | "serviceAccountReason" | "serviceAccountDesignator"
> & { access: string | null };

interface Account {
  connect(userId: number | null): Promise<State>;
  toggle(toggle: boolean): Promise<State>;
  service(serviceAccount: boolean): Promise<State>;
}

export async function changeAccounts(client: Wire): Promise<void> {
  await change(infrastructure(client));
  await change(versionControl(client));
}

async function change(account: Account): Promise<void> {
  const linked = await account.connect(1);
  assert.equal(linked.user?.id, 1);
  assert.equal(linked.disconnectedAt, null);

  assert.notEqual((await account.toggle(true)).access, null, "access is the time since when");
  assert.equal((await account.toggle(false)).access, null);

  const unlinked = await account.connect(null);
  assert.equal(unlinked.user, null);
  assert.notEqual(unlinked.disconnectedAt, null);

  const service = await account.service(true);
  assert.notEqual(service.serviceAccount, null);
  assert.equal(service.serviceAccountReason, serviceAccountReason);
  assert.notEqual(service.serviceAccountDesignator, null);

  const back = await account.service(false);
  assert.equal(back.serviceAccount, null);
  assert.equal(back.serviceAccountReason, null);
  assert.equal(back.serviceAccountDesignator, null);

  assert.notEqual((await account.service(true)).serviceAccount, null);
}

function infrastructure(client: Wire): Account {
  const state = (account: Schemas["InfrastructureAccount"]): State => ({ ...account, access: account.adminAccess });
  return {
    connect: async (userId) =>
      state(await good(client.PUT("/public/user-identities/infrastructure/{id}/connect", { params, body: { userId } }))),
    toggle: async (toggle) =>
      state(
        await good(
          client.PUT("/public/user-identities/infrastructure/{id}/toggle", {
            params,
            body: { toggle, toggleField: "INFRASTRUCTURE_ADMIN_ACCESS" },
          }),
        ),
      ),
    service: async (serviceAccount) =>
      state(
        await good(
          client.PUT("/public/user-identities/infrastructure/{id}/service-account", {
            params,
            body: { serviceAccount, serviceAccountReason },
          }),
        ),
      ),
  };
}

function versionControl(client: Wire): Account {
  const state = (account: Schemas["VersionControlAccount"]): State => ({ ...account, access: account.writeAccess });
  return {
    connect: async (userId) =>
      state(await good(client.PUT("/public/user-identities/version-control/{id}/connect", { params, body: { userId } }))),
    toggle: async (toggle) =>
      state(
        await good(
          client.PUT("/public/user-identities/version-control/{id}/toggle", {
            params,
            body: { toggle, toggleField: "VERSION_CONTROL_WRITE_ACCESS" },
          }),
        ),
      ),
    service: async (serviceAccount) =>
      state(
        await good(
          client.PUT("/public/user-identities/version-control/{id}/service-account", {
            params,
            body: { serviceAccount, serviceAccountReason },
          }),
        ),
      ),
  };
}
