import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { needsProgram } from "../needs.ts";
import { filesBelow, read } from "../pages.ts";
import { CHART, outputOf } from "./chart.ts";
import { exported, ownNames, processNames, readQuery } from "./promql.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
interface Raised {
  readonly alertname: string;
  readonly exp_alerts: readonly unknown[];
}
interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: unknown;
  readonly targets: readonly { readonly expr: string; readonly datasource: unknown }[];
}

const rules: readonly Rule[] = parse(read(`${CHART}/rules/kagent-discord.yaml`)).groups.flatMap(
  (group: { rules: readonly Rule[] }) => group.rules,
);
const dashboards = filesBelow(`${CHART}/dashboards`, ".json").map((path) => ({
  path,
  ...JSON.parse(read(path)),
}));
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboards.flatMap(({ path, panels, annotations }) => [
    ...panels.flatMap(({ title, targets }: Panel) =>
      targets.map(({ expr }) => [`${path}, ${title}`, expr] as const),
    ),
    ...annotations.list.map(
      ({ name, expr }: { name: string; expr: string }) => [`${path}, ${name}`, expr] as const,
    ),
  ]),
];
const series = exported();
const ofProcess = await processNames();

describe("the list of metrics for these checks", () => {
  it("is that of the program", () => {
    const own = ownNames().flatMap((name) =>
      series.has(name) ? [name] : [`${name}_bucket`, `${name}_sum`, `${name}_count`],
    );
    expect([...series.keys()].sort()).toEqual(own.sort());
    expect(ofProcess).toContain("process_start_time_seconds");
  });

  it("tells a query that is wrong", () => {
    expect(readQuery("sum by (a (x)").errors).not.toEqual([]);
    expect(readQuery('sum by (le, a) (rate(x_bucket{b=~"c"}[5m])) and on (d) y')).toEqual({
      errors: [],
      selections: [
        { metric: "x_bucket", labels: ["b"], over: "rate" },
        { metric: "y", labels: [] },
      ],
      groupedBy: ["le", "a", "d"],
    });
  });
});

describe("every query of an alert or a dashboard", () => {
  it.each(queries)("is PromQL: %s", (_, expr) => {
    expect(readQuery(expr).errors).toEqual([]);
  });

  it.each(queries)("uses metrics and labels that exist: %s", (_, expr) => {
    const { selections, groupedBy } = readQuery(expr);
    expect(selections.length).toBeGreaterThan(0);
    for (const { metric, labels } of selections) {
      const known = series.get(metric);
      if (!known) expect(ofProcess).toContain(metric);
      else expect(labels.filter((label) => !known.labels.includes(label))).toEqual([]);
    }
    const all = selections.flatMap(({ metric }) => series.get(metric)?.labels ?? []);
    expect(groupedBy.filter((label) => !all.includes(label))).toEqual([]);
  });

  it.each(queries)("takes rates of what counts upwards, and of nothing else: %s", (_, expr) => {
    for (const { metric, over } of readQuery(expr).selections) {
      const isCounted = /_(total|bucket|sum|count)$/.test(metric);
      if (isCounted) expect(["rate", "increase"]).toContain(over);
      else expect([undefined, "changes", "delta"]).toContain(over);
    }
  });
});

describe("the alerts", () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    "%s says how bad it is and what to do",
    (_, rule) => {
      expect(["critical", "warning"]).toContain(rule.labels.severity);
      expect(rule.annotations.summary).toMatch(/\.$/);
      const [, page = ""] =
        /\/blob\/main\/(docs\/runbooks\/[a-z-]+\.md)$/.exec(rule.annotations.runbook_url ?? "") ?? [];
      expect(read(page)).toContain(`\`${rule.alert}\``);
      // What its templates print must be left over by the query.
      const printed = [...(rule.annotations.summary ?? "").matchAll(/\$labels\.(\w+)/g)].map(
        ([, label]) => label,
      );
      const { groupedBy } = readQuery(rule.expr);
      expect(printed.filter((label) => !groupedBy.includes(label ?? ""))).toEqual([]);
    },
  );

  it("have one runbook each, and every runbook its alert", () => {
    const pages = filesBelow("docs/runbooks", ".md").filter((path) => !path.endsWith("README.md"));
    const linked = rules.map(({ annotations }) => annotations.runbook_url?.replace(/.*\/main\//, ""));
    expect([...new Set(linked)].sort()).toEqual([...pages].sort());
  });

  it("are each proved to be raised, at its own threshold", () => {
    const { tests } = parse(read(`${CHART}/tests/alerts.yaml`));
    const raised = tests.flatMap(({ alert_rule_test: cases }: { alert_rule_test: readonly Raised[] }) =>
      cases.flatMap(({ alertname, exp_alerts: expected }) => (expected.length > 0 ? [alertname] : [])),
    );
    expect([...raised].sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  it("are what Prometheus takes, and raised when they should", ({ skip }) => {
    needsProgram(skip, "promtool", "--version");
    expect(outputOf("promtool", ["check", "rules", `${CHART}/rules/kagent-discord.yaml`])).toContain(
      "SUCCESS",
    );
    expect(outputOf("promtool", ["test", "rules", `${CHART}/tests/alerts.yaml`])).toContain("SUCCESS");
  });

  it("name error codes that there are", () => {
    const codes = rules.flatMap(({ expr }) => /code=~"([^"]+)"/.exec(expr)?.[1]?.split("|") ?? []);
    expect(codes.length).toBeGreaterThan(2);
    const known = read("src/conversation/errors.ts");
    expect(codes.filter((code) => !known.includes(`"${code}"`))).toEqual([]);
  });
});

describe("the dashboards", () => {
  it("are four, each with an id of its own and a choice of data source", () => {
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(4);
    for (const { templating, panels, schemaVersion } of dashboards) {
      expect(templating.list[0].type).toBe("datasource");
      expect(schemaVersion).toBeGreaterThanOrEqual(39);
      const ids = panels.map(({ id }: { id: number }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const sources = panels.flatMap((panel: Panel) =>
        [panel, ...panel.targets].map((one) => one.datasource),
      );
      for (const source of sources) expect(source).toEqual({ type: "prometheus", uid: `\${datasource}` });
    }
  });

  it.each(dashboards.map((one) => [one.path, one.panels] as const))(
    "%s has panels that do not overlap",
    (_, panels) => {
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }: Panel) =>
        Array.from({ length: w * h }, (_cell, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
      );
      expect(new Set(cells).size).toBe(cells.length);
      expect(panels.every(({ gridPos: { x, w } }: Panel) => x + w <= 24)).toBe(true);
    },
  );

  it("show every metric of ours somewhere", () => {
    const shown = new Set(
      queries.flatMap(([, expr]) => readQuery(expr).selections.map(({ metric }) => metric)),
    );
    const isShown = (name: string) => [...shown].some((one) => one === name || one === `${name}_bucket`);
    expect(ownNames().filter((name) => !isShown(name))).toEqual([]);
  });
});
