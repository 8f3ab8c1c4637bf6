// A session of the language server with the protocol library that VS Code itself uses, and how long an edit takes to its diagnostics.
//   node lsp-client.mjs PROGRAM FOLDER   FOLDER holds req.yaml and TODO_backend-architect.md; NODE_MODULES names the packages
import { createRequire } from 'node:module';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import assert from 'node:assert/strict';

const require = createRequire(resolve(process.env.NODE_MODULES ?? 'node_modules', 'x.js'));
const lsp = require('vscode-languageserver-protocol/node');
const [program, folder] = process.argv.slice(2).map((word) => resolve(word));

const server = spawn(program, ['lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
const link = lsp.createProtocolConnection(
    new lsp.StreamMessageReader(server.stdout), new lsp.StreamMessageWriter(server.stdin));
const waiting = [];
link.onNotification(lsp.PublishDiagnosticsNotification.type, (params) => {
    for (const one of waiting.splice(0)) {
        if (one.fits(params)) one.take(params); else waiting.push(one);
    }
});
const published = (fits) => new Promise((take, refuse) => {
    waiting.push({ fits, take });
    setTimeout(() => refuse(new Error('no diagnostics within 20 s')), 20_000).unref();
});
link.listen();

const answer = await link.sendRequest(lsp.InitializeRequest.type, {
    processId: process.pid, rootUri: pathToFileURL(folder).href, workspaceFolders: null,
    capabilities: {
        general: { positionEncodings: ['utf-16'] },
        workspace: { workspaceEdit: { documentChanges: true } },
        textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } },
    },
});
assert.equal(answer.capabilities.positionEncoding, 'utf-16');
await link.sendNotification(lsp.InitializedNotification.type, {});

const files = {};
const open = async (name, languageId) => {
    const uri = pathToFileURL(join(folder, name)).href;
    const text = readFileSync(join(folder, name), 'utf8');
    files[name] = { uri, text, version: 1 };
    const first = published((params) => params.uri === uri);
    await link.sendNotification(lsp.DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
    await first;
    return files[name];
};
const req = await open('req.yaml', 'yaml');
const plan = await open('TODO_backend-architect.md', 'markdown');
const place = (file, word, more = 0) => {
    const before = file.text.slice(0, file.text.indexOf(word) + more);
    return {
        textDocument: { uri: file.uri },
        position: { line: before.split('\n').length - 1, character: before.length - before.lastIndexOf('\n') - 1 },
    };
};
const hover = await link.sendRequest(lsp.HoverRequest.type, place(req, 'team', 1));
assert.match(hover.contents.value, /team/);
const symbols = await link.sendRequest(lsp.DocumentSymbolRequest.type, { textDocument: { uri: plan.uri } });
assert.ok(symbols[0].children.some((child) => child.name === 'Architecture Plan'));
const items = await link.sendRequest(lsp.CompletionRequest.type, place(req, 'team', 1));
assert.ok(Array.isArray(items.items));
const lens = await link.sendRequest(lsp.CodeLensRequest.type, { textDocument: { uri: req.uri } });
assert.match(lens[0].command.title, /stage \d/);
const hints = await link.sendRequest(lsp.InlayHintRequest.type, {
    textDocument: { uri: req.uri }, range: { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } },
});
assert.ok(hints.length > 0);

// One character more at the end of the file, as if typed, to the diagnostics of that version.
const typed = async (file) => {
    const times = [];
    for (let round = 0; round < 7; round++) {
        // Long enough for the full check, which comes when nothing is typed.
        await new Promise((go) => setTimeout(go, 1500));
        file.version += 1;
        const lines = file.text.split('\n');
        const end = { line: lines.length - 1, character: lines.at(-1).length };
        const text = round === 0 ? '\n#' : 'x';
        file.text += text;
        const version = file.version;
        const shown = published((params) => params.uri === file.uri && params.version === version);
        const begun = performance.now();
        await link.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
            textDocument: { uri: file.uri, version }, contentChanges: [{ range: { start: end, end }, text }],
        });
        await shown;
        times.push(performance.now() - begun);
    }
    // Noise only adds.
    return Math.min(...times);
};
for (const [name, file] of Object.entries(files)) {
    const bytes = Buffer.byteLength(file.text);
    const least = await typed(file);
    console.log(`${name}, ${(bytes / 1000).toFixed(0)} KB: ${least.toFixed(1)} ms from edit to diagnostics`);
    const most = Number(process.env.MOST_MS ?? (bytes <= 30_000 ? 10 : 60));
    assert.ok(least <= most, `${name}: ${least} ms, at most ${most}`);
}

await link.sendRequest(lsp.ShutdownRequest.type);
await link.sendNotification(lsp.ExitNotification.type);
const code = await new Promise((take) => server.on('exit', take));
assert.equal(code, 0);
console.log('language server: a session of the editor\'s own client holds');
process.exit(0);
