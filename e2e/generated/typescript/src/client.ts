// The client as openapi-fetch makes it from the generated types, and what every
// part of the walk needs: answers that are checked, refusals that are expected,
// and a count of the operations that were answered with a success.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.js";

export type Schemas = components["schemas"];
export type Wire = Client<paths>;

// Coverage notes which operations of the document succeeded. The library
// hands over the path as the document writes it.
export class Coverage {
  readonly #operations: ReadonlySet<string>;
  readonly #good = new Set<string>();
  #requests = 0;

  constructor(document: string) {
    const { paths } = JSON.parse(readFileSync(document, "utf8")) as { paths: Record<string, object> };
    this.#operations = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    );
  }

  readonly onResponse: NonNullable<Middleware["onResponse"]> = ({ request, response, schemaPath }) => {
    this.#requests++;
    const operation = `${request.method} ${schemaPath}`;
    assert(this.#operations.has(operation), `${operation} is not in the document`);
    if (response.ok) this.#good.add(operation);
    return undefined;
  };

  // complete fails and names the operations that nobody called.
  complete(): void {
    const missing = [...this.#operations].filter((operation) => !this.#good.has(operation));
    assert(this.#operations.size > 0, "the document has no operations");
    assert.deepEqual(missing, [], "operations that never succeeded");
  }

  toString(): string {
    return `${this.#good.size} of ${this.#operations.size} operations, ${this.#requests} requests`;
  }
}

// connect makes a client with a key. Its types are those of the document.
export function connect(baseUrl: string, key: string, coverage: Coverage): Wire {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
  client.use({ onResponse: coverage.onResponse });
  return client;
}

// Answer is what openapi-fetch gives: data of a success, or else error.
interface Answer<Data, Refusal> {
  data?: Data;
  error?: Refusal;
  response: Response;
}

// good gives the data of an answer that must be a success.
export async function good<Data, Refusal>(asked: Promise<Answer<Data, Refusal>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await asked;
  if (!response.ok || data === undefined || data === null) {
    assert.fail(`${response.status} from ${response.url}, want a success: ${JSON.stringify(error)}`);
  }
  return data;
}

// done waits for an answer that must be a success, and has no body.
export async function done<Data, Refusal>(asked: Promise<Answer<Data, Refusal>>): Promise<void> {
  const { error, response } = await asked;
  if (!response.ok) assert.fail(`${response.status} from ${response.url}: ${JSON.stringify(error)}`);
}

// refused gives the body of an answer that must be a refusal of this status.
export async function refused<Data, Refusal>(
  status: number,
  asked: Promise<Answer<Data, Refusal>>,
): Promise<NonNullable<Refusal>> {
  const { error, response } = await asked;
  assert.equal(response.status, status, `status of ${response.url}`);
  if (error === undefined || error === null) assert.fail(`${response.url} refused without a body`);
  return error;
}
