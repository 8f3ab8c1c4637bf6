// Starts `archplan lsp` for requirements and plans, and starts it anew when its settings change.
import * as vscode from 'vscode';
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

const FILES: LanguageClientOptions['documentSelector'] = [
    { scheme: 'file', pattern: '**/req.yaml' },
    { scheme: 'file', pattern: '**/*.req.yaml' },
    { scheme: 'file', language: 'markdown', pattern: '**/TODO_backend-architect.md' },
];

async function start(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('archplan');
    const words = settings.get<string[]>('arguments', []);
    const server: ServerOptions = { command: settings.get<string>('path', 'archplan'), args: [...words, 'lsp', '--stdio'] };
    const watched = vscode.workspace.createFileSystemWatcher('**/{req.yaml,*.req.yaml,TODO_backend-architect.md,archplan.toml}');
    client = new LanguageClient('archplan', 'archplan', server, {
        documentSelector: FILES,
        synchronize: { fileEvents: watched },
    });
    try {
        await client.start();
    } catch (error) {
        void vscode.window.showErrorMessage(`archplan cannot start: ${String(error)}. Set archplan.path to the program.`);
    }
}

async function stop(): Promise<void> {
    const running = client;
    client = undefined;
    await running?.stop();
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    const restart = async (): Promise<void> => {
        await stop();
        await start();
    };
    context.subscriptions.push(
        vscode.commands.registerCommand('archplan.restart', restart),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration('archplan')) void restart();
        }),
    );
    await start();
}

export async function deactivate(): Promise<void> {
    await stop();
}
