// The JSON Schema with its modeline in the YAML language server that editors use.
//   node yaml-schema.mjs PROGRAM   NODE_MODULES names the packages
import { createRequire } from 'node:module';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const modules = resolve(process.env.NODE_MODULES ?? 'node_modules');
const lsp = createRequire(join(modules, 'x.js'))('vscode-languageserver-protocol/node');
const program = resolve(process.argv[2]);
const folder = mkdtempSync(join(tmpdir(), 'archplan-schema-'));
const made = spawnSync(program, ['init', '--preset', 'shop', '--schema'], { cwd: folder, encoding: 'utf8' });
assert.equal(made.status, 0, made.stderr);
const text = readFileSync(join(folder, 'req.yaml'), 'utf8');
assert.match(text, /^# yaml-language-server: \$schema=req\.schema\.json$/m);
assert.equal(spawnSync(program, ['lint', '--select', 'R', 'req.yaml'], { cwd: folder }).status, 0);

const server = spawn(process.execPath, [join(modules, 'yaml-language-server/bin/yaml-language-server'), '--stdio'], { cwd: folder });
const link = lsp.createProtocolConnection(new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));
let shown = [];
link.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => shown.push(params));
link.onRequest(lsp.ConfigurationRequest.type, (params) => params.items.map(() => ({ schemaStore: { enable: false }, validate: true })));
link.onRequest(lsp.RegistrationRequest.type, () => null);
link.listen();
const uri = pathToFileURL(join(folder, 'req.yaml')).href;
await link.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid, rootUri: pathToFileURL(folder).href, workspaceFolders: null, capabilities: { workspace: { configuration: true } },
});
await link.sendNotification(lsp.InitializedNotification.type, {});
await link.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'yaml', version: 1, text } });
const found = async (version) => {
    for (let round = 0; round < 100; round++) {
        await new Promise((go) => setTimeout(go, 100));
        const last = shown.findLast((one) => one.version === undefined || one.version === version);
        if (last && round > 15) return last.diagnostics.map((one) => one.message);
    }
    throw new Error('no diagnostics within 10 s');
};
assert.deepEqual(await found(1), [], 'what init writes is clean under the schema');
shown = [];
const broken = text.replace(/^team:$/m, 'team:\n  developrs: 3').replace(/^traffic:$/m, 'traffic:\n  shape: wavy');
assert.notEqual(broken, text);
await link.sendNotification(lsp.DidChangeTextDocumentNotification.type, { textDocument: { uri, version: 2 }, contentChanges: [{ text: broken }] });
const messages = (await found(2)).join('\n');
assert.match(messages, /developrs/);
const hover = await link.sendRequest(lsp.HoverRequest.type, { textDocument: { uri }, position: { line: broken.split('\n').findIndex((line) => line.startsWith('  developers:')), character: 4 } });
assert.match(JSON.stringify(hover), /[Dd]evelopers/);
server.kill();
rmSync(folder, { recursive: true });
console.log('JSON Schema: the modeline works in the YAML language server');
process.exit(0);
