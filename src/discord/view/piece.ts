/** One message's part of the answer: `open` and `close` are ours, `lines` are the answer's. */
export interface Piece {
  readonly open: string;
  readonly lines: readonly string[];
  readonly close: string;
  /** Places between the lines, by line index: where tools were called. */
  readonly marks: readonly PlacedMark[];
}

/** Something that stands in front of line `at` of a piece, without taking room from its text. */
export interface PlacedMark {
  readonly at: number;
  readonly id: number;
}

/** How much one message holds. */
export interface PieceLimits {
  /** Code points of text, our own fences included. */
  readonly codePoints: number;
  readonly lines: number;
  /** Pieces after which nothing more is taken. */
  readonly pieces: number;
  /** Code points that the last of these pieces leaves free for a notice. */
  readonly lastReserve: number;
}

/** The piece as the text of a message. */
export function pieceText(piece: Piece): string {
  return piece.open + piece.lines.join("\n") + piece.close;
}
