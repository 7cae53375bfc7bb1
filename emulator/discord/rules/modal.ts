import { invalidForm } from "../errors.ts";
import { type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { checkSelect, componentTypes, flatten, withIds } from "./components.ts";

const MOST_TOP_LEVEL = 5;

/**
 * A modal's components as Discord keeps them. Throws 50035 for more than five top-level components, repeated custom_ids,
 * disabled selects and lengths that contradict each other.
 * Source: https://docs.discord.com/developers/interactions/receiving-and-responding (Modal)
 */
export function checkModal(data: JsonObject): JsonObject[] {
  const components = objectsAt(data, "components");
  if (components.length > MOST_TOP_LEVEL) {
    throw invalidForm("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.");
  }
  const all = flatten(components);
  const ids = all.map((component) => textAt(component, "custom_id")).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) {
    throw invalidForm(
      "data.components",
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    );
  }
  for (const component of all) checkField(component);
  return withIds(components);
}

function checkField(component: JsonObject): void {
  if (component.disabled === true) {
    throw invalidForm("data.components", "COMPONENT_DISABLED_IN_MODAL", "A modal has no disabled components");
  }
  if (component.type === componentTypes.stringSelect) checkSelect(component);
  if (component.type === componentTypes.textInput) checkTextInput(component);
  if (component.type === componentTypes.row && objectsAt(component, "components").length > 1) {
    throw invalidForm(
      "data.components",
      "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
      "A row of a form holds one input",
    );
  }
  if (component.type === componentTypes.label && !objectAt(component, "component")) {
    throw invalidForm("data.components", "BASE_TYPE_REQUIRED", "This field is required");
  }
}

function checkTextInput(input: JsonObject): void {
  const least = numberAt(input, "min_length") ?? 0;
  const most = numberAt(input, "max_length") ?? 4000;
  const value = textAt(input, "value") ?? "";
  if (least > most || [...value].length > most) {
    throw invalidForm(
      "data.components",
      "BASE_TYPE_BAD_LENGTH",
      "min_length, max_length and value do not fit",
    );
  }
}
