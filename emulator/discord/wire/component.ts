import { isObject, type JsonObject, objectAt, objectsAt, textAt } from "../json.ts";
import { componentTypes } from "../rules/components.ts";

/**
 * A component as answers show it: containers say what requests may leave out, files point to the CDN.
 * `attachments`: those of its message as answers show them.
 */
export function componentJson(component: JsonObject, attachments: readonly JsonObject[]): JsonObject {
  if (component.type === componentTypes.container) {
    const inner = objectsAt(component, "components").map((one) => componentJson(one, attachments));
    return { accent_color: null, spoiler: false, ...component, components: inner };
  }
  return component.type === componentTypes.file ? fileJson(component, attachments) : component;
}

function fileJson(component: JsonObject, attachments: readonly JsonObject[]): JsonObject {
  const file = objectAt(component, "file");
  const url = (isObject(file) && textAt(file, "url")) || "";
  const shown = attachments.find((one) => `attachment://${textAt(one, "filename")}` === url);
  if (!shown) return component;
  const { id = "0", url: link = "", proxy_url = "", content_type = null } = shown;
  const { filename: name = null, size = null } = shown;
  const media = { id, url: link, proxy_url, content_type, attachment_id: id };
  return { spoiler: false, ...component, file: media, name, size };
}
