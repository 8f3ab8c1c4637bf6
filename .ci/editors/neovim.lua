-- A session in a real Neovim: nvim --headless -u NONE -l is newer than what distributions have, so: nvim --headless -u NONE -S neovim.lua
-- PROGRAM and SNIPPET are set in the environment, the working folder holds req.yaml with an unknown key in line 4.
local function fail(message)
  io.stderr:write('neovim: ' .. message .. '\n')
  vim.cmd('cquit 1')
end

local snippet = dofile(os.getenv('SNIPPET'))
vim.cmd('edit req.yaml')
local buffer = vim.api.nvim_get_current_buf()
local root
snippet.root_dir(buffer, function(folder) root = folder end)
if not root then fail('the snippet does not know req.yaml') end
local command = vim.deepcopy(snippet.cmd)
command[1] = os.getenv('PROGRAM')
local client = vim.lsp.start_client({ name = 'archplan', cmd = command, root_dir = root })
vim.lsp.buf_attach_client(buffer, client)
if not vim.wait(20000, function() return #vim.diagnostic.get(buffer) > 0 end, 50) then fail('no diagnostics') end
local found
for _, one in ipairs(vim.diagnostic.get(buffer)) do
  if one.code == 'unknown-key' then found = one end
end
if not found or found.lnum ~= 3 then fail('the unknown key is not shown in its line') end
local answers = vim.lsp.buf_request_sync(buffer, 'textDocument/hover',
  { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = 2, character = 8 } }, 10000)
local answer = answers and answers[client] and answers[client].result
if not answer or not answer.contents.value:find('developers') then fail('no hover') end
print('Neovim: diagnostics and hover are shown\n')
vim.cmd('qall!')
