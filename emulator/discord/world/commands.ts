import type { Clock } from "../clock.ts";
import { refuse } from "../errors.ts";
import { type JsonObject, numberAt, textAt } from "../json.ts";
import { checkCommand, checkCommands } from "../rules/commands.ts";
import type { Snowflakes } from "../snowflake.ts";

const DAY_MS = 86_400_000;

/** A registered application command. */
export interface Command {
  readonly id: string;
  readonly version: string;
  readonly guildId?: string;
  /** 1 slash, 2 user, 3 message. */
  readonly type: number;
  readonly name: string;
  readonly definition: JsonObject;
}

/** The application's commands: global ones (scope undefined) and those of each guild. */
export class Commands {
  readonly #clock: Clock;
  readonly #nextId: Snowflakes;
  readonly #perDay: number;
  readonly #scopes = new Map<string | undefined, Command[]>();
  readonly #creates = new Map<string | undefined, number[]>();

  constructor(clock: Clock, nextId: Snowflakes, perDay: number) {
    this.#clock = clock;
    this.#nextId = nextId;
    this.#perDay = perDay;
  }

  list(scope: string | undefined): readonly Command[] {
    return this.#scopes.get(scope) ?? [];
  }

  /** Bulk overwrite: commands of all types are replaced; those that existed keep their id. */
  replace(scope: string | undefined, definitions: readonly JsonObject[]): readonly Command[] {
    checkCommands(definitions);
    const before = this.list(scope);
    const known = (definition: JsonObject) => before.find((command) => isSame(command, definition));
    this.#countCreates(scope, definitions.filter((definition) => !known(definition)).length);
    const after = definitions.map((definition) => this.#make(scope, definition, known(definition)));
    this.#scopes.set(scope, after);
    return after;
  }

  /** Creates a command, or replaces the one of the same name and type; says which. */
  put(
    scope: string | undefined,
    definition: JsonObject,
  ): { readonly command: Command; readonly isNew: boolean } {
    const before = this.list(scope);
    const known = before.find((command) => isSame(command, definition));
    const others = before.filter((command) => command !== known);
    checkCommands([...others.map((command) => command.definition), definition]);
    if (!known) this.#countCreates(scope, 1);
    const command = this.#make(scope, definition, known);
    this.#scopes.set(scope, [...others, command]);
    return { command, isNew: known === undefined };
  }

  find(scope: string | undefined, id: string): Command {
    const command = this.list(scope).find((candidate) => candidate.id === id);
    if (!command) throw refuse("unknownCommand");
    return command;
  }

  edit(scope: string | undefined, id: string, change: JsonObject): Command {
    const known = this.find(scope, id);
    const definition = { ...known.definition, ...change };
    checkCommand(definition, known.type, "");
    const command = this.#make(scope, definition, known);
    this.#scopes.set(
      scope,
      this.list(scope).map((other) => (other === known ? command : other)),
    );
    return command;
  }

  remove(scope: string | undefined, id: string): void {
    const known = this.find(scope, id);
    this.#scopes.set(
      scope,
      this.list(scope).filter((command) => command !== known),
    );
  }

  #make(scope: string | undefined, definition: JsonObject, known: Command | undefined): Command {
    return {
      id: known?.id ?? this.#nextId(),
      version: this.#nextId(),
      ...(scope === undefined ? {} : { guildId: scope }),
      type: numberAt(definition, "type") ?? 1,
      name: textAt(definition, "name") ?? "",
      definition,
    };
  }

  #countCreates(scope: string | undefined, count: number): void {
    const since = this.#clock.now() - DAY_MS;
    const recent = (this.#creates.get(scope) ?? []).filter((at) => at > since);
    if (recent.length + count > this.#perDay) throw refuse("tooManyCommandCreates");
    this.#creates.set(scope, [...recent, ...Array<number>(count).fill(this.#clock.now())]);
  }
}

function isSame(command: Command, definition: JsonObject): boolean {
  return command.name === textAt(definition, "name") && command.type === (numberAt(definition, "type") ?? 1);
}
