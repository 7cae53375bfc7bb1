import type { Encoder, EncoderSetting } from "./encoder.ts";
import { createV03Encoder } from "./encoder-v0-3.ts";
import { createV10Encoder } from "./encoder-v1-0.ts";

/** The encoder for what the runtime speaks. */
export function createEncoder(setting: EncoderSetting): Encoder {
  return setting.dialect.speaks === "0.3" ? createV03Encoder(setting) : createV10Encoder(setting);
}
