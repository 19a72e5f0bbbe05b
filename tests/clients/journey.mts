/* The same ends of a round as in journey.py, played with openapi-fetch and the types that openapi-typescript makes:
   `apply` for an organisation and its unit, `pay` for the payment platform. JSON comes in on standard input, and goes out. */

import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Client = ReturnType<typeof createClient<paths, "application/json">>;
type Form = Schemas["IssueTokenForm"];
/* What the tests hand over. */
interface Given {
  url: string;
  today: string;
  login: string;
  password: string;
  unit_login: string;
  unit_password: string;
  unit_id: string;
  round_id: string;
  content: Schemas["ContentIn"];
  materials: string[];
  file: string;
  client_id: string;
  client_secret: string;
  disbursement_id: string;
  certificate: string;
}

/* What was answered; a problem document ends the journey. */
function of<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function signedIn(url: string, body: Form): Promise<Client> {
  const client = createClient<paths, "application/json">({ baseUrl: url });
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const token = of(await client.POST("/v1/tokens", { body, headers }));
  return createClient<paths, "application/json">({ baseUrl: url, headers: { Authorization: `Bearer ${token.access_token}` } });
}

async function apply(given: Given): Promise<object> {
  const client = await signedIn(given.url, { grant_type: "password", username: given.login, password: given.password });
  const draft = of(
    await client.POST("/v1/applications", {
      params: { header: { "Idempotency-Key": "begin-by-typescript" } },
      body: { round_id: given.round_id },
    }),
  );
  const path = { application_id: draft.id };
  of(
    await client.PATCH("/v1/applications/{application_id}", {
      params: { path, header: { "If-Match": `"${draft.version}"` } },
      body: { content: given.content },
    }),
  );
  for (const material of given.materials) {
    of(
      await client.POST("/v1/applications/{application_id}/attachments", {
        params: { path, query: { material, filename: "sample.pdf" } },
        body: given.file,
        bodySerializer: (file) => Buffer.from(file, "base64"),
        headers: { "Content-Type": "application/octet-stream" },
      }),
    );
  }
  of(
    await client.POST("/v1/applications/{application_id}/recommendation-request", {
      params: { path },
      body: { unit_id: given.unit_id },
    }),
  );
  const unit = await signedIn(given.url, {
    grant_type: "password",
    username: given.unit_login,
    password: given.unit_password,
  });
  const queue = of(await unit.GET("/v1/recommendations"));
  const waiting = queue.items.find((item) => item.application_id === draft.id);
  if (waiting === undefined) {
    throw new Error("the unit was not asked");
  }
  of(
    await unit.POST("/v1/recommendations/{recommendation_id}/endorsement", {
      params: { path: { recommendation_id: waiting.id } },
      body: {
        facts_verified: ["登记信息", "经营地址"],
        opinion: "经核实，同意推荐。",
        signatory: "样例负责人",
        signed_on: given.today,
      },
    }),
  );
  const done = of(await client.POST("/v1/applications/{application_id}/submission", { params: { path } }));
  return { application_id: done.id, state: done.state };
}

async function pay(given: Given): Promise<object> {
  const client = await signedIn(given.url, {
    grant_type: "client_credentials",
    client_id: given.client_id,
    client_secret: given.client_secret,
  });
  const feed = of(await client.GET("/v1/disbursement-feed"));
  const order = feed.items.map((item) => item.disbursement).find((item) => item.id === given.disbursement_id);
  if (order === undefined) {
    throw new Error("the order is not in the feed");
  }
  const path = { disbursement_id: order.id };
  of(
    await client.POST("/v1/disbursements/{disbursement_id}/acknowledgement", {
      params: { path },
      body: { attempt: order.attempt },
    }),
  );
  const paid = of(
    await client.POST("/v1/disbursements/{disbursement_id}/payment-confirmation", {
      params: { path },
      body: {
        attempt: order.attempt,
        confirmation_number: `PAY-${given.disbursement_id.slice(-12)}`,
        amount_fen: order.amount_fen,
        paid_on: given.today,
      },
    }),
  );
  const anybody = createClient<paths, "application/json">({ baseUrl: given.url });
  const shown = of(await anybody.GET("/v1/certificates/{number}", { params: { path: { number: given.certificate } } }));
  return { state: paid.state, status: shown.status, name: shown.awarded_name };
}

const acts = { apply, pay };
const act = acts[process.argv[2] as keyof typeof acts];
console.log(JSON.stringify(await act(JSON.parse(readFileSync(0, "utf8")) as Given)));
