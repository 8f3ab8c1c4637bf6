// The problem matchers of the tasks and of the extension on what `archplan lint` really prints, in the engine that VS Code runs them in.
//   node matcher.mjs PROGRAM
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const program = resolve(process.argv[2]);
const editors = join(dirname(fileURLToPath(import.meta.url)), '../../editors');
const read = (file) => JSON.parse(readFileSync(join(editors, file), 'utf8'));
const tasks = read('vscode-tasks.json').tasks;
const matchers = read('vscode/package.json').contributes.problemMatchers;
const patterns = [...tasks.map((task) => task.problemMatcher), ...matchers].map((one) => one.pattern).filter(Boolean);

const folder = mkdtempSync(join(tmpdir(), 'archplan-matcher-'));
const broken = 'archplan: 1\nproject: {name: Pastebox}\nteam: {developers: 2}\nusers: {montly: 4000}\ntargets: {p95: 2s, p99: 1s}\n';
writeFileSync(join(folder, 'req.yaml'), broken);
writeFileSync(join(folder, 'a b.md'), '# TODO: backend architecture of x\n\n- [ ] **TASK-1.1 [a]**:\n  - **After**: TASK-9.9\n');
const lint = tasks.find((task) => task.label === 'archplan: lint');
const said = spawnSync(program, lint.args, { cwd: folder, encoding: 'utf8' });
assert.equal(said.status, 1, said.stderr);
const lines = said.stdout.trimEnd().split('\n');
const json = JSON.parse(spawnSync(program, ['lint', '--format', 'json'], { cwd: folder, encoding: 'utf8' }).stdout);
assert.equal(lines.length, json.findings.length);
for (const pattern of patterns) {
    const regexp = new RegExp(pattern.regexp);
    lines.forEach((line, at) => {
        const found = regexp.exec(line);
        assert.ok(found, `no match: ${line}`);
        const finding = json.findings[at];
        const seen = [found[pattern.file], Number(found[pattern.line]), Number(found[pattern.column]), found[pattern.severity], found[pattern.code]];
        assert.deepEqual(seen, [finding.path, finding.line, finding.column, finding.severity, finding.rule]);
    });
    assert.ok(!regexp.test('2 file(s) checked'), 'what was checked is no finding');
}

// The begin and end lines of a background task, from a run that really watches.
const watch = tasks.find((task) => task.isBackground);
const { beginsPattern, endsPattern } = watch.problemMatcher.background;
const running = spawn(program, watch.args, { cwd: folder });
const seen = [];
await new Promise((take, refuse) => {
    const late = setTimeout(() => refuse(new Error(`no second run: ${seen.join('\n')}`)), 30_000);
    const line = (text) => {
        seen.push(...text.toString().trimEnd().split('\n'));
        const ends = seen.filter((one) => new RegExp(endsPattern).test(one)).length;
        if (ends === 1 && !seen.changed) {
            seen.changed = true;
            setTimeout(() => appendFileSync(join(folder, 'req.yaml'), '# changed\n'), 300);
        }
        if (ends >= 2) { clearTimeout(late); take(); }
    };
    running.stdout.on('data', line);
    running.stderr.on('data', line);
});
running.kill();
assert.ok(seen.filter((one) => new RegExp(beginsPattern).test(one)).length >= 2);
rmSync(folder, { recursive: true });
console.log(`problem matchers: ${patterns.length} patterns match ${lines.length} lines, and a watched run begins and ends`);
