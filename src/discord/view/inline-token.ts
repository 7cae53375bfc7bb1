import type { Delimiter } from "./emphasis.ts";

/**
 * A piece of one line of prose. `atom`: must not be cut by a message break; `plain` is what it says without markup;
 * `close` is set where the line ends inside it and its end may still come.
 */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "atom"; readonly text: string; readonly plain: string; readonly close?: string }
  | Delimiter;

/** A token and the index behind it. */
export interface Step {
  readonly token: Token;
  readonly next: number;
}

export function textStep(text: string, next: number): Step {
  return { token: { kind: "text", text }, next };
}

export function atomStep(text: string, plain: string, next: number): Step {
  return { token: { kind: "atom", text, plain }, next };
}
