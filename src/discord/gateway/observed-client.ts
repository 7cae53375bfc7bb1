import { type Client, Events, InteractionType, type REST } from "discord.js";
import type { Clock } from "../../conversation/ports.ts";

/** Hears what passes between the bot and Discord. Called in passing: it must be cheap and must not throw. */
export interface DiscordObserver {
  /** An answer to a REST request: `POST /channels/:id/messages`, and its status. */
  answered(route: string, status: number): void;
  /** A request is over, so many milliseconds after it left; `status` undefined: no answer came. */
  requested(method: string, route: string, status: number | undefined, ms: number): void;
  /** A 429, by whose limit: `user`, `global`, `shared`, or `unknown` where a proxy said it. */
  rateLimited(scope: string): void;
  interaction(kind: string): void;
  /** An interaction was acknowledged, so many milliseconds after it arrived. */
  acknowledged(kind: string, ms: number): void;
  event(type: string): void;
  /** A connection to the gateway ended. */
  disconnected(): void;
}

/** More than can wait for their acknowledgement at once; the oldest are given up. */
const MOST_OPEN = 500;

/** Listens to a client: its events, and the answers to its requests. */
export function observeClient(client: Client, observer: DiscordObserver, clock: Pick<Clock, "now">): void {
  const open = new Map<string, { readonly kind: string; readonly at: number }>();
  client.on(Events.Raw, (packet: unknown) => {
    const { t: type, d: data } = Object(packet);
    if (typeof type !== "string") return;
    observer.event(type);
    if (type !== "INTERACTION_CREATE") return;
    const { id, type: number } = Object(data);
    const kind = kindOf(number);
    observer.interaction(kind);
    open.set(String(id), { kind, at: clock.now() });
    const [oldest] = open.keys();
    if (open.size > MOST_OPEN && oldest !== undefined) open.delete(oldest);
  });
  client.on(Events.ShardReconnecting, () => observer.disconnected());
  client.on(Events.ShardDisconnect, () => observer.disconnected());
  observeRest(client.rest, observer, (path, status) => {
    const id = /^\/interactions\/(\d+)\//.exec(path)?.[1] ?? "";
    const interaction = open.get(id);
    open.delete(id);
    if (interaction && status < 300) observer.acknowledged(interaction.kind, clock.now() - interaction.at);
  });
}

/** Listens to the answers of one REST client. */
export function observeRest(
  rest: REST,
  observer: Pick<DiscordObserver, "answered" | "requested" | "rateLimited">,
  onAnswer: (path: string, status: number) => void = () => {},
): void {
  const { makeRequest } = rest.options;
  rest.options.makeRequest = async (url, init) => {
    const began = performance.now();
    const tell = (status?: number) =>
      observer.requested(init.method ?? "GET", routeOf(pathOf(url)), status, performance.now() - began);
    try {
      const answer = await makeRequest(url, init);
      tell(answer.status);
      return answer;
    } catch (error) {
      tell();
      throw error;
    }
  };
  rest.on("response", ({ method, path, route }, { status, headers }) => {
    observer.answered(`${method} ${routeOf(route)}`, status);
    if (status === 429) observer.rateLimited(headers.get("x-ratelimit-scope") ?? "unknown");
    onAnswer(path, status);
  });
}

/** What comes after the version of the interface. */
function pathOf(url: string): string {
  return new URL(url).pathname.replace(/^.*?\/v\d+(?=\/)/, "");
}

/** The route without anything that tells one place, token, page or emoji from another: discord.js leaves some in. */
function routeOf(route: string): string {
  return route
    .replace(/\?.*/, "")
    .replace("%40", "@")
    .replaceAll(/\/\d{16,20}/g, "/:id")
    .replace(/^\/(webhooks|interactions)\/:id\/[^/]+/, "/$1/:id/:token")
    .replace(/\/reactions\/.*/, "/reactions/:emoji");
}

function kindOf(type: unknown): string {
  if (type === InteractionType.ApplicationCommand) return "command";
  if (type === InteractionType.ApplicationCommandAutocomplete) return "autocomplete";
  if (type === InteractionType.ModalSubmit) return "form";
  return type === InteractionType.MessageComponent ? "component" : "other";
}
