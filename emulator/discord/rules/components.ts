import { ApiError, invalidForm } from "../errors.ts";
import { isObject, type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { codePoints } from "./text.ts";

/** Numbers of Discord's component types: https://docs.discord.com/developers/components/reference */
export const componentTypes = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  channelSelect: 8,
  textDisplay: 10,
  file: 13,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

const LINK = 5;
const PREMIUM = 6;
const MOST_COMPONENTS = 40;
const MOST_ROWS = 5;
const MOST_TEXT = 4000;
/** Above it Discord answers 500 (observed, undocumented): UTF-8 bytes of all text + 12 a display. */
const MOST_BYTES = 10_170;

/**
 * Message components as Discord keeps them: checked, every one with an `id`. Throws 50035 for what the OpenAPI
 * description does not say: totals, unique custom_ids, what a button or a row needs.
 */
export function checkComponents(components: readonly JsonObject[], v2: boolean): JsonObject[] {
  const all = flatten(components);
  if (all.length > MOST_COMPONENTS) {
    throw invalidForm(
      "components",
      "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
      "The maximum is 40 components",
    );
  }
  if (!v2) checkLegacy(components);
  checkText(all);
  checkCustomIds(all);
  for (const component of all) checkOne(component);
  return withIds(components);
}

/** The component and everything inside it, in reading order. */
export function flatten(components: readonly JsonObject[]): JsonObject[] {
  return components.flatMap((component) => {
    const inner = [objectAt(component, "accessory"), objectAt(component, "component")].filter(isObject);
    return [component, ...flatten([...objectsAt(component, "components"), ...inner])];
  });
}

function checkLegacy(components: readonly JsonObject[]): void {
  if (components.length > MOST_ROWS) {
    throw invalidForm("components", "BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${MOST_ROWS} in length.`);
  }
  const odd = components.findIndex((component) => component.type !== componentTypes.row);
  if (odd >= 0) {
    throw invalidForm(`components.${odd}.type`, "UNION_TYPE_CHOICES", "Value of field must be one of (1,).");
  }
}

function checkText(all: readonly JsonObject[]): void {
  const texts = all.filter((component) => component.type === componentTypes.textDisplay);
  const contents = texts.map((component) => textAt(component, "content") ?? "");
  const total = contents.reduce((sum, text) => sum + codePoints(text), 0);
  if (total > MOST_TEXT) {
    throw invalidForm(
      "components",
      "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
      `Total text exceeds ${MOST_TEXT}`,
    );
  }
  const bytes = contents.reduce((sum, text) => sum + Buffer.byteLength(text) + 12, 0);
  if (bytes > MOST_BYTES) throw new ApiError(500, 0, "500: Internal Server Error");
}

function checkCustomIds(all: readonly JsonObject[]): void {
  const ids = all.map((component) => textAt(component, "custom_id")).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) {
    throw invalidForm(
      "components",
      "COMPONENT_CUSTOM_ID_DUPLICATED",
      "Component custom id cannot be duplicated",
    );
  }
}

function checkOne(component: JsonObject): void {
  if (component.type === componentTypes.row) checkRow(component);
  if (component.type === componentTypes.button) checkButton(component);
  if (component.type === componentTypes.stringSelect) checkSelect(component);
}

function checkRow(row: JsonObject): void {
  const inside = objectsAt(row, "components");
  const buttons = inside.filter((component) => component.type === componentTypes.button);
  if (buttons.length !== inside.length && inside.length > 1) {
    throw invalidForm(
      "components",
      "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
      "A row holds five buttons or one select",
    );
  }
}

function checkButton(button: JsonObject): void {
  const style = numberAt(button, "style");
  const hasId = textAt(button, "custom_id") !== undefined;
  const hasUrl = textAt(button, "url") !== undefined;
  if (style === PREMIUM) return;
  if (style === LINK ? !hasUrl || hasId : !hasId || hasUrl) {
    throw invalidForm(
      "components",
      "BUTTON_COMPONENT_INVALID",
      "A link has a url, any other button a custom_id",
    );
  }
  if (!textAt(button, "label") && !objectAt(button, "emoji")) {
    throw invalidForm(
      "components",
      "BUTTON_COMPONENT_MUST_HAVE_LABEL_OR_EMOJI",
      "Button needs a label or an emoji",
    );
  }
}

export function checkSelect(select: JsonObject): void {
  const options = objectsAt(select, "options");
  const values = options.map((option) => textAt(option, "value"));
  if (new Set(values).size !== values.length) {
    throw invalidForm(
      "components",
      "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
      "Option values must be unique",
    );
  }
  const least = numberAt(select, "min_values") ?? 1;
  const most = numberAt(select, "max_values") ?? 1;
  if (least > most || least > options.length || most > options.length) {
    throw invalidForm("components", "BASE_TYPE_BAD_INT", "min_values, max_values and the options do not fit");
  }
  if (options.filter((option) => option.default === true).length > most) {
    throw invalidForm(
      "components",
      "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
      "More defaults than max_values",
    );
  }
}

/** Fills in the numeric ids that responses always carry. */
export function withIds(components: readonly JsonObject[]): JsonObject[] {
  const taken = new Set(flatten(components).map((component) => numberAt(component, "id")));
  let next = 0;
  const fresh = () => {
    do next += 1;
    while (taken.has(next));
    return next;
  };
  const visit = (component: JsonObject): JsonObject => {
    const given = numberAt(component, "id");
    const id = given === undefined || given === 0 ? fresh() : given;
    const accessory = objectAt(component, "accessory");
    const inner = objectAt(component, "component");
    const children =
      component.components === undefined ? undefined : objectsAt(component, "components").map(visit);
    const type = numberAt(component, "type") ?? 0;
    const isSelect = type === componentTypes.stringSelect || (type >= componentTypes.userSelect && type <= 8);
    return {
      ...(isSelect ? { min_values: 1, max_values: 1 } : {}),
      ...component,
      id,
      ...(children ? { components: children } : {}),
      ...(accessory ? { accessory: visit(accessory) } : {}),
      ...(inner ? { component: visit(inner) } : {}),
    };
  };
  return components.map(visit);
}
