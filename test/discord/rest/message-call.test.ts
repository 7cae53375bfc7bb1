import { describe, expect, it } from "vitest";
import {
  closingCall,
  createCall,
  editCall,
  isSameView,
  messageNonce,
} from "../../../src/discord/rest/message-call.ts";
import type { MessageView } from "../../../src/discord/view/message.ts";

const plain: MessageView = { content: "hello @everyone", files: [], buttons: [] };
const stop = { label: "Stop", customId: "stop:1", style: "danger" as const };
const note = { name: "answer.md", mediaType: "text/markdown", bytes: new TextEncoder().encode("# all") };

describe("a message's request", () => {
  it("notifies nobody and shows no previews, on create and on edit", () => {
    const quiet = { allowed_mentions: { parse: [], replied_user: false }, flags: 4 };
    expect(createCall(plain, { channelId: "1", nonce: "n" }).body).toMatchObject(quiet);
    expect(editCall(plain, "1", "2", false).body).toMatchObject(quiet);
  });

  it("posts once however often it is repeated", () => {
    const { body } = createCall(plain, { channelId: "1", nonce: messageNonce("turn", "0.0") });
    expect(body).toMatchObject({ nonce: messageNonce("turn", "0.0"), enforce_nonce: true });
    expect(messageNonce("turn", "0.0")).not.toBe(messageNonce("turn", "1.0"));
    expect(messageNonce("a turn with a very long id indeed", "99.9").length).toBeLessThanOrEqual(25);
  });

  it("replies without failing when the prompt is gone", () => {
    const { body } = createCall(plain, { channelId: "1", nonce: "n", replyTo: "7" });
    expect(body).toMatchObject({ message_reference: { message_id: "7", fail_if_not_exists: false } });
  });

  it("carries buttons five to a row", () => {
    const buttons = Array.from({ length: 6 }, (_, index) => ({ ...stop, customId: `stop:${index}` }));
    const { body } = editCall({ ...plain, buttons }, "1", "2", false);
    expect(body).toMatchObject({
      components: [{ type: 1, components: Array(5).fill({ type: 2 }) }, { type: 1 }],
    });
    expect(body).toHaveProperty("components.1.components.length", 1);
  });

  it("takes the buttons away with an edit that has none", () => {
    expect(editCall(plain, "1", "2", false).body).toMatchObject({ components: [] });
  });

  it("leaves attached files alone unless they changed", () => {
    const view = { ...plain, files: [note] };
    expect(editCall(view, "1", "2", false)).not.toHaveProperty("files");
    expect(editCall(view, "1", "2", false).body).not.toHaveProperty("attachments");
    const call = editCall(view, "1", "2", true);
    expect(call.files).toEqual([note]);
    expect(call.body).toMatchObject({ attachments: [{ id: "0", filename: "answer.md" }] });
  });

  it("of a closing message notifies the asker alone, and only when asked to", () => {
    const place = { channelId: "1", nonce: "n" };
    expect(closingCall({ content: "done" }, place).body).toMatchObject({ allowed_mentions: { parse: [] } });
    expect(closingCall({ content: "done" }, place).body).not.toHaveProperty("allowed_mentions.users");
    expect(closingCall({ content: "done", pingUserId: "5" }, place).body).toMatchObject({
      allowed_mentions: { parse: [], users: ["5"], replied_user: false },
    });
  });
});

describe("two views", () => {
  it("are the same with equal text, buttons and file contents", () => {
    const again = { ...note, bytes: new TextEncoder().encode("# all") };
    expect(
      isSameView(
        { ...plain, files: [note], buttons: [stop] },
        { ...plain, files: [again], buttons: [{ ...stop }] },
      ),
    ).toBe(true);
  });

  it("differ by any of them", () => {
    const other = { ...note, bytes: new TextEncoder().encode("# less") };
    expect(isSameView(plain, { ...plain, content: "bye" })).toBe(false);
    expect(isSameView(plain, { ...plain, buttons: [stop] })).toBe(false);
    expect(isSameView({ ...plain, files: [note] }, { ...plain, files: [other] })).toBe(false);
    expect(isSameView({ ...plain, files: [note] }, plain)).toBe(false);
  });
});
