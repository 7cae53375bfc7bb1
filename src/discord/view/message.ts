/** A button as people see it; an empty label: its emoji alone. `customId` carries ids only (at most 100 characters). */
export interface ButtonView {
  readonly label: string;
  readonly customId: string;
  readonly style: "primary" | "secondary" | "success" | "danger";
  readonly emoji?: string;
}

/** A file to attach. */
export interface FileView {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One Discord message as it should look: at most 2000 code points of content. */
export interface MessageView {
  readonly content: string;
  readonly files: readonly FileView[];
  readonly buttons: readonly ButtonView[];
}

/**
 * Everything that one turn shows in its place: the messages from top to bottom, and, after a long turn, one short
 * message posted fresh so that the place is marked unread. `pingUserId` is the only person it may notify.
 */
export interface TurnView {
  readonly messages: readonly MessageView[];
  readonly closing?: { readonly content: string; readonly pingUserId?: string };
}
