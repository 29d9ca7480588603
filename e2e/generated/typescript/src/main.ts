// A stranger's program: it uses the client that openapi-typescript and
// openapi-fetch make from docs/openapi.json to read every list and record
// of a running demo company, and to make every change.
//
//   KEY=… node out/main.js URL DOCUMENT

import { changeAccounts } from "./account.js";
import { connect, Coverage } from "./client.js";
import { changeCompliance } from "./compliance.js";
import { changeDevices } from "./device.js";
import { changePersonnel } from "./personnel.js";
import { read } from "./read.js";
import { beRefused } from "./refusal.js";
import { changeUsers } from "./user.js";

const [url, document] = process.argv.slice(2);
const key = process.env["KEY"];
if (!url || !document || !key) {
  console.error("typescript: needs URL, DOCUMENT and an API key in KEY: run `make generated`");
  process.exit(2);
}

const began = performance.now();
const coverage = new Coverage(document);
const client = connect(url, key, coverage);
const stranger = connect(url, "not-a-key", coverage);

await read(client);
await changePersonnel(client);
await changeAccounts(client);
await changeCompliance(client);
await changeUsers(client);
await changeDevices(client);
await beRefused(client, stranger);
await read(client); // answers fit the types after a change too
coverage.complete();

console.log(`typescript: ${coverage}, ${((performance.now() - began) / 1000).toFixed(1)} s`);
