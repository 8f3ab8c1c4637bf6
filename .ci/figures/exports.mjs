// Every graph of the test models and of the example plans, exported and read back by each format's own reader: it is accepted, and it has as
// many nodes, edges and clusters as the graph.
//   node exports.mjs PROGRAM ROOT
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { D2 } from "@terrastruct/d2";
import { instance } from "@viz-js/viz";
import { JSDOM } from "jsdom";
import structurizr from "structurizr-parser";

const [program, root] = process.argv.slice(2);
// D2 starts its worker before there is a page, which would make it look for a browser's.
const d2 = new D2();
await d2.compile("a -> b");
const page = new JSDOM("<body></body>");
Object.assign(globalThis, { window: page.window, document: page.window.document });
const mermaid = (await import("mermaid")).default;
await mermaid.parse("flowchart TB\n a --> b");
const viz = await instance();
const work = mkdtempSync(join(tmpdir(), "figures-"));

const fail = (message) => {
  console.error(message);
  process.exit(1);
};
const run = (...args) => execFileSync(program, args, { encoding: "utf8" });

/** Blocks of Mermaid and what all of them hold together; nodes may stand in several. */
async function ofMermaid(text) {
  const blocks = [...text.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map((found) => found[1]);
  const nodes = new Set();
  let edges = 0;
  const clusters = new Set();
  for (const block of blocks) {
    if (block.length >= 2000) throw new Error(`a block of ${block.length} characters`);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(block);
    for (const [id, node] of db.getVertices()) nodes.add(`${id} ${node.text}`);
    edges += db.getEdges().length;
    for (const cluster of db.getSubGraphs()) clusters.add(cluster.title);
  }
  return { nodes: nodes.size, edges, clusters: clusters.size };
}

async function ofD2(text) {
  const { diagram } = await d2.compile(text);
  const around = new Set(diagram.shapes.flatMap(({ id }) => (id.includes(".") ? [id.slice(0, id.lastIndexOf("."))] : [])));
  return { nodes: diagram.shapes.length - around.size, edges: diagram.connections.length, clusters: around.size };
}

async function ofDot(text) {
  const read = viz.render(text, { format: "json0" });
  if (read.status !== "success") throw new Error(read.errors.map((error) => error.message).join("; "));
  const { objects = [], edges = [] } = JSON.parse(read.output);
  const clusters = objects.filter(({ name }) => name.startsWith("cluster")).length;
  return { nodes: objects.length - clusters, edges: edges.length, clusters };
}

// The parser knows neither groups inside of a system nor properties of the model, which the language has: they are left out.
async function ofStructurizr(text) {
  const open = [];
  let clusters = 0;
  const lines = text.replace(/^ {4}properties \{\n.*\n {4}\}\n/m, "").split("\n").filter((line) => {
    if (line.trim() === "}") return !open.pop();
    if (line.trimEnd().endsWith("{")) open.push(/^\s*group /.test(line));
    clusters += Number(/^\s*group /.test(line));
    return !/^\s*group /.test(line);
  });
  const { StructurizrLexer, StructurizrParser } = structurizr;
  const read = StructurizrLexer.tokenize(lines.join("\n"));
  StructurizrParser.input = read.tokens;
  StructurizrParser.workspaceWrapper();
  const errors = [...read.errors, ...StructurizrParser.errors].map((error) => error.message);
  if (errors.length > 0) throw new Error(errors.join("; "));
  const count = (pattern) => lines.filter((line) => pattern.test(line)).length;
  return { nodes: count(/ = container "/), edges: count(/ -> /), clusters };
}

const readers = { mermaid: ofMermaid, d2: ofD2, dot: ofDot, structurizr: ofStructurizr };
let graphs = 0;
async function check(name, model) {
  const file = join(work, "model.json");
  writeFileSync(file, JSON.stringify(model));
  const used = new Set();
  for (const node of model.nodes) {
    const of = (id) => model.clusters?.find((cluster) => cluster.id === id);
    for (let at = of(node.cluster); at && !used.has(at.id); at = of(at.cluster)) used.add(at.id);
  }
  for (const [format, read] of Object.entries(readers)) {
    const text = run("diagram", file, "--format", format);
    try {
      const got = await read(text);
      // A cluster that stands twice under one title counts once in Mermaid, where it is known by its title only.
      const titles = new Set([...used].map((id) => model.clusters.find((cluster) => cluster.id === id).label));
      // Structurizr knows no line from a thing to itself and no two between the same things.
      const lines = new Set(model.edges.filter(({ from, to }) => from !== to).map(({ from, to }) => JSON.stringify([from, to])));
      const edges = format === "structurizr" ? lines.size : model.edges.length;
      const wanted = { nodes: model.nodes.length, edges, clusters: format === "mermaid" ? titles.size : used.size };
      if (JSON.stringify(got) !== JSON.stringify(wanted)) throw new Error(`${JSON.stringify(got)}, wanted ${JSON.stringify(wanted)}`);
    } catch (error) {
      fail(`${name} as ${format}: ${error.message}\n${text}`);
    }
  }
  graphs += 1;
}

for (const name of readdirSync(join(root, "tests/diagrams")).filter((name) => name.endsWith(".json"))) {
  await check(name, JSON.parse(readFileSync(join(root, "tests/diagrams", name), "utf8")));
}
const hostile = ['a "quoted" name', "end", "x; y # z", "[b] {c} (d) <e>", "`run` $(id)", "back\\slash", "日本語 naïve", "-->", "|pipe| & amp", "${var} %% %c"];
await check("hostile names", {
  nodes: hostile.map((label, at) => ({ id: label, label, kind: ["service", "database", "queue", "cache", "client"][at % 5], cluster: hostile[at % 3] })),
  edges: hostile.map((label, at) => ({ from: label, to: hostile[(at + 1) % hostile.length], label })),
  clusters: hostile.slice(0, 3).map((label) => ({ id: label, label })),
});
// Graphs of a plan are known by their drawings: all four readers must find the same in them.
const endings = { mermaid: "mmd", d2: "d2", dot: "dot", structurizr: "dsl" };
for (const example of readdirSync(join(root, "examples"))) {
  const plan = join(root, "examples", example, "TODO_backend-architect.md");
  if (!existsSync(plan)) continue;
  const found = {};
  for (const [format, read] of Object.entries(readers)) {
    const folder = join(work, example, format);
    run("export", plan, "--to", format, "-o", folder);
    for (const file of readdirSync(folder)) {
      const text = readFileSync(join(folder, file), "utf8");
      const { nodes, edges } = await read(text).catch((error) => fail(`${example}/${file}: ${error.message}\n${text}`));
      (found[file.replace(`.${endings[format]}`, "")] ??= []).push(`${nodes} nodes, ${edges} edges`);
    }
  }
  for (const [name, sizes] of Object.entries(found)) {
    if (sizes.length !== 4 || new Set(sizes).size !== 1) fail(`${example}, ${name}: ${sizes.join("; ")}`);
    graphs += 1;
  }
}
console.log(`${graphs} graphs, each read back from four formats`);
process.exit(0);
